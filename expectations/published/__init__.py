"""The second boundary: what is about to be published."""

from __future__ import annotations

from datetime import date

from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings


def audit(settings: Settings, as_of: date) -> StageReport:
    """Audit what is to be published (see `expectations.published.auditing`); GX, slow to import, only when called."""
    from expectations.published.auditing import audit as run

    return run(settings, as_of)
