"""Which tests share a process where tests run in several (`--dist loadgroup`)."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: Folders whose tests share what is built once for all of them; elsewhere those of a file do.
SHARED = ("e2e", "dbt_project/journey", "dbt_project/service", "dbt_project/surveys", "dbt_project/value")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.parent.relative_to(TESTS).as_posix()
        group = folder if folder in SHARED else item.path.relative_to(TESTS).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
