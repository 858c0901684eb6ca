"""NPS and CSAT of the last days, compared with the same number of days before.

Both periods come from the responses of one night, so a repeated run gives the same result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml import booster as boosting
from ml.drivers.champion import Champion, champion_of
from ml.drivers.model import by_driver
from ml.drivers.responses import OVERALL
from ml.lake import connect, partition, relation
from ml.registry import Registry
from ml.use_cases.movement.split import MODEL_VERSION, Period
from warehouse.core.settings import Settings

#: SQL of the score of a response; the metric is the mean of these scores. NPS classes of Reichheld (2003, Harvard
#: Business Review 81(12):46): promoters 9 and 10, detractors 0 to 6.
METRICS = {
    "csat": "cast(csat as double)",
    "nps": "case when nps >= 9 then 100.0 when nps <= 6 then -100.0 when nps is not null then 0.0 end",
}


@dataclass(frozen=True)
class Comparison:
    """One metric of one segment in two periods.

    `dates` are the start and end (exclusive) of both periods; `versions` the model version of each, if a model is used;
    `names` the English and Chinese name of each part by code.
    """

    metric: str
    segment: str
    days: int
    dates: tuple[date, date, date, date]
    before: Period
    after: Period
    versions: tuple[str | None, str | None]
    names: dict[str, tuple[str, str]]


def compare_answers(settings: Settings, registry: Registry, as_of: date, days: int) -> Iterator[Comparison]:
    """CSAT and NPS of the `days` before `as_of` against the `days` before those, overall and per segment.

    Only the metric that the driver model explains has its rate part split by driver.
    """
    middle, first = as_of - timedelta(days), as_of - timedelta(2 * days)
    found = champion_of(settings, registry, as_of)
    champion = found if isinstance(found, Champion) else None
    for metric, expression in METRICS.items():
        answers = _answers(settings, as_of, first, expression)
        explained = champion is not None and metric == settings.config.satisfaction.outcome
        parts, names = _contributions(champion, answers) if champion and explained else _no_contributions(answers)
        version = champion.version.number if champion and explained else None
        for segment in (OVERALL, *sorted({*answers["segment"]} - {"", OVERALL})):
            rows = (
                np.ones(len(answers), dtype=bool) if segment == OVERALL else (answers["segment"] == segment).to_numpy()
            )
            cells = answers["step"] if segment != OVERALL else answers["segment"] + "/" + answers["step"]
            late = answers["day"].to_numpy() >= np.datetime64(middle)
            before, after = (
                Period(
                    cells[rows & side].to_numpy(object),
                    answers.loc[rows & side, "value"].to_numpy(),
                    parts[rows & side],
                )
                for side in (~late, late)
            )
            if len(before.values) and len(after.values):
                dates = (first, middle, middle, as_of)
                yield Comparison(metric, segment, days, dates, before, after, (version, version), names)


def _answers(settings: Settings, as_of: date, first: date, expression: str) -> pd.DataFrame:
    file = partition(settings.features / "survey_drivers", as_of)
    query = (
        f"select response_id, cast(responded_at as date) as day, coalesce(segment, '') as segment, "
        f"coalesce(touchpoint, '') as step, {expression} as value from {relation([file])} "
        f"where responded_at >= timestamp '{first} 00:00:00' and value is not null order by response_id"
    )
    return connect().execute(query).df()


def _contributions(champion: Champion, answers: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    """Shapley values by driver of each response (0 for responses that the model does not explain), and driver names."""
    wanted = champion.responses.take(np.isin(champion.responses.response_ids, answers["response_id"]))
    drivers, features = champion.drivers, champion.model.features
    values: npt.NDArray[np.float64] = np.zeros((0, len(drivers)))
    if len(wanted):
        shapley = boosting.shapley(champion.model.booster, wanted.completed(features), features)
        values = by_driver(shapley, drivers)
    frame = pd.DataFrame(values, columns=[d.code for d in drivers], index=wanted.response_ids)
    frame = frame.reindex(answers["response_id"]).fillna(0.0).reset_index(drop=True).assign(**{MODEL_VERSION: 0.0})
    return frame, {driver.code: (driver.english, driver.chinese) for driver in drivers}


def _no_contributions(answers: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    return pd.DataFrame({MODEL_VERSION: np.zeros(len(answers))}), {}
