"""Homes that tests only read and copy: built once for all processes, and again when the code or the seeds change."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from warehouse.core.settings import PROJECT

CODE = ("dags", "dbt_project", "demo", "expectations", "ml", "pipeline", "warehouse")
FILES = (
    "rapport.py",
    "rapport.yml",
    "requirements.lock",
    "tests/company.py",
    "tests/e2e/conftest.py",
    "tests/ml/conftest.py",
)
#: Written by dbt and Python, not read by them.
WRITTEN = {"__pycache__", "logs", "target"}
KEEP_SECONDS = 3 * 3600
HOMES = PROJECT / ".pytest_cache" / "homes"


def code_hash() -> str:
    """Hash of everything that a night's tables follow from: code, models, seeds, configuration, locked packages."""
    found = hashlib.sha256()
    places = [PROJECT / name for name in (*CODE, *FILES)]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file()]
    for file in sorted(files):
        if not WRITTEN & set(file.parts):
            found.update(f"{file.relative_to(PROJECT)}\n".encode() + file.read_bytes())
    return found.hexdigest()[:16]


#: Taken when tests are collected, so that all processes of a run agree although a file is edited meanwhile.
CODE_HASH = code_hash()


def built_once(name: str, build: Callable[[Path], object]) -> Path:
    """The folder `name`, filled by `build(folder)` where no process has filled it for this code yet.

    A second process waits for the first. A build that failed or was killed is begun again.
    """
    homes = HOMES / CODE_HASH
    homes.mkdir(parents=True, exist_ok=True)
    folder, whole = homes / name, homes / f"{name}.whole"
    with (homes / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            whole.touch()
    _remove_outdated(homes)
    return folder


def _remove_outdated(homes: Path) -> None:
    """Removes homes of other code, unless a run that started lately may still read them."""
    for other in HOMES.iterdir():
        if other != homes and time.time() - other.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(other, ignore_errors=True)
