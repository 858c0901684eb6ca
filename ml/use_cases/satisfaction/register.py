"""Submits a driver model to the gate, with its figures, card and files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from ml.drivers.model import NAME, DriverModel
from ml.drivers.names import DriverNames, read_driver_names
from ml.drivers.responses import Responses, read_responses
from ml.plots import plot_importance
from ml.promotion import Submission
from ml.use_cases.satisfaction.evaluate import evaluate
from ml.use_cases.satisfaction.promote import FEWEST_RESPONSES, objections
from ml.use_cases.satisfaction.train import EXPLAINED, RECIPE, fit, importance
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and evaluate on the responses of the window before `as_of`.

    Raises:
        ModelError: if there are too few responses, or no driver varies.
    """
    names = read_driver_names(settings)
    outcome, read = settings.config.satisfaction.outcome, read_responses(settings, as_of)
    count = len(read[0]) if read else 0
    if not read or count < FEWEST_RESPONSES:
        raise ModelError(f"{count} responses with {outcome}, {FEWEST_RESPONSES} are needed")
    responses, features = read
    if not features.features:
        raise ModelError(f"no possible driver of {outcome} varies; map orders, tickets, contacts or usage")
    refits = settings.config.training.driver_refits
    figures, model = evaluate(responses, features, names), fit(responses, features, names, refits)
    return Submission(
        name=NAME,
        rows=len(responses),
        booster=model.booster,
        params={
            "as_of": as_of.isoformat(),
            "outcome": outcome,
            "responses": len(responses),
            "drivers": len(features.features),
            "depth": RECIPE.depth,
            "eta": RECIPE.eta,
            "trees": RECIPE.rounds,
            "refits": refits,
        },
        metrics=figures,
        tags={"as_of": as_of.isoformat(), "data_fingerprint": responses.fingerprint, "outcome": outcome},
        card=_card(settings, as_of, figures, model),
        headline=f"R2 {figures['r2']:.3f} in five folds of customers, n = {figures['n']:,.0f}",
        write=partial(_write, model=model, responses=responses, names=names),
        objections=partial(_objections, settings=settings, as_of=as_of, figures=figures, names=names),
    )


def _objections(
    champion: Path | None, settings: Settings, as_of: date, figures: dict[str, float], names: DriverNames
) -> list[str]:
    if champion is None:
        return objections(figures)
    try:
        read = read_responses(settings, as_of, DriverModel.load(champion, NAME).features)
    except ModelError:
        return objections(figures)
    return objections(figures, evaluate(*read, names) if read else None)


def _write(folder: Path, model: DriverModel, responses: Responses, names: DriverNames) -> None:
    model.save(folder, NAME)
    drivers = names.drivers_of(model.features)
    explained = responses.take(slice(None, None, max(1, len(responses) // EXPLAINED)))
    contributions = importance(model.booster, explained, model.features, drivers)
    plot_importance([driver.english for driver in drivers], contributions, folder / "plots" / "importance.png")


def _card(settings: Settings, as_of: date, figures: dict[str, float], model: DriverModel) -> str:
    outcome, refits = settings.config.satisfaction.outcome, settings.config.training.driver_refits
    return f"""# Drivers of {outcome}, {settings.config.company}, as of {as_of}

**What it reports.** The share of each driver in what moves {outcome} (share of mean absolute Shapley values), and its
direction. Use it to choose what to improve, not to judge a customer or an employee.

**Training data.** {figures["n"]:,.0f} responses, mean score {figures["mean_score"]:.2f}, and
{len(model.features.features)} columns of what happened to the customer before each response.

**How it was tested.** Cross-validated in five folds of customers: R2 {figures["r2"]:.3f} (from
{figures["r2_low"]:.3f}), root mean squared error {figures["rmse"]:.2f} points.

**What it is.** XGBoost, {RECIPE.name}, with monotone constraints: a driver moves the score in its plausible direction
only. Shares measure differences between responses about the same step, calibrated on customers that a model was not
trained on. Intervals of shares combine {refits} refits on resampled customers, the standard error of the calibration
and a bootstrap of the responses. Effects are partial regressions with standard errors clustered by customer and week.

**Limits.** Drivers are associations among customers who answered; customers who do not answer are not represented.
"""
