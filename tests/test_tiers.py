"""Every test is in exactly one tier, and the Makefile runs each tier."""

from __future__ import annotations

import re

import pytest

from tests.tiers import LONGEST_FIRST, PROOF, SHARED, TIERS, tier_of
from warehouse.core.settings import PROJECT


def test_every_collected_test_is_in_one_tier(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        assert len({marker.name for marker in item.iter_markers()} & set(TIERS)) == 1, item.nodeid


def test_a_test_marked_with_two_tiers_is_refused() -> None:
    assert tier_of("tests/ml/test_x.py::test", ["parametrize"]) == "unit"
    assert tier_of("tests/e2e/test_x.py::test", ["parametrize"]) == "proof"
    assert tier_of("tests/e2e/test_x.py::test", ["slow"]) == "slow"
    with pytest.raises(ValueError, match="proof and slow; a test belongs to one tier"):
        tier_of("tests/ml/test_x.py::test", ["slow", "proof"])


def test_the_folders_and_files_of_the_tiers_are_there() -> None:
    assert [name for name in (*PROOF, *SHARED, *LONGEST_FIRST) if not (PROJECT / name).exists()] == []


def test_each_make_target_runs_what_the_one_before_it_runs() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    selected = re.findall(r'\$\(BIN\)/pytest(?: -m ("[^"]+"|\w+))? \$\(PARALLEL\)', makefile)
    assert selected == ["unit", '"unit or proof"', ""]
    assert re.search(r"^test: .*\blint\b", makefile, re.MULTILINE) and re.search(r"^check: .*\blint\b", makefile, re.M)
