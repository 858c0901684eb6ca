"""Fit the two models of value, and store them as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ml.use_cases.value import purchase_counts, purchase_values, survival
from ml.use_cases.value.features import purchases_of
from ml.use_cases.value.purchase_counts import PurchaseCounts
from ml.use_cases.value.purchase_values import PurchaseValues
from ml.use_cases.value.survival import Survival
from warehouse.core.errors import ModelError

FEWEST_BUYERS = 200
FEWEST_REPEATS = 100
FEWEST_LOSSES = 20


@dataclass(frozen=True)
class PurchaseModel:
    """The number of future purchases of a customer, and the margin of one purchase."""

    counts: PurchaseCounts
    values: PurchaseValues

    def to_json(self) -> dict[str, object]:
        return {"counts": self.counts.to_json(), "values": self.values.to_json()}

    def save(self, folder: Path, name: str) -> None:
        _write(folder, name, self.to_json())

    @classmethod
    def load(cls, folder: Path, name: str) -> PurchaseModel:
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(PurchaseCounts(**content["counts"]), PurchaseValues(**content["values"]))


@dataclass(frozen=True)
class ContractModel:
    """How long contracts run."""

    survival: Survival

    def save(self, folder: Path, name: str) -> None:
        _write(folder, name, self.survival.to_json())

    @classmethod
    def load(cls, folder: Path, name: str) -> ContractModel:
        return cls(Survival.from_json(json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))))


def fit_purchases(histories: pd.DataFrame) -> PurchaseModel:
    """The maximum-likelihood model of these purchase histories.

    The first purchase counts for the margin of a purchase: most customers have no other.

    Raises:
        ModelError: too few customers bought, or bought again.
    """
    repeats = int(histories["repeat_purchase_days"].sum())
    if len(histories) < FEWEST_BUYERS or repeats < FEWEST_REPEATS:
        raise ModelError(
            f"{len(histories)} customers with {repeats} repeat purchases; {FEWEST_BUYERS} customers with "
            f"{FEWEST_REPEATS} are needed"
        )
    known = purchases_of(histories)
    counts = purchase_counts.fit(known.x, known.t_x, known.T, known.counts)
    means = histories["mean_margin_cents"].to_numpy(float)
    if not (means > 0).any():
        raise ModelError("no purchase has a margin; map the amounts of crm.orders")
    return PurchaseModel(counts, purchase_values.fit(histories["repeat_purchase_days"].to_numpy(float) + 1, means))


def fit_contracts(hazards: pd.DataFrame) -> ContractModel:
    """The survival curves of these rows of `features.contract_hazards`.

    Raises:
        ModelError: too few contracts ended.
    """
    losses = int(hazards["loss_count"].sum())
    if losses < FEWEST_LOSSES:
        raise ModelError(f"{losses} contracts ended within the year before, {FEWEST_LOSSES} are needed")
    return ContractModel(survival.fit(hazards))


def _write(folder: Path, name: str, content: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
