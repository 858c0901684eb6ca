"""The first boundary: what landed tonight, before anything is built of it."""

from __future__ import annotations

from datetime import date

from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings


def check(settings: Settings, as_of: date) -> StageReport:
    """Check what the night landed (see `expectations.landed.checking`); GX, slow to import, only when called."""
    from expectations.landed.checking import check as run

    return run(settings, as_of)
