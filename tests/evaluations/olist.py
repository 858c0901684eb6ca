"""Olist: what moves the review score of an online marketplace, from the orders that the reviews are about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ml.drivers.names import Driver, read_driver_names
from ml.drivers.responses import Responses, minimum_sample_of, read_responses
from ml.folds import FOLDS
from ml.use_cases.satisfaction.evaluate import evaluate as out_of_fold
from ml.use_cases.satisfaction.score import drivers_table
from ml.use_cases.satisfaction.train import fit
from pipeline.stages import NIGHTLY, run_stage
from tests.evaluations import Evaluation
from warehouse.core.settings import PROJECT, Settings, settings_from_environment

CONFIG = PROJECT / "examples" / "olist" / "rapport.yml"
NIGHT = date(2018, 11, 1)
PROMISE = "broken_delivery_promise"


def evaluate(work: Path) -> Evaluation:
    """Land and build the example, then measure."""
    settings = Settings(work / "home", CONFIG, settings_from_environment().datasets)
    for stage in NIGHTLY:
        if stage.name in ("land", "check", "build"):
            run_stage(stage, settings, NIGHT)
    return measure(settings)


def measure(settings: Settings) -> Evaluation:
    """Shares and effects of the drivers, and how well they explain held-out reviews, compared with two peers."""
    read = read_responses(settings, NIGHT)
    assert read is not None
    (responses, features), names = read, read_driver_names(settings)
    table = drivers_table(fit(responses, features, names), responses, names, minimum_sample_of(settings))
    overall = table[table["dimension"] == "all"].set_index("driver_code")
    promise = overall.loc[PROMISE].to_dict()
    figures = {
        "r2": out_of_fold(responses, features, names)["r2"],
        "r2_linear": _peer_r2(responses, responses.completed(features), is_linear=True),
        "r2_lightgbm": _peer_r2(responses, responses.completed(features), is_linear=False),
        "promise_rank": float(promise["importance_rank"]),
        "promise_permuted_rank": _permuted_rank(responses, responses.completed(features), names.drivers_of(features)),
        "second_share_high": float(overall.loc[overall.index != PROMISE, "share_high"].iloc[0]),
        "n": float(len(responses)),
    }
    for name in ("importance_share", "share_low", "share_high", "effect", "effect_low", "effect_high"):
        figures[f"promise_{name}"] = float(promise[name])
    return Evaluation("Olist: what moves the review score", figures, _text(figures, overall))


def _peer(is_linear: bool) -> object:
    if is_linear:
        return make_pipeline(StandardScaler(), RidgeCV(np.logspace(-1, 4, 11)))
    return lightgbm.LGBMRegressor(
        n_estimators=200, learning_rate=0.05, num_leaves=8, random_state=1, n_jobs=1, verbosity=-1
    )


def _peer_r2(responses: Responses, matrix: np.ndarray, is_linear: bool) -> float:
    guess = np.zeros(len(responses))
    baseline = np.zeros(len(responses))
    for fold in range(FOLDS):
        learn, check = responses.folds != fold, responses.folds == fold
        peer = _peer(is_linear)
        guess[check] = peer.fit(matrix[learn], responses.outcome[learn]).predict(matrix[check])  # type: ignore[attr-defined]
        baseline[check] = responses.outcome[learn].mean()
    return float(1 - ((guess - responses.outcome) ** 2).sum() / ((baseline - responses.outcome) ** 2).sum())


def _permuted_rank(responses: Responses, matrix: np.ndarray, drivers: list[Driver]) -> float:
    """Rank of the broken promise by another method: permutation importance (Breiman 2001) of LightGBM, held out."""
    learn, check = responses.folds != 0, responses.folds == 0
    peer = _peer(is_linear=False).fit(matrix[learn], responses.outcome[learn])  # type: ignore[attr-defined]
    found = permutation_importance(peer, matrix[check], responses.outcome[check], n_repeats=10, random_state=1)
    strength = {driver.code: found.importances_mean[list(driver.positions)].sum() for driver in drivers}
    return float(sorted(strength, key=lambda code: -strength[code]).index(PROMISE) + 1)


def _text(figures: dict[str, float], overall: pd.DataFrame) -> str:
    rows = [
        "| {driver_en} | {importance_share:.2f} ({share_low:.2f}-{share_high:.2f}) | "
        "{effect:+.2f} ({effect_low:+.2f} to {effect_high:+.2f}) | {effect_per} |".format_map(row)
        for row in overall.to_dict("records")
    ]
    return f"""{figures["n"]:,.0f} reviews (1-5). Share of what all drivers move, and points of the score per unit with
all other drivers equal; both with 95 % intervals.

| driver | share | effect | per |
|---|---|---|---|
{chr(10).join(rows)}

In five folds of customers the drivers explain R2 {figures["r2"]:.3f} of held-out reviews; a ridge regression
{figures["r2_linear"]:.3f}, LightGBM {figures["r2_lightgbm"]:.3f}. By permutation importance of LightGBM the broken
promise has rank {figures["promise_permuted_rank"]:.0f}.
"""
