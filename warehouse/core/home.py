"""One home, one company, one night at a time: claims `RAPPORT_HOME` before anything is written to it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings

_held: set[Path] = set()


@contextmanager
def claim(settings: Settings) -> Iterator[None]:
    """Hold the home for this process; the lock ends with the process, however it ends. A process may claim again what
    it holds.

    Raises:
        ConfigurationError: where the home holds another company's data, or another run is writing to it.
    """
    if settings.home in _held:
        yield
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(f"{settings.home}: another run is writing here; wait until it ends") from error
        _check_company(settings)
        _held.add(settings.home)
        try:
            yield
        finally:
            _held.discard(settings.home)


def _check_company(settings: Settings) -> None:
    record = settings.home / "company"
    company = settings.config.company
    if not record.exists():
        record.write_text(company + "\n", encoding="utf-8")
    holds = record.read_text(encoding="utf-8").strip()
    if holds != company:
        raise ConfigurationError(
            f"{settings.home}: holds the data of '{holds}', and {settings.config_path} is for '{company}'; "
            "set RAPPORT_HOME to a folder of its own"
        )
