"""Response rates, differences between respondents and nonrespondents, and weighted scores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.dbt_project.surveys import statistics
from tests.dbt_project.surveys.conftest import Reader
from tests.dbt_project.surveys.small_company import INVITATIONS, NIGHT, ORDERS, RESPONSES, SEGMENT, TICKETS, Rows


@pytest.fixture(scope="module")
def invitations() -> pd.DataFrame:
    frame = pd.DataFrame(INVITATIONS).merge(
        pd.DataFrame(RESPONSES)[["invitation_id", "responded_at", "csat", "nps"]], how="left", on="invitation_id"
    )
    frame["answered"] = frame["responded_at"] <= frame["sent_at"] + timedelta(days=14)
    frame["days_ago"] = (pd.Timestamp(NIGHT) - frame["sent_at"].dt.normalize()).dt.days - 14
    frame["segment"] = frame["customer_id"].map(SEGMENT)
    frame["tickets"] = [history(TICKETS, "opened_at", None, row) for row in frame.itertuples()]
    frame["spend"] = [history(ORDERS, "ordered_at", "amount_cents", row) for row in frame.itertuples()]
    frame["overall"] = "all"
    return frame


def history(rows: Rows, at: str, amount: str | None, invitation: Any) -> float:
    """Number, or amount, of the customer's rows in the 90 days before the invitation."""
    sent = invitation.sent_at
    found = [
        row
        for row in rows
        if row["customer_id"] == invitation.customer_id and sent - timedelta(days=90) <= row[at] < sent
    ]
    return float(sum(row[amount] for row in found) if amount else len(found))


def standardised(values: pd.Series, answered: pd.Series) -> float:
    one, other = values[answered], values[~answered]
    return float((one.mean() - other.mean()) / np.sqrt((one.var() + other.var()) / 2))


@pytest.mark.parametrize("dimension", ["overall", "segment", "channel", "touchpoint"])
@pytest.mark.parametrize("window", [28, 90])
def test_rates_differences_and_weighted_scores_follow_from_the_invitations(
    published: Reader, invitations: pd.DataFrame, dimension: str, window: int
) -> None:
    table = published("survey_response_rates", "dimension", "window_days", "dimension_value").loc[(dimension, window)]
    ripe = invitations[invitations["days_ago"].between(1, window)]
    assert set(table.index) == set(ripe[dimension])
    for value, group in ripe.groupby(dimension):
        row, answered = table.loc[value], group["answered"]
        assert (row["invited_count"], row["response_count"]) == (len(group), answered.sum())
        assert (row["response_share_low"], row["response_share_high"]) == pytest.approx(
            statistics.wilson(answered.sum(), len(group)), abs=1e-5
        )
        if min(answered.sum(), (~answered).sum()) > 1 and group["tickets"].std() > 0:
            assert row["ticket_difference"] == pytest.approx(standardised(group["tickets"], answered), abs=1e-4)
            assert row["spend_difference"] == pytest.approx(standardised(group["spend"], answered), abs=1e-4)
        if answered.any():
            assert row["csat_raw"] == pytest.approx(group.loc[answered, "csat"].mean(), abs=1e-5)
            assert (row["csat_weighted"], row["design_effect"]) == pytest.approx(weighted(group), abs=1e-4)


def weighted(group: pd.DataFrame) -> tuple[float, float]:
    """Weighted mean CSAT and Kish's design effect; the weight is invitations over answers in the cell."""
    cells = [group["touchpoint"], group["segment"], group["tickets"] > 0]
    weight = group.groupby(cells)["answered"].transform(lambda answered: len(answered) / max(answered.sum(), 1))
    answers = group[group["answered"]]
    weights = weight[group["answered"]]
    return float(np.average(answers["csat"], weights=weights)), float(
        len(weights) * (weights**2).sum() / weights.sum() ** 2
    )


def test_a_score_of_one_touchpoint_is_weighted_within_it(published: Reader) -> None:
    table = published("survey_response_rates", "dimension", "dimension_value", "window_days")
    columns = ["nps_count", "nps_raw", "nps_weighted"]
    overall, relationship = table.loc[("overall", "all", 90)], table.loc[("touchpoint", "relationship", 90)]
    assert list(overall[columns]) == pytest.approx(list(relationship[columns]))
