"""Seeds seldom change: a night loads and tests them only when they did."""

from __future__ import annotations

import hashlib
from pathlib import Path

from warehouse.building.dbt_process import DBT_PROJECT
from warehouse.core.settings import Settings


def holds_seeds(settings: Settings, is_kept: bool) -> bool:
    """Whether a warehouse that was kept (not made anew) holds the seeds as they are now.

    Where it does not, what it holds is forgotten until `remember_seeds`: a run that fails halfway loads them again.
    """
    marker = _marker(settings)
    if is_kept and marker.exists() and marker.read_text(encoding="utf-8") == _fingerprint():
        return True
    marker.unlink(missing_ok=True)
    return False


def remember_seeds(settings: Settings) -> None:
    """Note that the warehouse holds the seeds as they are now."""
    _marker(settings).write_text(_fingerprint(), encoding="utf-8")


def _marker(settings: Settings) -> Path:
    return settings.home / "dbt" / "loaded_seeds"


def _fingerprint() -> str:
    files = sorted(file for file in (DBT_PROJECT / "seeds").rglob("*") if file.suffix in (".csv", ".yml"))
    return hashlib.sha256(b"\0".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()
