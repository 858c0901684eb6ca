"""The second boundary: tables that are about to be published."""

from __future__ import annotations

from datetime import date

from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings


def audit(settings: Settings, as_of: date) -> StageReport:
    """Audit the tables to publish (see `expectations.published.auditing`); imports GX, which is slow, late."""
    from expectations.published.auditing import audit as run

    return run(settings, as_of)
