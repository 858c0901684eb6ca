"""Nightly churn scores: probabilities of the champion for all eligible customers, and reasons of a shortlist."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ml.classifier.score import load_champion, scored
from ml.metrics import deciles
from ml.registry import Registry
from ml.use_cases.churn.explain import Shortlist, explain
from ml.use_cases.churn.features import churn_target
from ml.use_cases.churn.tables import CHURN, CHURN_REASONS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

#: Customers with reasons, as a multiple of the list's length: the highest by risk, and the highest by value at risk.
EXPLAINED_PER_PLACE = 4


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `churn` and `churn_reasons` of the night; both are empty without a champion.

    Raises:
        ModelError: the night has no features, or lacks columns of the champion.
    """
    target = churn_target(settings, as_of)
    found = load_champion(registry, target)
    if found is None:
        empty = pd.DataFrame()
        counts = [
            TableCount(table.name, 0, table.write(settings.scores, as_of, empty), status="no champion")
            for table in (CHURN, CHURN_REASONS)
        ]
        return counts, ["churn: there is no champion, so no customer is scored; run `rapport train`"]
    champion, model = found
    keys, probabilities, shortlist = [], [], Shortlist(EXPLAINED_PER_PLACE * settings.config.retention.list_length)
    for population, predicted in scored(settings, as_of, target, model):
        keys.append(population.keys)
        probabilities.append(predicted)
        shortlist.offer(population, predicted)
    stamp = {"model_version": champion.number, "run_id": champion.run_id}
    scores = pd.DataFrame(
        {"customer_key": np.concatenate(keys), "churn_probability": np.concatenate(probabilities)} if keys else {}
    )
    if keys:
        scores["risk_decile"] = deciles(scores["churn_probability"].to_numpy(), scores["customer_key"].to_numpy())
    reasons = explain(settings, model, shortlist)
    written = CHURN.write(settings.scores, as_of, scores.assign(**stamp))
    explained = CHURN_REASONS.write(settings.scores, as_of, reasons.assign(**stamp))
    counts = [TableCount("churn", written, written), TableCount("churn_reasons", shortlist.size, explained)]
    return counts, [] if written else ["churn: no customer is scored: none meets churn.definition"]
