"""Which past nights a training learns from."""

from __future__ import annotations

from datetime import date, timedelta

from warehouse.core.calendar import built_snapshots, contact_snapshots, training_snapshots
from warehouse.core.configuration import ChurnConfig, Config

AS_OF = date(2026, 11, 1)


def test_the_newest_label_has_ended_before_the_night_and_its_embargo() -> None:
    churn = ChurnConfig(horizon_days=90, embargo_days=7, snapshots=3, snapshot_every_days=30)
    snapshots = training_snapshots(churn, AS_OF)
    assert snapshots[-1] + timedelta(days=90 + 7) == AS_OF
    assert snapshots == [date(2026, 5, 28), date(2026, 6, 27), date(2026, 7, 27)]


def test_an_attribute_label_needs_no_past() -> None:
    assert training_snapshots(ChurnConfig(definition="attribute"), AS_OF) == [AS_OF]


def _config(churn: ChurnConfig, table: str = "tickets") -> Config:
    mapping = {"connector": "files", "path": "unused", "tables": {table: {"from": "unused.csv"}}}
    return Config.model_validate({"sources": {"ticket": mapping}, "churn": churn.model_dump()})


def test_labels_that_look_a_week_ahead_are_learnt_from_later_nights_too() -> None:
    churn = ChurnConfig(horizon_days=90, snapshots=3, snapshot_every_days=30)
    shared = training_snapshots(churn, AS_OF)
    recent = [date(2026, 8, 26), date(2026, 9, 25), date(2026, 10, 25)]
    assert contact_snapshots(_config(churn), AS_OF) == [*shared, *recent]
    assert built_snapshots(_config(churn), AS_OF) == [*shared, *recent]
    assert recent[-1] + timedelta(days=7) == AS_OF


def test_a_company_without_tickets_builds_no_more_nights_than_churn_needs() -> None:
    churn = ChurnConfig(snapshots=3)
    assert contact_snapshots(_config(churn, "ticket_events"), AS_OF) == []
    assert built_snapshots(_config(churn, "ticket_events"), AS_OF) == training_snapshots(churn, AS_OF)


def test_tickets_are_learnt_from_past_nights_where_the_churn_label_is_an_attribute() -> None:
    churn = ChurnConfig(definition="attribute", snapshots=2, snapshot_every_days=30)
    assert contact_snapshots(_config(churn), AS_OF) == [date(2026, 9, 25), date(2026, 10, 25)]
