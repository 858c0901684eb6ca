"""Locks `RAPPORT_HOME` for one process, and for one company, before anything is written to it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.core.atomic import write_text
from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings

#: Homes that this process has locked.
_claimed: set[Path] = set()


@contextmanager
def claim(settings: Settings) -> Iterator[None]:
    """Lock the home for this process until the block or the process ends. Claims of one process may be nested.

    Raises:
        ConfigurationError: the home has another company's data, or another run is writing to it.
    """
    if settings.home in _claimed:
        yield
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(f"{settings.home}: another run is writing here; wait until it ends") from error
        _check_company(settings)
        _claimed.add(settings.home)
        try:
            yield
        finally:
            _claimed.discard(settings.home)


def _check_company(settings: Settings) -> None:
    record = settings.home / "company"
    company = settings.config.company
    recorded = record.read_text(encoding="utf-8").strip() if record.exists() else ""
    if not recorded:  # a new home, or a file that a killed run of an earlier version left empty
        write_text(record, company + "\n")
    elif recorded != company:
        raise ConfigurationError(
            f"{settings.home}: holds the data of '{recorded}', and {settings.config_path} is for '{company}'; "
            "set RAPPORT_HOME to a folder of its own"
        )
