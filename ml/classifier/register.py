"""Submit a classifier to its gate: figures, plots, card and files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.booster import Batches
from ml.classifier.card import card_of, day_of
from ml.classifier.evaluate import LOGISTIC_REGRESSION, Evaluation, evaluate
from ml.classifier.examples import Examples, Labelled
from ml.classifier.gate import Limits, objections
from ml.classifier.plots import plot_profit, plot_summary
from ml.classifier.reference import write_reference
from ml.classifier.search import search
from ml.classifier.single_features import sample_to_explain
from ml.classifier.splits import out_of_time
from ml.classifier.target import Target
from ml.classifier.train import Classifier, fit
from ml.feature_set import FeatureSet
from ml.plots import plot_calibration, plot_lift
from ml.profit import profit_curve
from ml.promotion import Submission
from ml.registry import Registry
from warehouse.core.configuration import TrainingConfig
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

Floats = npt.NDArray[np.float64]

CHAMPION = "last champion"
MOST_REPORTED = 20
#: Suffix of the hold-out twin in models that were registered by earlier versions of this code.
EARLIER_SUFFIX = "unseeing"


def holdout_twin(name: str) -> str:
    """File name of the hold-out twin: a model with the same recipe, fitted without the test slice."""
    return f"{name}_holdout_twin"


def stored_twin(folder: Path, name: str) -> str | None:
    """File name of the hold-out twin in a folder of a registered model, or None."""
    names = (holdout_twin(name), f"{name}_{EARLIER_SUFFIX}")
    return next((twin for twin in names if (folder / f"{twin}.json").exists()), None)


def prepare(settings: Settings, as_of: date, target: Target) -> Submission:
    """Train and evaluate on what was known by `as_of`; the model that scores is stored as `<target.name>.ubj/.json`.

    Raises:
        ModelError: too little data to learn from.
    """
    return train(settings, as_of, target).submission()


def train(settings: Settings, as_of: date, target: Target) -> Trained:
    """The model with its test, for use cases that add figures or files of their own; see `prepare`."""
    labelled = Labelled(settings, as_of, target)
    features = labelled.features()
    examples = labelled.read(features)
    evaluation = evaluate(examples, features, target, labelled.sampled, settings.config.training)
    batches = partial(labelled.batches, features) if labelled.sampled < 1 else None
    model = _final(examples, features, target, evaluation, batches, settings.config.training)
    champion = _champion(settings, target, evaluation, labelled)
    limits = Limits.read(settings)
    return Trained(settings.config.company, as_of, target, examples, model, evaluation, champion, limits)


@dataclass(frozen=True)
class Trained:
    """A fitted model with its data and test; `champion` (n,) are probabilities of the champion's hold-out twin."""

    company: str
    as_of: date
    target: Target
    examples: Examples
    model: Classifier
    evaluation: Evaluation
    champion: Floats | None
    limits: Limits

    @property
    def others(self) -> dict[str, Floats]:
        """Probabilities of baselines and champion for the test slice, by name."""
        champion = {} if self.champion is None else {CHAMPION: self.champion}
        return {**self.evaluation.baselines, **champion}

    def submission(self) -> Submission:
        """The model as it is submitted for promotion."""
        evaluation, figures = self.evaluation, self.evaluation.metrics
        fingerprint = self.examples.fingerprint
        return Submission(
            name=self.target.name,
            rows=len(self.examples),
            booster=self.model.booster,
            params=_params(self),
            metrics=_metrics(self),
            tags={"as_of": self.as_of.isoformat(), "data_fingerprint": fingerprint, "evaluated": evaluation.how},
            card=card_of(self.company, self.target, self.as_of, self.examples, self.model, evaluation, self.others),
            headline=(
                f"AUC {figures['auc']:.3f} (95 % {figures['auc_low']:.3f} to {figures['auc_high']:.3f}), calibration "
                f"error {figures['calibration_error']:.3f}, {evaluation.how}, n = {figures['n']:,.0f}"
            ),
            write=self.write,
            objections=self._objections,
        )

    def _objections(self, _: Path | None) -> list[str]:
        return objections(self.evaluation, self.target, self.limits, self.champion)

    def write(self, folder: Path) -> None:
        """Write the files of the model, and its plots in `plots/`."""
        name, evaluation = self.target.name, self.evaluation
        self.model.save(folder, name)
        evaluation.model.save(folder, holdout_twin(name))
        last = self.examples.matrix[self.examples.days == self.examples.days.max()]
        snapshot = day_of(self.examples.days.max())
        write_reference(folder, self.as_of, self.model.features, last, evaluation.probabilities, snapshot)
        self._write_plots(folder / "plots")

    def _write_plots(self, folder: Path) -> None:
        evaluation, words = self.evaluation, self.target.words
        truth, predicted, offers = evaluation.slice.truth, evaluation.probabilities, evaluation.judge.offers
        plot_calibration(truth, predicted, folder / "calibration.png", words.observed)
        plot_lift(truth, predicted, folder / "gain.png", words.positives)
        rows = sample_to_explain(evaluation.slice).matrix
        plot_summary(self.model.features.names, evaluation.model.contributions(rows), rows, folder / "shap_summary.png")
        curves = {"model": predicted, **self.others}
        plot_profit(
            {name: profit_curve(truth, one, offers) for name, one in curves.items()},
            evaluation.judge.budget,
            folder / "profit.png",
        )


