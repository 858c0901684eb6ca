"""Submit the uplift learner to its gate: figures, card and files."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path

from ml.plots import plot_curve
from ml.promotion import Submission
from ml.use_cases.effect.features import Trial, largest_trial
from ml.use_cases.effect.promote import objections
from ml.use_cases.effect.uplift import Qini, UpliftModel, cross_fitted, fit, qini
from warehouse.core.settings import Settings

NAME = "uplift"


def prepare(settings: Settings, as_of: date) -> Submission:
    """Learn from the largest randomised test; test the order on customers left out of the fit.

    Raises:
        ModelError: no test is large enough.
    """
    trial = largest_trial(settings, as_of)
    out_of_fold = cross_fitted(trial.matrix, trial.treated, trial.outcome, trial.features, trial.folds)
    order = qini(out_of_fold, trial.treated, trial.outcome)
    model = fit(trial.matrix, trial.treated, trial.outcome, trial.features)
    figures = {
        "qini": round(order.area, 6),
        "qini_low": round(order.low, 6),
        "qini_high": round(order.high, 6),
        "n": float(len(trial.outcome)),
        "treated": float(trial.treated.sum()),
    }
    about = {"experiment_id": trial.experiment_id, "metric": trial.metric}
    return Submission(
        name=NAME,
        rows=len(trial.outcome),
        booster=None,
        params={"as_of": as_of.isoformat(), **about, "features": len(trial.features.features)},
        metrics=figures,
        tags={"as_of": as_of.isoformat(), "data_fingerprint": trial.fingerprint, **about},
        card=_card(settings, as_of, trial, figures),
        headline=f"Qini {order.area:.5f} ({order.low:.5f} to {order.high:.5f}) on {trial.experiment_id}",
        write=partial(_write, model=model, order=order),
        objections=lambda _: objections(figures),
    )


def _write(folder: Path, model: UpliftModel, order: Qini) -> None:
    model.of_treated.save_model(folder / f"{NAME}_of_treated.ubj")
    model.of_controls.save_model(folder / f"{NAME}_of_controls.ubj")
    content = {"features": model.features.to_json(), "treated_share": model.treated_share}
    (folder / f"{NAME}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    plot_curve(
        order.shares,
        order.curve,
        ("share of customers treated", "gain per treated customer"),
        folder / "plots" / "qini.png",
    )


def _card(settings: Settings, as_of: date, trial: Trial, figures: dict[str, float]) -> str:
    return f"""# Uplift, {settings.config.company}, as of {as_of}

**What it predicts.** How much the treatment of the test `{trial.experiment_id}` changes `{trial.metric}` of a customer.

**How it was tested.** In five folds of {figures["n"]:,.0f} customers assigned at random, {figures["treated"]:,.0f} of
them treated: Qini {figures["qini"]:.5f} (95 % interval {figures["qini_low"]:.5f} to {figures["qini_high"]:.5f}), the
gain over a random order per treated customer, averaged over all lengths of a list.

**What it is.** An X-learner on XGBoost (Künzel et al. 2019), on {len(trial.features.features)} features known before
the assignment.

**What to know.** It holds for this treatment and for customers like those of the test. Two kinds of customers
have no uplift: those who stay anyway, and those who leave in spite of a contact. The learner does not separate them.
"""
