"""Hillstrom's randomised e-mail test: effects of the e-mails, and whom they change, by `ml/use_cases/effect`."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from ml.arms import Arm, difference, sample_ratio_p_value
from ml.feature_set import discover
from ml.folds import FOLDS
from ml.lake import connect
from ml.use_cases.effect.uplift import Qini, cross_fitted, qini
from tests.evaluations import Evaluation
from warehouse.core.settings import settings_from_environment

DATA = settings_from_environment().datasets / "hillstrom"
CONTROL = "No E-Mail"
OUTCOMES = ("visit", "conversion", "spend")
ERROR_SHARE = 0.05


def read() -> pd.DataFrame:
    """The customers, with a key."""
    file = next(file for file in sorted(DATA.glob("*.csv")))
    return pd.read_csv(file).reset_index(names="customer_key")


def evaluate(work: Path) -> Evaluation:
    """Arm effects with intervals, sample-ratio check, and the Qini of the uplift learner in five folds of customers."""
    customers, lines = read(), list[str]()
    figures: dict[str, float] = {}
    arms = [arm for arm in sorted(customers["segment"].unique()) if arm != CONTROL]
    for arm in arms:
        both = customers[customers["segment"].isin([arm, CONTROL])]
        name = arm.split()[0].lower()
        found = effects_of(both, arm, name)
        figures |= found
        order = uplift_of(both, arm)
        figures |= {f"{name}_qini": order.area, f"{name}_qini_low": order.low, f"{name}_qini_high": order.high}
        lines += [_line(name, outcome, figures) for outcome in OUTCOMES]
        lines.append(
            f"| {arm} | uplift on visit, Qini | {order.area:.5f} | {order.low:.5f} to {order.high:.5f} | "
            f"{_share(order):.0%} of the gain by the first 30 % |"
        )
    figures["n"] = float(len(customers))
    ratios = ", ".join(f"{figures[arm.split()[0].lower() + '_ratio_p']:.2f}" for arm in arms)
    text = f"""{len(customers):,} customers, each e-mailed about men's or women's goods, or not at all, at random;
visits, conversions and spend (USD) of two weeks. Effects are e-mail less no e-mail. The sizes of the arms are as
planned (chi-square p {ratios}). The Qini is visits gained over a random order per e-mailed customer, averaged over all
lengths of the list, by an X-learner that was not trained on the customer.

| arm | figure | effect | 95 % interval | |
|---|---|---|---|---|
{chr(10).join(lines)}
"""
    return Evaluation("Randomised e-mails (Hillstrom)", figures, text)


def effects_of(both: pd.DataFrame, arm: str, name: str) -> dict[str, float]:
    """Effects of one e-mail against none on every outcome."""
    treated = (both["segment"] == arm).to_numpy()
    figures: dict[str, float] = {}
    for outcome in OUTCOMES:
        values = both[outcome].to_numpy(float)
        treatment, control = (Arm.of_values(values[side], int(side.sum())) for side in (treated, ~treated))
        found = difference(treatment, control, outcome != "spend", ERROR_SHARE)
        assert found is not None
        figures |= {
            f"{name}_{outcome}": found.effect,
            f"{name}_{outcome}_low": found.low,
            f"{name}_{outcome}_high": found.high,
        }
        figures[f"{name}_ratio_p"] = sample_ratio_p_value(treatment, control, 0.5)
    return figures


def uplift_of(both: pd.DataFrame, arm: str, outcome: str = "visit") -> Qini:
    """Qini of the learner in five folds."""
    treated, connection = (both["segment"] == arm).to_numpy(), connect()
    known = both.drop(columns=["segment", *OUTCOMES])
    texts = [name for name in known.columns if not pd.api.types.is_numeric_dtype(known[name])]
    wide = known.drop(columns=texts).assign(attributes=known[texts].apply(lambda row: row.to_json(), axis=1))
    connection.register("customers", wide)
    features = discover(connection, "customers", ["customer_key"], texts)
    query = f"select {features.select()} from customers order by customer_key"
    matrix = features.matrix(
        {name: np.asarray(column) for name, column in connection.execute(query).fetchnumpy().items()}
    )
    folds = np.array([zlib.crc32(str(key).encode()) % FOLDS for key in both["customer_key"]])
    outcomes = both[outcome].to_numpy(float)
    return qini(cross_fitted(matrix, treated, outcomes, features, folds), treated, outcomes)


def _share(order: Qini) -> float:
    return float(np.interp(0.3, order.shares, order.curve) / order.curve[-1])


def _line(name: str, outcome: str, figures: dict[str, float]) -> str:
    digits = 3 if outcome == "spend" else 4
    effect, low, high = (figures[f"{name}_{outcome}{end}"] for end in ("", "_low", "_high"))
    return f"| {name} | {outcome} | {effect:+.{digits}f} | {low:.{digits}f} to {high:.{digits}f} | |"
