"""The first boundary: the rows that landed, before anything is built from them."""

from __future__ import annotations

from datetime import date

from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings


def check(settings: Settings, as_of: date) -> StageReport:
    """Check what the night landed, see `expectations.landed.checking`. Imports GX when called, because it is slow."""
    from expectations.landed.checking import check as run

    return run(settings, as_of)
