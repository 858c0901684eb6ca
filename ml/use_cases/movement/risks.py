"""Mean churn risk of tonight, compared with an earlier night.

The earlier scores are in the lake, and the models behind them in the registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classifier.examples import SEGMENT, read_population
from ml.classifier.train import Classifier
from ml.drivers.responses import OVERALL
from ml.lake import connect, nights, partition, read_seed, relation
from ml.reasons.causes import causes_of
from ml.registry import Registry, Version
from ml.use_case import watched
from ml.use_cases.movement.answers import Comparison
from ml.use_cases.movement.split import MODEL_VERSION, Period
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

METRIC = "churn_risk"
MODEL, CAUSES = "churn", "churn_causes"
#: Largest number of customers per night with exact Shapley values; their contributions are scaled up to all customers.
MOST_EXPLAINED = 5_000
Floats = npt.NDArray[np.float64]


def compare_risks(settings: Settings, registry: Registry, as_of: date, days: int) -> Iterator[Comparison]:
    """Churn risk of tonight against `days` nights ago, overall and per segment; nothing if either was not scored.

    A risk is a base risk plus a contribution of each cause. The contributions are Shapley values of the log odds,
    scaled so that they add up on the scale of the probability (Aumann & Shapley, straight path). If the model version
    changed, both models score both nights; the part of the version is the mean change over the two nights (Shorrocks
    2013, Journal of Economic Inequality 11:99).
    """
    then = as_of - timedelta(days)
    scored = nights(settings.scores / watched(MODEL).table.name)
    if then not in scored or as_of not in scored:
        return
    sides = [_scores(settings, night) for night in (then, as_of)]
    if any(side.empty for side in sides):
        return
    versions = tuple(str(side["model_version"].iloc[0]) for side in sides)
    models = _usable(settings, registry, versions, (then, as_of))
    parts, names = _parts(settings, models, sides, (then, as_of))
    dates = (then, then + timedelta(1), as_of, as_of + timedelta(1))
    for segment in (OVERALL, *sorted({*sides[0]["segment"], *sides[1]["segment"]} - {"", OVERALL})):
        before, after = (_period(side, part, segment) for side, part in zip(sides, parts, strict=True))
        if len(before.values) and len(after.values):
            yield Comparison(METRIC, segment, days, dates, before, after, (versions[0], versions[1]), names)


def _scores(settings: Settings, night: date) -> pd.DataFrame:
    """customer_key, churn_probability, model_version and segment of a night, ordered by customer_key."""
    scores = relation([partition(settings.scores / watched(MODEL).table.name, night)])
    file = partition(settings.features / "customer_features", night)
    connection = connect()
    segment = "select null as customer_key, '' as segment"
    if file.exists():
        segment = f"select customer_key, {SEGMENT} as segment from {relation([file])}"
    return connection.execute(
        f"select customer_key, churn_probability, model_version, coalesce(segments.segment, '') as segment "
        f"from {scores} left join ({segment}) as segments using (customer_key) order by customer_key"
    ).df()


def _usable(
    settings: Settings, registry: Registry, versions: tuple[str, ...], on: tuple[date, date]
) -> list[Classifier]:
    """The models of the two nights that can score both nights."""
    found = []
    for number in dict.fromkeys(versions):
        version = registry.version(MODEL, number)
        if version and (model := _loaded(settings, registry, version, on)):
            found.append(model)
    return found


def _loaded(settings: Settings, registry: Registry, version: Version, on: tuple[date, date]) -> Classifier | None:
    target = watched(MODEL).target(settings, on[1])
    try:
        model = Classifier.load(registry.folder(version), target.name)
        for night in on:
            next(read_population(settings, night, target, model.features), None)
    except (ModelError, OSError):
        return None
    return model


def _parts(
    settings: Settings, models: list[Classifier], sides: list[pd.DataFrame], on: tuple[date, date]
) -> tuple[list[pd.DataFrame], dict[str, tuple[str, str]]]:
    """Contributions (customers, causes and model version) to each risk per night, and the names of the causes.

    Contributions are means over the models. The part of the model version is the published risk less the mean risk that
    the models predict.
    """
    totals = [pd.DataFrame({MODEL_VERSION: np.zeros(len(side))}) for side in sides]
    names: dict[str, tuple[str, str]] = {}
    for model in models:
        rows = [
            _population(settings, model, night, side["customer_key"]) for night, side in zip(on, sides, strict=True)
        ]
        causes = causes_of(model.features, settings.config.currency, read_seed(settings, CAUSES))
        names |= {code: members[0].wording for code, members in causes.members.items() if members[0].wording[0]}
        attributed = _attributed(model, rows, [[c.position for c in m] for m in causes.members.values()])
        for number, side in enumerate(sides):
            predicted = model.probabilities(rows[number]).round(6)
            share = pd.DataFrame(attributed[number], columns=list(causes.members)) / len(models)
            step = pd.DataFrame({MODEL_VERSION: (side["churn_probability"].to_numpy() - predicted) / len(models)})
            totals[number] = totals[number].add(share.join(step), fill_value=0.0)
    columns = sorted({name for total in totals for name in total.columns} - {MODEL_VERSION})
    return [total.reindex(columns=[*columns, MODEL_VERSION], fill_value=0.0) for total in totals], names


def _population(settings: Settings, model: Classifier, night: date, keys: pd.Series) -> npt.NDArray[np.float32]:
    """The matrix (n, features) of the scored customers of a night, in the order of `keys` (n,)."""
    chunks = list(read_population(settings, night, watched(MODEL).target(settings, night), model.features))
    available = np.concatenate([chunk.keys for chunk in chunks]).astype(str)
    matrix = np.concatenate([chunk.matrix for chunk in chunks])
    order = np.argsort(available, kind="stable")
    positions = np.clip(np.searchsorted(available[order], keys.astype(str)), 0, len(available) - 1)
    return np.asarray(matrix[order[positions]])


def _attributed(model: Classifier, rows: list[npt.NDArray[np.float32]], causes: list[list[int]]) -> list[Floats]:
    """Probability that each cause adds per customer (n, causes), for both nights; 0 for customers not explained.

    Args:
        model: the churn model.
        rows: the matrix of each night (n, features).
        causes: column numbers of each cause.
    """
    steps = [max(1, -(-len(matrix) // MOST_EXPLAINED)) for matrix in rows]
    explained = [model.contributions(matrix[::step]) for matrix, step in zip(rows, steps, strict=True)]
    odds = [values.sum(axis=1) for values in explained]
    predicted = [model.probabilities(matrix[::step]) for matrix, step in zip(rows, steps, strict=True)]
    pooled = np.argsort(np.concatenate(odds), kind="stable")
    base = float(np.interp(0.0, np.concatenate(odds)[pooled], np.concatenate(predicted)[pooled]))
    found = []
    for matrix, step, values, total, probability in zip(rows, steps, explained, odds, predicted, strict=True):
        slope = np.divide(probability - base, total, out=np.zeros(len(total)), where=np.abs(total) > 1e-6)
        own = np.column_stack([values[:, positions].sum(axis=1) * slope for positions in causes])
        spread = np.zeros((len(matrix), len(causes)))
        spread[::step] = own * (len(matrix) / len(own))
        found.append(spread)
    return found


def _period(side: pd.DataFrame, parts: pd.DataFrame, segment: str) -> Period:
    rows = np.ones(len(side), dtype=bool) if segment == OVERALL else (side["segment"] == segment).to_numpy()
    cells = side["segment"].to_numpy(object)[rows]
    return Period(cells, side["churn_probability"].to_numpy(dtype=np.float64)[rows], parts[rows])
