"""Causes of low scores: what lowered each score by exact Shapley values, in words with the customer's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml import booster as boosting
from ml.drivers.champion import Champion
from ml.drivers.model import DriverModel, by_driver
from ml.drivers.names import Driver
from ml.drivers.responses import Responses, minimum_sample_of
from ml.lake import read_seed
from ml.reasons.causes import causes_of
from ml.reasons.explain import reasons_of
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

CAUSES, RULES = "satisfaction_root_causes", "root_cause_rules"
#: Largest number of dissatisfied responses that are explained; the latest are kept.
MOST_DISSATISFIED = 20_000
_RESPONSE, _SEGMENT_WEEK = "response", "segment_week"


@dataclass(frozen=True)
class Rule:
    """A score of `at_most` or less is dissatisfied; scores of the last `window_days` are explained."""

    at_most: float
    window_days: int


def read_rule(settings: Settings) -> Rule:
    """The rule of the configured score.

    Raises:
        ModelError: if the seed `root_cause_rules` has no row for it.
    """
    outcome, rules = settings.config.satisfaction.outcome, read_seed(settings, RULES)
    rules = rules[rules["outcome"] == outcome]
    if rules.empty:
        raise ModelError(f"seed {RULES}: expected a row for '{outcome}', found none; add one")
    return Rule(float(rules["at_most"].iloc[0]), int(rules["window_days"].iloc[0]))


def root_causes(settings: Settings, champion: Champion, as_of: date) -> pd.DataFrame:
    """Rows of `root_causes`: up to three causes of every dissatisfied response, and the causes per segment and week."""
    model, responses = champion.model, champion.responses
    rule, minimum_sample = read_rule(settings), minimum_sample_of(settings)
    since = np.datetime64(as_of) - np.timedelta64(rule.window_days, "D")
    dissatisfied = responses.take((responses.outcome <= rule.at_most) & (responses.days >= since))
    dissatisfied = dissatisfied.take(slice(-MOST_DISSATISFIED, None))
    if not len(dissatisfied):
        return pd.DataFrame()
    matrix = dissatisfied.completed(model.features)
    weights = boosting.shapley(model.booster, matrix, model.features)
    causes = _causes_of_responses(settings, model, dissatisfied, weights)
    return pd.concat(
        [causes, _weekly_causes(champion.drivers, dissatisfied, weights, minimum_sample)], ignore_index=True
    )


def _causes_of_responses(
    settings: Settings, model: DriverModel, responses: Responses, weights: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """Causes per response. `reasons_of` expects positive weights to raise a risk, so the signs are reversed."""
    causes = causes_of(model.features, settings.config.currency, read_seed(settings, CAUSES))
    rows = [
        {
            "scope": _RESPONSE,
            "customer_key": responses.customers[number] or None,
            "response_id": responses.response_ids[number],
            "segment": responses.segments[number] or None,
            "week_start": _week(responses.days[number : number + 1])[0],
            "score": responses.outcome[number],
            "cause_rank": rank,
            "cause_code": reason.code.removeprefix("attribute_").removeprefix("column_"),
            "cause_en": reason.english,
            "cause_zh": reason.chinese,
            "contribution": -reason.contribution,
        }
        for number in range(len(responses))
        for rank, reason in enumerate(reasons_of(causes, responses.matrix[number], -weights[number]), start=1)
    ]
    return pd.DataFrame(rows)


def _weekly_causes(
    drivers: Sequence[Driver], responses: Responses, weights: npt.NDArray[np.float64], minimum_sample: float
) -> pd.DataFrame:
    """Causes per segment and week: mean points by which a driver lowered the scores, and its share of these points."""
    lowered = np.minimum(by_driver(weights, drivers), 0)
    frame = pd.DataFrame(lowered, columns=[driver.code for driver in drivers])
    frame = frame.assign(segment=responses.segments, week_start=_week(responses.days))
    parts = []
    for (segment, week), rows in frame[frame["segment"] != ""].groupby(["segment", "week_start"], sort=True):
        means = rows.drop(columns=["segment", "week_start"]).mean()
        total = float(means.sum())
        part = pd.DataFrame(
            {
                "scope": _SEGMENT_WEEK,
                "segment": segment,
                "week_start": week,
                "cause_code": [driver.code for driver in drivers],
                "cause_en": [driver.english for driver in drivers],
                "cause_zh": [driver.chinese for driver in drivers],
                "contribution": means.to_numpy().round(6),
                "cause_share": (means / total).to_numpy().round(6) if total < 0 else 0.0,
                "response_count": len(rows),
                "is_reportable": len(rows) >= minimum_sample,
            }
        )
        part = part[part["contribution"] < 0].sort_values(["contribution", "cause_code"], ignore_index=True)
        parts.append(part.assign(cause_rank=np.arange(1, len(part) + 1)))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _week(days: npt.NDArray[np.datetime64]) -> list[date]:
    """The Monday of each day."""
    return [day.astype(object) for day in days.astype("datetime64[D]") - (days.astype("int64") + 3) % 7]
