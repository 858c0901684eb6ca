"""Which past nights a training learns from."""

from __future__ import annotations

from datetime import date, timedelta

from warehouse.calendar import training_snapshots
from warehouse.configuration import ChurnConfig

AS_OF = date(2026, 11, 1)


def test_the_newest_label_has_ended_before_the_night_and_its_embargo() -> None:
    churn = ChurnConfig(horizon_days=90, embargo_days=7, snapshots=3, snapshot_every_days=30)
    snapshots = training_snapshots(churn, AS_OF)
    assert snapshots[-1] + timedelta(days=90 + 7) == AS_OF
    assert snapshots == [date(2026, 5, 28), date(2026, 6, 27), date(2026, 7, 27)]


def test_an_attribute_label_needs_no_past() -> None:
    assert training_snapshots(ChurnConfig(definition="attribute"), AS_OF) == [AS_OF]
