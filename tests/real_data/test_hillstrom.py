"""Hillstrom: a real randomised test, evaluated by the methods for the company's own tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluations import Evaluation
from tests.evaluations.hillstrom import CONTROL, DATA, OUTCOMES, evaluate, read


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    if not DATA.is_dir():
        pytest.skip(f"the shared data set hillstrom is not at {DATA}")
    return evaluate(Path(tmp_path_factory.mktemp("hillstrom")))


def test_effects_equal_those_of_the_raw_file_and_are_significantly_positive(evaluation: Evaluation) -> None:
    means: dict[Any, Any] = read().groupby("segment")[list(OUTCOMES)].mean().T.to_dict()
    for arm in ("Mens E-Mail", "Womens E-Mail"):
        for outcome in OUTCOMES:
            name = f"{arm.split()[0].lower()}_{outcome}"
            expected = means[arm][outcome] - means[CONTROL][outcome]
            assert evaluation.figures[name] == pytest.approx(expected, abs=1e-9)
            assert 0 < evaluation.figures[f"{name}_low"] < expected < evaluation.figures[f"{name}_high"]


def test_the_arms_are_of_the_planned_sizes(evaluation: Evaluation) -> None:
    assert evaluation.figures["n"] == 64_000
    assert min(evaluation.figures["mens_ratio_p"], evaluation.figures["womens_ratio_p"]) > 0.05


def test_the_learner_ranks_the_customers_that_the_womens_mail_changes(evaluation: Evaluation) -> None:
    assert evaluation.figures["womens_qini_low"] > 0.002
    assert evaluation.figures["mens_qini_high"] > 0  # that mail brings about everybody alike
