"""SERVQUAL: paired gaps, importance and their intervals, recomputed from the questionnaires."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.dbt_project.surveys import statistics
from tests.dbt_project.surveys.conftest import Reader
from tests.dbt_project.surveys.small_company import ANSWERS, RESPONSES, SEGMENT

DIMENSIONS = ["reliability", "responsiveness", "assurance", "empathy", "tangibles"]


def last_answers() -> pd.DataFrame:
    """Last answer of each customer to each question (rows: questions, columns: customers)."""
    frame = pd.DataFrame(ANSWERS).merge(pd.DataFrame(RESPONSES)[["response_id", "customer_id", "responded_at"]])
    frame = frame.sort_values(["responded_at", "response_id"]).drop_duplicates(
        ["customer_id", "question_code"], keep="last"
    )
    return frame.pivot(index="customer_id", columns="question_code", values="answer_value")


@pytest.fixture(scope="module")
def questionnaires() -> pd.DataFrame:
    return last_answers()


def weights_of(questionnaires: pd.DataFrame) -> tuple[pd.Series, int]:
    points = questionnaires[[f"servqual_{dimension}_importance" for dimension in DIMENSIONS]].dropna()
    shares = points.div(points.sum(axis=1), axis=0).mean()
    return pd.Series(shares.to_numpy() / shares.sum(), index=DIMENSIONS), len(points)


def test_gaps_are_paired_per_respondent_with_a_t_interval(published: Reader, questionnaires: pd.DataFrame) -> None:
    table = published("servqual_gaps", "segment", "servqual_dimension")
    for segment in ("all", "consumer", "family"):
        members = [customer for customer in questionnaires.index if segment in ("all", SEGMENT[customer])]
        for dimension in DIMENSIONS:
            sides = questionnaires.loc[
                members, [f"servqual_{dimension}_{side}" for side in ("expectation", "perception")]
            ]
            pairs = sides.dropna().to_numpy()
            gaps = pairs[:, 1] - pairs[:, 0]
            row = table.loc[(segment, dimension)]
            assert row["respondent_count"] == len(gaps)
            assert row["expectation"] == pytest.approx(pairs[:, 0].mean(), abs=1e-5)
            assert row["perception"] == pytest.approx(pairs[:, 1].mean(), abs=1e-5)
            assert row["gap"] == pytest.approx(gaps.mean(), abs=1e-5)
            assert (row["gap_low"], row["gap_high"]) == pytest.approx(statistics.student(gaps), abs=2e-3)
            assert row["is_reportable"] == (len(gaps) >= 30)


def test_importance_is_the_mean_share_of_points_and_small_segments_use_that_of_all(
    published: Reader, questionnaires: pd.DataFrame
) -> None:
    table = published("servqual_gaps", "segment", "servqual_dimension")
    everybody, total = weights_of(questionnaires)
    sources = set()
    for segment in ("all", "consumer", "family", "business"):
        members = [customer for customer in questionnaires.index if segment in ("all", SEGMENT[customer])]
        own, count = weights_of(questionnaires.loc[members])
        # Points are distributed over the dimensions answered, so only complete respondents are comparable here.
        expected, source = (own, "segment_answers") if count >= 30 else (everybody, "all_answers")
        source = "all_answers" if segment == "all" else source
        rows = table.loc[segment].drop("all")
        assert set(rows["weight_source"]) == {source}
        assert rows["importance_weight"].sum() == pytest.approx(1, abs=1e-5)
        assert rows["importance_weight"].to_numpy() == pytest.approx(expected[rows.index].to_numpy(), abs=0.01)
        weighted = rows["importance_weight"] * rows["gap"]
        assert rows["weighted_gap"].to_numpy() == pytest.approx(weighted.to_numpy(), abs=1e-5)
        assert list(rows.sort_values("priority_rank").index) == list(weighted.sort_values().index)
        sources.add(source)
    assert total >= 30
    assert "all_answers" in sources


def test_the_total_is_the_weighted_gap_of_complete_respondents(published: Reader, questionnaires: pd.DataFrame) -> None:
    table = published("servqual_gaps", "segment", "servqual_dimension").loc["all"]
    sides = [
        questionnaires[[f"servqual_{dimension}_{side}" for dimension in DIMENSIONS]].to_numpy()
        for side in ("perception", "expectation")
    ]
    totals = (sides[0] - sides[1]) @ table.loc[DIMENSIONS, "importance_weight"].to_numpy()
    totals = totals[~np.isnan(totals)]
    assert table.loc["all", "respondent_count"] == len(totals)
    assert table.loc["all", "gap"] == pytest.approx(totals.mean(), abs=1e-4)
    assert table.loc["all", "gap_low"] == pytest.approx(statistics.student(totals)[0], abs=2e-3)
