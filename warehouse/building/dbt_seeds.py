"""Seeds seldom change: a night loads and tests them only when they did."""

from __future__ import annotations

from pathlib import Path

from warehouse.building.seeds import seeds_digest
from warehouse.core.settings import Settings


def holds_seeds(settings: Settings, is_kept: bool) -> bool:
    """Whether a warehouse that was kept (not made anew) holds the seeds as they are now.

    Where it does not, what it holds is forgotten until `remember_seeds`: a run that fails halfway loads them again.
    """
    marker = _marker(settings)
    if is_kept and marker.exists() and marker.read_text(encoding="utf-8") == seeds_digest(settings):
        return True
    marker.unlink(missing_ok=True)
    return False


def remember_seeds(settings: Settings) -> None:
    """Note that the warehouse holds the seeds as they are now."""
    _marker(settings).write_text(seeds_digest(settings), encoding="utf-8")


def _marker(settings: Settings) -> Path:
    return settings.home / "dbt" / "loaded_seeds"
