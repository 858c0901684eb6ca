"""Put a churn model before the gate: its figures, pictures, card and files."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from ml import booster as boosting
from ml.churn.evaluate import Evaluation, evaluate
from ml.churn.features import Examples, Labelled
from ml.churn.promote import objections
from ml.churn.train import ChurnModel, fit
from ml.plots import plot_calibration, plot_importance, plot_lift
from ml.promotion import Submission
from warehouse.configuration import ChurnConfig
from warehouse.settings import Settings

NAME = "churn"
#: The model that scores, and the one of the same recipe that has not seen the slice it was tested on.
FINAL, UNSEEING = "churn", "churn_unseeing"
EXPLAINED_IN_PICTURE = 1_000


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and evaluate on what was known by `as_of`.

    Raises:
        ModelError: where there is too little to learn from.
    """
    churn = settings.config.churn
    labelled = Labelled(settings, as_of)
    features = labelled.features()
    examples = labelled.read(features)
    evaluation = evaluate(examples, features, churn.horizon_days)
    model = fit(examples, features, churn.horizon_days)
    figures = evaluation.metrics
    return Submission(
        name=NAME,
        rows=len(examples),
        booster=model.booster,
        params=_params(churn, as_of, examples, model),
        metrics={**figures, **{f"alone_{_safe(name)}": area for name, area in evaluation.alone.items()}},
        tags={"as_of": as_of.isoformat(), "data_fingerprint": examples.fingerprint, "evaluated": evaluation.how},
        card=_card(settings, as_of, examples, model, evaluation),
        headline=(
            f"AUC {figures['auc']:.3f} (95 % {figures['auc_low']:.3f} to {figures['auc_high']:.3f}), calibration error "
            f"{figures['calibration_error']:.3f}, {evaluation.how}, n = {figures['n']:,.0f}"
        ),
        write=partial(_write, model=model, evaluation=evaluation),
        objections=partial(_objections, evaluation=evaluation, labelled=labelled),
    )


def _objections(champion: Path | None, evaluation: Evaluation, labelled: Labelled) -> list[str]:
    if champion is None or not (champion / f"{UNSEEING}.json").exists():
        return objections(evaluation)
    unseeing = ChurnModel.load(champion, UNSEEING)
    if not labelled.supports(unseeing.features):
        return objections(evaluation)
    return objections(evaluation, unseeing, labelled.read(unseeing.features).where(evaluation.held_out))


def _write(folder: Path, model: ChurnModel, evaluation: Evaluation) -> None:
    model.save(folder, FINAL)
    evaluation.model.save(folder, UNSEEING)
    truth, said, plots = evaluation.slice.churned, evaluation.probabilities, folder / "plots"
    plot_calibration(truth, said, plots / "calibration.png")
    plot_lift(truth, said, plots / "gain.png")
    step = max(1, len(truth) // EXPLAINED_IN_PICTURE)
    matrix = evaluation.slice.matrix[::step]
    contributions = boosting.shapley(evaluation.model.booster, matrix, model.features)
    plot_importance(model.features.names, contributions, plots / "importance.png")


def _params(churn: ChurnConfig, as_of: date, examples: Examples, model: ChurnModel) -> dict[str, str | int | float]:
    days = np.unique(examples.days)
    return {
        "as_of": as_of.isoformat(),
        "definition": churn.definition,
        "horizon_days": churn.horizon_days,
        "embargo_days": churn.embargo_days,
        "snapshots": len(days),
        "first_snapshot": _day(days[0]),
        "last_snapshot": _day(days[-1]),
        "examples": len(examples),
        "leavers": int(examples.churned.sum()),
        "features": len(model.features.features),
        "depth": model.candidate.depth,
        "eta": model.candidate.eta,
        "trees": model.candidate.rounds,
        "calibration_slope": round(model.calibration.slope, 4),
        "calibration_level": round(model.calibration.level, 4),
        **{key: value for key, value in boosting.REGULAR.items() if key not in ("verbosity", "nthread")},
    }


def _card(settings: Settings, as_of: date, examples: Examples, model: ChurnModel, evaluation: Evaluation) -> str:
    churn, figures = settings.config.churn, evaluation.metrics
    meaning = {
        "contract": f"a running contract is cancelled within {churn.horizon_days} days",
        "lapse": f"somebody who has bought does not buy within {churn.horizon_days} days",
        "attribute": f"{churn.label_attribute} is {churn.label_value}",
    }[churn.definition]
    days = np.unique(examples.days)
    strongest = sorted(evaluation.alone.items(), key=lambda item: -item[1])[:8]
    alone = "\n".join(f"- {name}: AUC {area:.3f} by itself" for name, area in strongest)
    return f"""# Churn model, {settings.config.company}, as of {as_of}

**What it says.** The probability that {meaning}. It is for deciding whom to contact, not for prices, credit or
anything that closes a door to a customer.

**What it learnt from.** {len(examples):,} rows of {len(set(examples.keys)):,} customers on {len(days)} past nights
from {_day(days[0])} to {_day(days[-1])}; {int(examples.churned.sum()):,} of them left ({examples.churned.mean():.1%}).
Features hold only what had happened before each night; labels only what was known by {as_of}.

**How it was tested** ({evaluation.how}). AUC {figures["auc"]:.3f} (95 % interval {figures["auc_low"]:.3f}
to {figures["auc_high"]:.3f}); average precision {figures["pr_auc"]:.3f} at a base rate of {figures["base_rate"]:.3f};
Brier score {figures["brier"]:.4f}; calibration error {figures["calibration_error"]:.3f} in ten bins; the riskiest tenth
leaves {figures["lift_top_decile"]:.1f} times as often as all. n = {figures["n"]:,.0f}.

**What it is.** XGBoost, {model.candidate.name}; recalibrated with slope {model.calibration.slope:.2f} and level
{model.calibration.level:+.2f}; then fitted to all rows above.

**What to know.** A probability is an average over people alike, not a fate. The level follows the past: in a season
unlike those learnt from, all probabilities are too high or too low together, while the ranking holds better. The
reasons tell what the model weighs; they are associations, not proven causes.

Strongest features by themselves:
{alone}
"""


def _day(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(days))).isoformat()


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-. /" else "_" for letter in name)