def _final(
    examples: Examples,
    features: FeatureSet,
    target: Target,
    evaluation: Evaluation,
    batches: Batches | None,
    training: TrainingConfig,
) -> Classifier:
    """The tested recipe fitted on all rows; its calibration comes from the test slice and the model fitted without it.

    If there were too few snapshots before the test to search out of time, the search is repeated on all snapshots.
    """
    if examples.is_timeless:
        return fit(examples, features, target, evaluation.recipe, batches=batches)
    if not out_of_time(examples.where(evaluation.learnt), target.horizon_days):
        return fit(examples, features, target, search(examples, features, target, training), batches=batches)
    out_of_sample = evaluation.slice.truth, evaluation.model.margins(evaluation.slice.matrix)
    return fit(examples, features, target, evaluation.recipe, out_of_sample, batches)


def _champion(settings: Settings, target: Target, evaluation: Evaluation, labelled: Labelled) -> Floats | None:
    """Probabilities of the champion's hold-out twin for the test slice (n,).

    None if there is no champion, if another version of this code wrote it, or if the lake lacks one of its columns.
    """
    registry = Registry(settings)
    champion = registry.champion(target.name)
    if champion is None:
        return None
    folder = registry.folder(champion)
    twin = stored_twin(folder, target.name)
    if twin is None:
        return None
    try:
        earlier = Classifier.load(folder, twin)
    except ModelError:
        return None
    if not labelled.supports(earlier.features):
        return None
    return earlier.probabilities(labelled.read(earlier.features).where(evaluation.held_out).matrix)


def _metrics(trained: Trained) -> dict[str, float]:
    """Figures with intervals, those of other models and of each snapshot, by their names in MLflow."""
    evaluation, judge = trained.evaluation, trained.evaluation.judge
    found = {**evaluation.metrics, "budget": float(judge.budget)}
    for name, (low, high) in evaluation.intervals.items():
        found |= {f"{name}_low": low, f"{name}_high": high}
    for other, predicted in trained.others.items():
        short = {LOGISTIC_REGRESSION: "logistic", CHAMPION: "champion"}.get(other, "recency")
        figures = judge.figures(predicted)
        kept = ("auc", "pr_auc", "brier", "calibration_error", "lift_top_decile", "empc_cents", "profit_cents")
        found |= {f"{short}_{name}": figures[name] for name in kept}
    for night, figures in evaluation.by_night.items():
        found[f"night_{night}_auc"] = figures["auc"]
    strongest = sorted(evaluation.feature_aucs.items(), key=lambda item: (-item[1], item[0]))[:MOST_REPORTED]
    found |= {f"alone_{_safe(name)}": area for name, area in strongest}
    shares = sorted(evaluation.importance.items(), key=lambda item: (-item[1], item[0]))[:MOST_REPORTED]
    return {**found, **{f"importance_{_safe(name)}": share for name, share in shares}}


def _params(trained: Trained) -> dict[str, str | int | float]:
    examples, model, target = trained.examples, trained.model, trained.target
    days, recipe = np.unique(examples.days), model.recipe
    return {
        "as_of": trained.as_of.isoformat(),
        "definition": target.definition,
        "horizon_days": target.horizon_days,
        "embargo_days": target.embargo_days,
        "snapshots": len(days),
        "first_snapshot": day_of(days[0]),
        "last_snapshot": day_of(days[-1]),
        "examples": len(examples),
        "positives": examples.positives,
        "features": len(model.features.features),
        "depth": recipe.trees.depth,
        "eta": recipe.trees.eta,
        "trees": recipe.trees.rounds,
        "parallel_at_most": recipe.parallel,
        "min_child_weight": round(recipe.min_child_weight, 4),
        "reg_lambda": round(recipe.reg_lambda, 4),
        "colsample_bytree": round(recipe.colsample_bytree, 4),
        "class_weight_power": recipe.balance,
        "linear_share": recipe.linear_share,
        "ridge": recipe.ridge,
        "calibration_rising": round(model.calibration.rising, 4),
        "calibration_falling": round(model.calibration.falling, 4),
        "calibration_level": round(model.calibration.level, 4),
        "monotone": json.dumps(sorted(set(target.signs) & set(model.features.names)))[:500],
    }


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-. /" else "_" for letter in name)
