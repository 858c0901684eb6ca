"""Put a classifier before the gate: its figures, pictures, card and files."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from ml import booster as boosting
from ml.classifier.card import card_of
from ml.classifier.evaluate import Evaluation, evaluate
from ml.classifier.examples import Examples, Labelled
from ml.classifier.gate import objections
from ml.classifier.reference import write_reference
from ml.classifier.target import Target
from ml.classifier.train import Classifier, fit
from ml.plots import plot_calibration, plot_importance, plot_lift
from ml.promotion import Submission
from warehouse.settings import Settings

EXPLAINED_IN_PICTURE = 1_000


def unseeing(name: str) -> str:
    """File name of the model of the same recipe that has not seen the slice it was tested on."""
    return f"{name}_unseeing"


def prepare(settings: Settings, as_of: date, target: Target) -> Submission:
    """Train and evaluate on what was known by `as_of`; the model that scores is stored as `<target.name>.ubj/.json`.

    Raises:
        ModelError: where there is too little to learn from.
    """
    labelled = Labelled(settings, as_of, target)
    features = labelled.features()
    examples = labelled.read(features)
    evaluation = evaluate(examples, features, target)
    model = fit(examples, features, target)
    figures = evaluation.metrics
    return Submission(
        name=target.name,
        rows=len(examples),
        booster=model.booster,
        params=_params(target, as_of, examples, model),
        metrics={**figures, **{f"alone_{_safe(name)}": area for name, area in evaluation.alone.items()}},
        tags={"as_of": as_of.isoformat(), "data_fingerprint": examples.fingerprint, "evaluated": evaluation.how},
        card=card_of(settings.config.company, target, as_of, examples, model, evaluation),
        headline=(
            f"AUC {figures['auc']:.3f} (95 % {figures['auc_low']:.3f} to {figures['auc_high']:.3f}), calibration error "
            f"{figures['calibration_error']:.3f}, {evaluation.how}, n = {figures['n']:,.0f}"
        ),
        write=partial(_write, as_of=as_of, target=target, examples=examples, model=model, evaluation=evaluation),
        objections=partial(_objections, target=target, evaluation=evaluation, labelled=labelled),
    )


def _objections(champion: Path | None, target: Target, evaluation: Evaluation, labelled: Labelled) -> list[str]:
    if champion is None or not (champion / f"{unseeing(target.name)}.json").exists():
        return objections(evaluation, target)
    earlier = Classifier.load(champion, unseeing(target.name))
    if not labelled.supports(earlier.features):
        return objections(evaluation, target)
    return objections(evaluation, target, earlier, labelled.read(earlier.features).where(evaluation.held_out))


def _write(
    folder: Path, as_of: date, target: Target, examples: Examples, model: Classifier, evaluation: Evaluation
) -> None:
    model.save(folder, target.name)
    evaluation.model.save(folder, unseeing(target.name))
    last = examples.days == examples.days.max()
    seen = (date(1970, 1, 1) + timedelta(days=int(examples.days.max()))).isoformat()
    write_reference(folder, as_of, model.features, examples.matrix[last], evaluation.probabilities, seen)
    truth, said, plots = evaluation.slice.truth, evaluation.probabilities, folder / "plots"
    plot_calibration(truth, said, plots / "calibration.png", target.words.happened)
    plot_lift(truth, said, plots / "gain.png", target.words.positives)
    step = max(1, len(truth) // EXPLAINED_IN_PICTURE)
    plot_importance(
        model.features.names, evaluation.model.contributions(evaluation.slice.matrix[::step]), plots / "importance.png"
    )


def _params(target: Target, as_of: date, examples: Examples, model: Classifier) -> dict[str, str | int | float]:
    days = np.unique(examples.days)
    return {
        "as_of": as_of.isoformat(),
        "definition": target.definition,
        "horizon_days": target.horizon_days,
        "embargo_days": target.embargo_days,
        "snapshots": len(days),
        "first_snapshot": day_of(days[0]),
        "last_snapshot": day_of(days[-1]),
        "examples": len(examples),
        "positives": examples.positives,
        "features": len(model.features.features),
        "depth": model.candidate.depth,
        "eta": model.candidate.eta,
        "trees": model.candidate.rounds,
        "calibration_slope": round(model.calibration.slope, 4),
        "calibration_level": round(model.calibration.level, 4),
        **{key: value for key, value in boosting.REGULAR.items() if key not in ("verbosity", "nthread")},
    }


def day_of(days: int) -> str:
    """Days since 1970 as a date."""
    return (date(1970, 1, 1) + timedelta(days=int(days))).isoformat()


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-. /" else "_" for letter in name)
