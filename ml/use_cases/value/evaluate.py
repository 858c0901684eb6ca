"""How well a model that knew nothing of the last days foretells them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from ml.metrics import auc, expected_calibration_error
from ml.use_cases.value.features import DAYS_A_WEEK
from ml.use_cases.value.purchase_counts import Floats
from ml.use_cases.value.train import ContractModel, PurchaseModel

#: Repeat purchases from which a class of buyers begins.
CLASSES = (0, 1, 2, 3, 4, 7, 15)


def foretold_purchases(model: PurchaseModel, histories: pd.DataFrame, days: int) -> Floats:
    """Expected purchases (n,) within `days` of the day of the histories."""
    x, t_x, T = weeks_of(histories)
    return model.counts.expected(x, t_x, T, np.array([days / DAYS_A_WEEK]))[:, 0]


def weeks_of(histories: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Repeat purchases, recency and age (each n), times in weeks."""
    days = (histories[name].to_numpy(float) for name in ("repeat_purchase_days", "recency_days", "age_days"))
    x, t_x, T = days
    return x, t_x / DAYS_A_WEEK, T / DAYS_A_WEEK


def evaluate_purchases(model: PurchaseModel, histories: pd.DataFrame, days: int) -> dict[str, float]:
    """Purchases and margin of the last `days` against a model fitted before them.

    Beside it the naive guess that everybody goes on buying at the rate of before.
    """
    came = histories["later_purchase_days"].to_numpy(float)
    guess, naive = foretold_purchases(model, histories, days), same_as_before(histories, days)
    means = histories["mean_margin_cents"].to_numpy(float)
    margin = guess * model.values.expected(histories["repeat_purchase_days"].to_numpy(float) + 1, means)
    brought = histories["later_margin_cents"].to_numpy(float)
    repeats = histories["repeat_purchase_days"] > 0
    related = np.corrcoef(histories["repeat_purchase_days"][repeats], means[repeats])[0, 1] if repeats.sum() > 2 else 0
    return {
        "n": float(len(histories)),
        "purchases": float(came.sum()),
        "purchases_foretold": float(guess.sum()),
        "purchases_ratio": float(guess.sum() / came.sum()) if came.sum() else float("inf"),
        "purchases_mae": float(np.abs(guess - came).mean()),
        "purchases_mae_naive": float(np.abs(naive - came).mean()),
        "purchases_rmse": float(np.sqrt(((guess - came) ** 2).mean())),
        "purchases_rmse_naive": float(np.sqrt(((naive - came) ** 2).mean())),
        "purchases_correlation": _correlation(guess, came),
        "purchases_correlation_naive": _correlation(naive, came),
        "margin_ratio": float(margin.sum() / brought.sum()) if brought.sum() > 0 else float("nan"),
        "margin_correlation": _correlation(margin, brought),
        "frequency_value_correlation": float(np.nan_to_num(related)),
    }


def same_as_before(histories: pd.DataFrame, days: int) -> Floats:
    """Purchases (n,) within `days` at the rate since the first one."""
    x, _, T = weeks_of(histories)
    return np.asarray(x / T * (days / DAYS_A_WEEK))


def by_frequency(model: PurchaseModel, histories: pd.DataFrame, days: int) -> pd.DataFrame:
    """Mean purchases that came and that were foretold, and the naive guess, per class of repeat purchases."""
    classes = np.searchsorted(CLASSES, histories["repeat_purchase_days"].to_numpy(), side="right") - 1
    names = [f"{low}" if high == low + 1 else f"{low}-{high - 1}" for low, high in pairwise(CLASSES)]
    frame = pd.DataFrame(
        {
            "repeat_purchases": np.array([*names, f"{CLASSES[-1]}+"], dtype=object)[classes],
            "came": histories["later_purchase_days"].to_numpy(float),
            "foretold": foretold_purchases(model, histories, days),
            "same_as_before": same_as_before(histories, days),
        }
    )
    order = frame.assign(position=classes).groupby("position")
    means = order[["came", "foretold", "same_as_before"]].mean()
    return means.assign(repeat_purchases=order["repeat_purchases"].first(), customers=order.size())


def evaluate_contracts(model: ContractModel, histories: pd.DataFrame, days: int) -> dict[str, float]:
    """Losses of the last `days` among contracts that ran before them, against curves fitted before them."""
    running = histories[histories["is_running"]]
    lost = running["is_lost_later"].to_numpy(float)
    risk = 1 - model.survival.surviving(running["tenure_days"].to_numpy(float), running["stratum"], days)
    either = 0 < lost.sum() < len(lost)
    return {
        "n": float(len(running)),
        "losses": float(lost.sum()),
        "losses_foretold": float(risk.sum()),
        "losses_ratio": float(risk.sum() / lost.sum()) if lost.sum() else float("inf"),
        "calibration_error": expected_calibration_error(lost, risk) if len(running) else float("nan"),
        "auc": auc(lost, risk) if either else float("nan"),
    }


def _correlation(one: Floats, other: Floats) -> float:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
