"""Puts every test into one tier, the longest first, and decides which tests share a process (`--numprocesses 2`)."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.tiers import place_in_order, scope_of, tier_of

pytest_plugins = ["tests.postgres"]


class Scheduling(LoadScopeScheduling):
    """By file, as `--dist loadfile`, and by folder where a folder shares."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = tier_of(item.nodeid, [marker.name for marker in item.iter_markers()])
        if item.get_closest_marker(tier) is None:
            item.add_marker(tier)
    items.sort(key=lambda item: place_in_order(item.nodeid))
