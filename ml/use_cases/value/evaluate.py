"""Test of the value models: a model fitted on the time before the holdout days predicts those days."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from ml.metrics import auc, expected_calibration_error
from ml.use_cases.value.features import DAYS_A_WEEK
from ml.use_cases.value.purchase_counts import Floats
from ml.use_cases.value.train import ContractModel, PurchaseModel

#: Lowest number of repeat purchases of each class of buyers.
CLASSES = (0, 1, 2, 3, 4, 7, 15)


def predicted_purchases(model: PurchaseModel, histories: pd.DataFrame, days: int) -> Floats:
    """Expected purchases (n,) in the `days` after the day of the histories."""
    x, t_x, T = weeks_of(histories)
    return model.counts.expected(x, t_x, T, np.array([days / DAYS_A_WEEK]))[:, 0]


def weeks_of(histories: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Repeat purchases, recency and age (each (n,)), times in weeks."""
    days = (histories[name].to_numpy(float) for name in ("repeat_purchase_days", "recency_days", "age_days"))
    x, t_x, T = days
    return x, t_x / DAYS_A_WEEK, T / DAYS_A_WEEK


def evaluate_purchases(model: PurchaseModel, histories: pd.DataFrame, days: int) -> dict[str, float]:
    """Errors of the predicted purchases and margin of the last `days`, by a model fitted on the time before them.

    For comparison a naive prediction: each customer buys at the same rate as before.
    """
    actual = histories["later_purchase_days"].to_numpy(float)
    predicted, naive = predicted_purchases(model, histories, days), at_previous_rate(histories, days)
    means = histories["mean_margin_cents"].to_numpy(float)
    margin = predicted * model.values.expected(histories["repeat_purchase_days"].to_numpy(float) + 1, means)
    actual_margin = histories["later_margin_cents"].to_numpy(float)
    repeats = histories["repeat_purchase_days"] > 0
    related = np.corrcoef(histories["repeat_purchase_days"][repeats], means[repeats])[0, 1] if repeats.sum() > 2 else 0
    return {
        "n": float(len(histories)),
        "purchases": float(actual.sum()),
        "purchases_predicted": float(predicted.sum()),
        "purchases_ratio": float(predicted.sum() / actual.sum()) if actual.sum() else float("inf"),
        "purchases_mae": float(np.abs(predicted - actual).mean()),
        "purchases_mae_naive": float(np.abs(naive - actual).mean()),
        "purchases_rmse": float(np.sqrt(((predicted - actual) ** 2).mean())),
        "purchases_rmse_naive": float(np.sqrt(((naive - actual) ** 2).mean())),
        "purchases_correlation": _correlation(predicted, actual),
        "purchases_correlation_naive": _correlation(naive, actual),
        "margin_ratio": float(margin.sum() / actual_margin.sum()) if actual_margin.sum() > 0 else float("nan"),
        "margin_correlation": _correlation(margin, actual_margin),
        "frequency_value_correlation": float(np.nan_to_num(related)),
    }


def at_previous_rate(histories: pd.DataFrame, days: int) -> Floats:
    """Purchases (n,) within `days` at the rate since the first purchase."""
    x, _, T = weeks_of(histories)
    return np.asarray(x / T * (days / DAYS_A_WEEK))


def by_frequency(model: PurchaseModel, histories: pd.DataFrame, days: int) -> pd.DataFrame:
    """Mean actual, predicted and naively predicted purchases, one row per class of repeat purchases."""
    classes = np.searchsorted(CLASSES, histories["repeat_purchase_days"].to_numpy(), side="right") - 1
    names = [f"{low}" if high == low + 1 else f"{low}-{high - 1}" for low, high in pairwise(CLASSES)]
    frame = pd.DataFrame(
        {
            "repeat_purchases": np.array([*names, f"{CLASSES[-1]}+"], dtype=object)[classes],
            "actual": histories["later_purchase_days"].to_numpy(float),
            "predicted": predicted_purchases(model, histories, days),
            "at_previous_rate": at_previous_rate(histories, days),
        }
    )
    order = frame.assign(position=classes).groupby("position")
    means = order[["actual", "predicted", "at_previous_rate"]].mean()
    return means.assign(repeat_purchases=order["repeat_purchases"].first(), customers=order.size())


def evaluate_contracts(model: ContractModel, histories: pd.DataFrame, days: int) -> dict[str, float]:
    """Errors of the predicted losses of the last `days` among running contracts, by curves fitted earlier."""
    running = histories[histories["is_running"]]
    lost = running["is_lost_later"].to_numpy(float)
    risk = 1 - model.survival.surviving(running["tenure_days"].to_numpy(float), running["stratum"], days)
    has_both = 0 < lost.sum() < len(lost)
    return {
        "n": float(len(running)),
        "losses": float(lost.sum()),
        "losses_predicted": float(risk.sum()),
        "losses_ratio": float(risk.sum() / lost.sum()) if lost.sum() else float("inf"),
        "calibration_error": expected_calibration_error(lost, risk) if len(running) else float("nan"),
        "auc": auc(lost, risk) if has_both else float("nan"),
    }


def _correlation(one: Floats, other: Floats) -> float:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
