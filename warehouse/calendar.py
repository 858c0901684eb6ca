"""Which past nights the models learn from."""

from __future__ import annotations

from datetime import date, timedelta

from warehouse.configuration import ChurnConfig


def training_snapshots(churn: ChurnConfig, as_of: date) -> list[date]:
    """The nights whose features and labels a training on `as_of` uses, ascending.

    A snapshot S is usable when its label, which looks `horizon_days` ahead, had ended `embargo_days` before `as_of`:
    S = as_of - horizon_days - embargo_days - k * snapshot_every_days, k = 0 .. snapshots - 1. Where the label is an
    attribute that the company brings, there is no looking ahead and the only snapshot is `as_of`.
    """
    if churn.definition == "attribute":
        return [as_of]
    newest = as_of - timedelta(days=churn.horizon_days + churn.embargo_days)
    return [newest - timedelta(days=churn.snapshot_every_days * k) for k in reversed(range(churn.snapshots))]
