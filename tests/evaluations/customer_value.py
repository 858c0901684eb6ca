"""Online Retail: purchases of the last weeks, predicted by a model trained on earlier ones."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from ml.use_cases.value.evaluate import at_previous_rate, by_frequency, evaluate_purchases, predicted_purchases
from ml.use_cases.value.train import PurchaseModel, fit_purchases
from tests.evaluations import Evaluation
from warehouse.core.settings import settings_from_environment

DATA = settings_from_environment().datasets / "online_retail"
#: The model learns from what lies before each day and predicts the days after it.
LEARNT_UNTIL = (date(2011, 7, 1), date(2011, 9, 10))
HOLDOUT_DAYS = 90
RESAMPLES = 500


def read() -> pd.DataFrame:
    """Days with a purchase: customer, day, amount; cancellations lower the amount of the day on which they came."""
    lines = pd.read_parquet(next(iter(sorted(DATA.glob("*.parquet")))))
    lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
    lines = lines.assign(
        customer_key=lines["CustomerID"].astype(str),
        day=pd.to_datetime(lines["InvoiceDate"]).dt.date,
        amount=lines["Quantity"] * lines["UnitPrice"],
    )
    days = lines.groupby(["customer_key", "day"]).agg(
        amount=("amount", "sum"), bought=("amount", lambda amounts: bool((amounts > 0).any()))
    )
    return days.reset_index()


def histories_of(days: pd.DataFrame, until: date) -> pd.DataFrame:
    """`features.purchase_histories` as of one day, with the purchases of the held-out days."""
    paid, end = days[days["bought"]], until + timedelta(days=HOLDOUT_DAYS)
    before, later = paid[paid["day"] < until], paid[(paid["day"] >= until) & (paid["day"] < end)]
    spent = days[days["day"] < until].groupby("customer_key")["amount"].sum()
    brought = days[(days["day"] >= until) & (days["day"] < end)].groupby("customer_key")["amount"].sum()
    known = before.groupby("customer_key")["day"].agg(["min", "max", "size"])
    frame = pd.DataFrame(
        {
            "repeat_purchase_days": known["size"] - 1,
            "recency_days": [(last - first).days for first, last in zip(known["min"], known["max"], strict=True)],
            "age_days": [(until - first).days for first in known["min"]],
            "mean_margin_cents": 100 * spent.reindex(known.index) / known["size"],
            "later_purchase_days": later.groupby("customer_key").size().reindex(known.index, fill_value=0),
            "later_margin_cents": 100 * brought.reindex(known.index, fill_value=0.0),
        }
    )
    return frame.reset_index()


def evaluate(work: Path) -> Evaluation:
    """Predicted and observed purchases per class of buyers, compared with an unchanged rate, at two seasons."""
    days = read()
    figures: dict[str, float] = {}
    parts = []
    for number, until in enumerate(LEARNT_UNTIL, start=1):
        histories = histories_of(days, until)
        model = fit_purchases(histories)
        found = evaluate_purchases(model, histories, HOLDOUT_DAYS)
        low, high = mean_interval(squared_error_gains(model, histories))
        figures |= {f"{name}_{number}": value for name, value in found.items()}
        figures |= {f"squared_error_gain_low_{number}": low, f"squared_error_gain_high_{number}": high}
        parts.append(_part(until, found, (low, high), by_frequency(model, histories, HOLDOUT_DAYS)))
    text = "\n".join(parts) + "\nThe model has no seasons: it predicts too few purchases in autumn.\n"
    return Evaluation("Value without contracts (Online Retail)", figures, text)


def _part(until: date, found: dict[str, float], gain: tuple[float, float], table: pd.DataFrame) -> str:
    columns = ["repeat_purchases", "customers", "actual", "predicted", "at_previous_rate"]
    lines = "\n".join(
        f"| {name} | {customers:,} | {came:.2f} | {predicted:.2f} | {same:.2f} |"
        for name, customers, came, predicted, same in table[columns].to_numpy().tolist()
    )
    return f"""Trained until {until}, {found["n"]:,.0f} customers: {found["purchases_predicted"]:,.0f} days with a
purchase predicted for {HOLDOUT_DAYS} days, {found["purchases"]:,.0f} observed. Compared with the guess that nothing
changes: correlation with what was observed {found["purchases_correlation"]:.3f}
(naive {found["purchases_correlation_naive"]:.3f}), root mean squared error a customer
{found["purchases_rmse"]:.3f} ({found["purchases_rmse_naive"]:.3f}; squared error lower by
{gain[0]:.3f} to {gain[1]:.3f}), mean absolute error {found["purchases_mae"]:.3f} ({found["purchases_mae_naive"]:.3f}:
it favours a guess of zero for the many who do not return). Predicted margin over observed margin
{found["margin_ratio"]:.2f}, correlation {found["margin_correlation"]:.3f}.

| repeat purchases | customers | observed | predicted | same as before |
|---|---|---|---|---|
{lines}
"""


def squared_error_gains(model: PurchaseModel, histories: pd.DataFrame) -> np.ndarray:
    """Squared error of the naive prediction less that of the model (n,)."""
    came = histories["later_purchase_days"].to_numpy(float)
    guess, naive = predicted_purchases(model, histories, HOLDOUT_DAYS), at_previous_rate(histories, HOLDOUT_DAYS)
    return np.asarray((naive - came) ** 2 - (guess - came) ** 2)


def mean_interval(gains: np.ndarray) -> tuple[float, float]:
    """Bootstrap interval (95 %) of the mean."""
    random = np.random.default_rng(1)
    means = [gains[random.integers(0, len(gains), len(gains))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
