"""Past nights (snapshots) that the models learn from: one list for each length of the label window."""

from __future__ import annotations

from datetime import date, timedelta

from warehouse.core.configuration import ChurnConfig, Config

#: Longest label window of `contact_labels`: a ticket within 48 hours, a complaint within 7 days.
CONTACT_HORIZON_DAYS = 7


def training_snapshots(churn: ChurnConfig, as_of: date) -> list[date]:
    """The nights whose features and labels a training on `as_of` uses, ascending.

    A snapshot S is used if its label window of `horizon_days` ended at least `embargo_days` before `as_of`:
    S = as_of - horizon_days - embargo_days - k * snapshot_every_days, k = 0 .. snapshots - 1. A label that is an
    attribute of the customer has no window; its only snapshot is `as_of`.
    """
    if churn.definition == "attribute":
        return [as_of]
    newest = as_of - timedelta(days=churn.horizon_days + churn.embargo_days)
    return [newest - timedelta(days=churn.snapshot_every_days * k) for k in reversed(range(churn.snapshots))]


def contact_snapshots(config: Config, as_of: date) -> list[date]:
    """The nights whose `contact_labels` a training on `as_of` uses, ascending; none where the company has no tickets.

    The label windows are only a few days long, so the nights between the newest of `training_snapshots` and `as_of` are
    used, too: as_of - 7 - k * snapshot_every_days, in addition to the snapshots of churn.
    """
    if config.mapping("ticket.tickets") is None:
        return []
    churn, newest = config.churn, as_of - timedelta(days=CONTACT_HORIZON_DAYS)
    shared = [night for night in training_snapshots(churn, as_of) if night <= newest]
    recent = [newest - timedelta(days=churn.snapshot_every_days * k) for k in range(churn.snapshots)]
    return sorted({*shared, *(night for night in recent if not shared or night > shared[-1])})


def built_snapshots(config: Config, as_of: date) -> list[date]:
    """All past nights that any training on `as_of` uses, ascending. Their features and labels are built together."""
    return sorted({*training_snapshots(config.churn, as_of), *contact_snapshots(config, as_of)})
