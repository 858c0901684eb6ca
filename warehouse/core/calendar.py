"""Which past nights the models learn from: a list of snapshots for each label, by how far the label looks ahead."""

from __future__ import annotations

from datetime import date, timedelta

from warehouse.core.configuration import ChurnConfig, Config

#: A ticket within 48 hours and a complaint within 7 days are both known after 7 days.
CONTACT_HORIZON_DAYS = 7


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


def contact_snapshots(config: Config, as_of: date) -> list[date]:
    """The nights whose `contact_labels` a training on `as_of` uses, ascending; none where the company has no tickets.

    The labels look only a few days ahead, so the nights between the newest of `training_snapshots` and `as_of` say
    something too: as_of - 7 - k * snapshot_every_days, beside all of those that churn is learnt from.
    """
    if config.mapping("ticket.tickets") is None:
        return []
    churn, newest = config.churn, as_of - timedelta(days=CONTACT_HORIZON_DAYS)
    shared = [night for night in training_snapshots(churn, as_of) if night <= newest]
    recent = [newest - timedelta(days=churn.snapshot_every_days * k) for k in range(churn.snapshots)]
    return sorted({*shared, *(night for night in recent if not shared or night > shared[-1])})


def built_snapshots(config: Config, as_of: date) -> list[date]:
    """Every past night that some training on `as_of` uses, ascending: their features and labels are built together."""
    return sorted({*training_snapshots(config.churn, as_of), *contact_snapshots(config, as_of)})
