"""Listing the quarantine, and replaying it after a rule or the configuration has changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from expectations.landed import check
from expectations.landed.replay import replay
from tests.expectations.landed_files import customer, land, make_settings, order, quarantined
from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings
from warehouse.quarantine import list_quarantine, show

NIGHT = date(2024, 3, 1)
NEXT = date(2024, 3, 2)


@pytest.fixture
def checked(settings: Settings) -> Settings:
    """A night with an old order, an orphan, and a customer with a cell that is not a timestamp."""
    wrong = customer(2, name="Zoe Quill", _rejected={"updated_at": "soon", "birth_date": "31/02/1990"}, updated_at=None)
    land(settings, "crm.customers", "2024-03-01", [customer(1), wrong])
    rows = [order(1, ordered_at="1985-01-01"), order(2, customer_id="C9"), order(3, ordered_at="1971-01-01")]
    land(settings, "crm.orders", "2024-03-01", [*rows, order(4)])
    check(settings, NIGHT)
    return settings


def test_list_counts_entries_by_table_and_rule(checked: Settings) -> None:
    found = [(row["table"], row["rule"], row["quarantined"], row["released"]) for row in list_quarantine(checked)]
    assert found == [
        ("crm.orders", "long_ago", 2, 0),
        ("crm.customers", "not_a_timestamp", 1, 0),
        ("crm.orders", "orphan_customer_id", 1, 0),
    ]


def test_the_list_of_an_earlier_night_leaves_out_later_nights(checked: Settings) -> None:
    land(checked, "crm.customers", "2024-03-02", [customer(9)])
    check(checked, NEXT)
    orphans = {
        night: [
            (row["quarantined"], row["released"]) for row in list_quarantine(checked, night) if "orphan" in row["rule"]
        ]
        for night in (NIGHT, NEXT)
    }
    assert orphans == {NIGHT: [(1, 0)], NEXT: [(0, 1)]}


def test_show_masks_personal_data_unless_asked(checked: Settings) -> None:
    (masked,) = show(checked, "crm.customers", rule="not_a_timestamp")
    assert masked["reason"] == "updated_at is not a timestamp"
    assert json.loads(masked["cells"])["name"] == "***"
    assert json.loads(masked["cells"])["customer_id"] == "C2"
    assert "Zoe" not in str(masked) and "31/02" not in str(masked)
    (plain,) = show(checked, "crm.customers", unmasked=True)
    assert json.loads(plain["cells"])["name"] == "Zoe Quill"
    assert json.loads(plain["cells"])["rejected_cells"] == {"updated_at": "soon", "birth_date": "31/02/1990"}


def test_show_gives_no_more_rows_than_asked_for(checked: Settings) -> None:
    assert len(show(checked, "crm.orders")) == 3
    assert [row["row"] for row in show(checked, "crm.orders", limit=1)] == [1]


def test_show_of_an_unknown_table_names_those_there_are(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match=r"no table crm\.order; expected one of crm\.customers"):
        show(settings, "crm.order")


def test_replay_releases_rows_that_pass_the_current_rules(checked: Settings, tmp_path: Path) -> None:
    lenient = make_settings(tmp_path, {"earliest_event": "1980-01-01"})
    report = replay(lenient, NEXT)
    assert (report.rows_in, report.rows_out, report.rows_rejected) == (4, 1, 3)
    assert quarantined(checked, "crm.orders") == [
        ("2024-03-01-01", 1, "long_ago", "2024-03-02"),
        ("2024-03-01-01", 2, "orphan_customer_id", None),
        ("2024-03-01-01", 3, "long_ago", None),
    ]
    assert quarantined(checked, "crm.customers") == [("2024-03-01-01", 2, "not_a_timestamp", None)]


def test_replay_of_one_table_does_not_touch_the_others(checked: Settings, tmp_path: Path) -> None:
    lenient = make_settings(tmp_path, {"earliest_event": "1980-01-01"})
    assert replay(lenient, NEXT, "crm.customers").rows_out == 0
    assert [released for *_, released in quarantined(checked, "crm.orders")] == [None, None, None]


def test_replay_without_a_change_releases_nothing(checked: Settings) -> None:
    assert replay(checked, NEXT).rows_out == 0
