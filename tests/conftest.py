"""Which tests share a process where tests run in several (`--numprocesses 2`)."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.postgres"]

#: Folders whose tests share what is built once for all of them; elsewhere those of a file do.
SHARED = (
    "tests/e2e",
    "tests/dbt_project/journey",
    "tests/dbt_project/service",
    "tests/dbt_project/surveys",
    "tests/dbt_project/value",
)


class Scheduling(LoadScopeScheduling):
    """By file, as `--dist loadfile`, and by folder where a folder shares."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder = file.rpartition("/")[0]
        return folder if folder in SHARED else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Scheduling(config, log)
