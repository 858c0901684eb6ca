"""Put a driver model before the gate: its figures, card and files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from ml.plots import plot_importance
from ml.promotion import Submission
from ml.use_cases.satisfaction.evaluate import evaluate
from ml.use_cases.satisfaction.features import Responses, drivers_of, read_responses
from ml.use_cases.satisfaction.promote import FEWEST_RESPONSES, objections
from ml.use_cases.satisfaction.train import EXPLAINED, RECIPE, DriverModel, fit, importance
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

NAME = "satisfaction_drivers"


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and evaluate on the responses of the window before `as_of`.

    Raises:
        ModelError: where there are too few responses, or no driver varies.
    """
    outcome, read = settings.config.satisfaction.outcome, read_responses(settings, as_of)
    count = len(read[0]) if read else 0
    if not read or count < FEWEST_RESPONSES:
        raise ModelError(f"{count} responses with {outcome}, {FEWEST_RESPONSES} are needed")
    responses, features = read
    if not features.features:
        raise ModelError(f"nothing that could move {outcome} varies; map orders, tickets, contacts or usage")
    refits = settings.config.training.driver_refits
    figures, model = evaluate(responses, features), fit(responses, features, refits)
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
        write=partial(_write, model=model, responses=responses),
        objections=partial(_objections, settings=settings, as_of=as_of, figures=figures),
    )


def _objections(champion: Path | None, settings: Settings, as_of: date, figures: dict[str, float]) -> list[str]:
    if champion is None:
        return objections(figures)
    try:
        read = read_responses(settings, as_of, DriverModel.load(champion, NAME).features)
    except ModelError:
        return objections(figures)
    return objections(figures, evaluate(*read) if read else None)


def _write(folder: Path, model: DriverModel, responses: Responses) -> None:
    model.save(folder, NAME)
    drivers = drivers_of(model.features)
    explained = responses.take(slice(None, None, max(1, len(responses) // EXPLAINED)))
    contributions = importance(model.booster, explained, model.features)
    plot_importance([driver.english for driver in drivers], contributions, folder / "plots" / "importance.png")


def _card(settings: Settings, as_of: date, figures: dict[str, float], model: DriverModel) -> str:
    outcome, refits = settings.config.satisfaction.outcome, settings.config.training.driver_refits
    return f"""# Drivers of {outcome}, {settings.config.company}, as of {as_of}

**What it says.** How much of what moves {outcome} each driver accounts for (share of mean absolute Shapley values), and
which way. It is for choosing what to improve, not for judging a customer or an employee.

**What it learnt from.** {figures["n"]:,.0f} responses, mean score {figures["mean_score"]:.2f}, and
{len(model.features.features)} columns of what had happened to the customer before each response.

**How it was tested.** In five folds of customers: R2 {figures["r2"]:.3f} (from {figures["r2_low"]:.3f}), error
{figures["rmse"]:.2f} points.

**What it is.** XGBoost, {RECIPE.name}, each driver held to the side on which it can lower the score; a driver counts by
how it sets answers about the same step apart, as far as that shows in answers of customers that a model had not seen.
Intervals of shares from {refits} refits on resampled customers, from the error of what they show in the customers left
out, and from resampling the responses explained; effects from a partial regression with intervals that allow for
several answers of one customer.

**What to know.** Drivers are associations among those who answered; who does not answer is not in here.
"""
