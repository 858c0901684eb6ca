"""Kano model: evaluation table, categories and coefficients."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.dbt_project.surveys import statistics
from tests.dbt_project.surveys.conftest import Reader, seed
from tests.dbt_project.surveys.small_company import SEGMENT
from tests.dbt_project.surveys.test_servqual_gaps import last_answers

ORDER = ["must_be", "one_dimensional", "attractive", "indifferent", "reverse", "questionable"]


def category(functional: int, dysfunctional: int) -> str:
    """The evaluation table of Berger et al. (1993), written as a rule."""
    if (functional, dysfunctional) in ((1, 1), (5, 5)):
        return "questionable"
    if functional == 5 or dysfunctional == 1:
        return "reverse"
    if functional == 1:
        return "one_dimensional" if dysfunctional == 5 else "attractive"
    return "must_be" if dysfunctional == 5 else "indifferent"


def test_the_seed_is_the_standard_table() -> None:
    table = {
        (int(row["functional_answer"]), int(row["dysfunctional_answer"])): row["category"]
        for row in seed("kano_evaluation")
    }
    assert table == {
        (with_it, without): category(with_it, without) for with_it in range(1, 6) for without in range(1, 6)
    }


@pytest.mark.parametrize("feature", ["tracking", "call_back"])
@pytest.mark.parametrize("segment", ["all", "consumer", "unknown"])
def test_categories_and_coefficients_follow_from_the_pairs(published: Reader, feature: str, segment: str) -> None:
    answers = last_answers()
    pairs = answers[[f"kano_{feature}_functional", f"kano_{feature}_dysfunctional"]].dropna().astype(int)
    members = [customer for customer in pairs.index if segment in ("all", SEGMENT[customer])]
    counts = Counter(category(*pair) for pair in pairs.loc[members].to_numpy())
    row = published("kano_features", "feature", "segment").loc[(feature, segment)]
    assert {name: row[f"{name}_count"] for name in ORDER} == {name: counts[name] for name in ORDER}
    first, second = sorted(ORDER, key=lambda name: (-counts[name], ORDER.index(name)))[:2]
    total = len(members)
    assert (row["category"], row["second_category"]) == (first, second)
    assert row["category_share"] == pytest.approx(counts[first] / total, abs=1e-5)
    assert (row["category_share_low"], row["category_share_high"]) == pytest.approx(
        statistics.wilson(counts[first], total), abs=1e-5
    )
    lead = counts[first] - counts[second]
    assert row["is_category_certain"] == (lead > 1.96 * (counts[first] + counts[second] - lead**2 / total) ** 0.5)
    deciding = sum(counts[name] for name in ORDER[:4])
    better, worse = counts["attractive"] + counts["one_dimensional"], counts["one_dimensional"] + counts["must_be"]
    assert (row["better"], row["worse"]) == pytest.approx((better / deciding, -worse / deciding), abs=1e-5)
    low, high = statistics.wilson(worse, deciding)
    assert (row["worse_low"], row["worse_high"]) == pytest.approx((-high, -low), abs=1e-5)
