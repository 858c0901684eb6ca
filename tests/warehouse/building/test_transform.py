"""The dbt stages on a small lake: two nights, what they leave in lake and warehouse, and how they fail."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.dbt_project.small_lake import SmallLake
from warehouse.building.build_report import list_notes
from warehouse.building.dbt_process import read_project, run_dbt
from warehouse.building.read_back import READ_BACK, write_empty_schemas
from warehouse.building.transform import build, build_features, decide, variables
from warehouse.core.errors import BuildError
from warehouse.core.reports import StageReport
from warehouse.core.settings import PROJECT, Settings

PAST = date(2026, 1, 1)
NIGHT = date(2026, 4, 1)
START = datetime(2025, 1, 1)


def at(night: date, days: float) -> datetime:
    return datetime.combine(night, datetime.min.time()) + timedelta(days=days)


def customer(customer_id: str, **columns: Any) -> dict[str, Any]:
    attributes = '{"tariff": "basic", "secret": "x"}'
    return {"customer_id": customer_id, "created_at": START, "updated_at": START, "attributes": attributes} | columns


def order(order_id: str, customer_id: str, ordered_at: datetime, amount_cents: float) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_id": "1",
        "customer_id": customer_id,
        "ordered_at": ordered_at,
        "product_id": "p",
        "quantity": 1,
        "amount_cents": amount_cents,
    }


def contract(customer_id: str, **columns: Any) -> dict[str, Any]:
    plain = {"subscription_id": f"s-{customer_id}", "customer_id": customer_id, "started_at": START}
    return plain | {"updated_at": START, "monthly_price_cents": 10000, "plan": "basic"} | columns


def land_nights(lake: SmallLake) -> None:
    """What was landed on PAST, and what came afterwards: orders, a price rise, a cancellation, a move of region."""
    lake.land(
        "crm.customers",
        PAST,
        [
            customer("stays", region="north"),
            customer("leaves", region="south"),
            customer("optout", is_contactable=False),
        ],
    )
    lake.land("crm.subscriptions", PAST, [contract("stays"), contract("leaves"), contract("optout")])
    lake.land(
        "crm.orders", PAST, [order("o1", "stays", at(PAST, -10), 5000), order("r1", "stays", at(PAST, -0.1), -1000)]
    )
    lake.land(
        "crm.employees", PAST, [{"employee_id": "e1", "role": "agent", "contacts_per_day": 5, "updated_at": START}]
    )
    lake.land("crm.customers", NIGHT, [customer("stays", region="west", updated_at=at(NIGHT, -20))])
    later = [
        contract("stays", monthly_price_cents=12000, updated_at=at(NIGHT, -30)),
        contract("leaves", cancelled_at=at(NIGHT, -30), updated_at=at(NIGHT, -30)),
    ]
    lake.land("crm.subscriptions", NIGHT, later)
    lake.land("crm.orders", NIGHT, [order("o2", "stays", at(PAST, 0), 7000)])


def land_scores(settings: Settings, keys: list[str]) -> None:
    """Scores as the score stage writes them: everybody at 50 %, one reason."""
    tables = {
        "churn": "0.5 as churn_probability, 10 as risk_decile",
        "churn_reasons": "1 as reason_rank, 'price_increase' as reason_code, 'The price rose' as reason_en, "
        "'价格上涨' as reason_zh, 1.5 as contribution",
    }
    for table, columns in tables.items():
        file = settings.scores / table / f"as_of={NIGHT}" / "part-0.parquet"
        file.parent.mkdir(parents=True)
        rows = " union all ".join(
            f"select '{key}' as customer_key, date '{NIGHT}' as as_of, {columns}, '1' as model_version, 'r' as run_id"
            for key in keys
        )
        duckdb.sql(f"copy ({rows}) to '{file}' (format parquet)")


def parquet(file: Path) -> list[dict[str, Any]]:
    relation = duckdb.sql(f"select * from read_parquet('{file}', hive_partitioning = false) order by all")
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def settings_in(home: Path) -> Settings:
    config = home / "rapport.yml"
    config.parent.mkdir(parents=True, exist_ok=True)
    tables = {"customers": {"from": "c", "attributes": ["tariff"]}, "orders": {"from": "o"}}
    source = {"crm": {"connector": "files", "path": ".", "tables": tables}}
    config.write_text(
        yaml.safe_dump({"company": "small", "sources": source, "retention": {"holdout_share": 0}}), encoding="utf-8"
    )
    return Settings(home=home, config_path=config, datasets=home)


@dataclass(frozen=True)
class Nights:
    """Two nights, and the features of the first as it saw them itself."""

    settings: Settings
    first: StageReport
    past_features: list[dict[str, Any]]
    training: StageReport
    decided: StageReport

    def rows(self, query: str) -> list[Any]:
        with duckdb.connect(str(self.settings.warehouse_file), read_only=True) as reader:
            return reader.execute(query).fetchall()

    def features(self, table: str, night: date) -> list[dict[str, Any]]:
        return parquet(self.settings.features / table / f"as_of={night}" / "part-0.parquet")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    settings = settings_in(tmp_path_factory.mktemp("nights"))
    land_nights(SmallLake(settings.home))
    settings.warehouse_file.write_bytes(b"cut off by a kill" * 1000)
    first = build(settings, PAST)
    past = parquet(settings.features / "customer_features" / f"as_of={PAST}" / "part-0.parquet")
    build(settings, NIGHT)
    training = build_features(settings, NIGHT, [PAST])
    land_scores(settings, [row["customer_key"] for row in past])
    return Nights(settings, first, past, training, decide(settings, NIGHT))


def test_a_warehouse_that_cannot_be_opened_is_rebuilt_with_a_note(nights: Nights) -> None:
    assert nights.first.notes == ("warehouse.duckdb could not be opened; full refresh from the lake",)


def test_report_has_status_and_rows_of_every_model(nights: Nights) -> None:
    tables = {table.table: table for table in nights.first.tables}
    assert {table.status for table in tables.values()} == {"success"}
    assert tables["marts.dim_customers"].rows_out == 3
    assert tables["features.customer_features"].rows_out == 3
    assert "marts.customer_360" not in tables
    assert {table.table for table in nights.decided.tables} >= {
        "marts.customer_360",
        "scores.churn",
        "quality.row_accounts",
    }


def test_a_second_night_and_later_stages_do_not_parse_the_project_again(nights: Nights) -> None:
    logs = {stage: (nights.settings.logs / f"dbt_{stage}.log").read_text() for stage in ("build", "decide")}
    assert logs["build"].count("Unable to do partial parsing") == 1
    assert "Unable to do partial parsing" not in logs["decide"]


def test_features_of_a_past_night_use_only_data_of_that_night(nights: Nights) -> None:
    assert len(nights.past_features) == 3
    assert nights.features("customer_features", PAST) == nights.past_features


def test_features_count_only_what_happened_before_the_night(nights: Nights) -> None:
    stays = nights.past_features[_position(nights, "stays", nights.past_features)]
    assert (stays["orders_total"], stays["net_revenue_cents_30d"], stays["days_since_last_order"]) == (1, 4000, 10)
    assert (stays["monthly_price_cents"], stays["price_change_share_90d"]) == (10000, 0)
    tonight = nights.features("customer_features", NIGHT)
    stays = tonight[_position(nights, "stays", tonight)]
    assert (stays["orders_total"], stays["monthly_price_cents"]) == (2, 12000)
    assert stays["price_change_share_90d"] == pytest.approx(0.2)


def test_features_of_absent_tables_are_empty(nights: Nights) -> None:
    absent = ("tickets_90d", "usage_minutes_28d", "contacts_28d", "points_balance", "last_csat", "mentions_90d")
    assert {row[name] for row in nights.past_features for name in absent} == {None}


def test_attributes_are_those_that_the_configuration_names(nights: Nights) -> None:
    stays = nights.past_features[_position(nights, "stays", nights.past_features)]
    attributes = yaml.safe_load(stays["attributes"])
    assert attributes["tariff"] == "basic"
    assert attributes["region"] == "north"
    assert "secret" not in attributes


def test_labels_mark_customers_who_left_within_the_horizon(nights: Nights) -> None:
    labels = {row["customer_key"]: row for row in nights.features("churn_labels", PAST)}
    churned = {customer_id: labels[key]["is_churned"] for customer_id, key in _keys(nights).items()}
    assert churned == {"stays": False, "leaves": True, "optout": False}
    assert {row["known_from"] for row in labels.values()} == {PAST + timedelta(days=90)}


def test_list_holds_contactable_customers_with_profit_their_action_and_owner(nights: Nights) -> None:
    listed = nights.rows(
        "select customer_id, recommended_action, owner_id, expected_profit_cents, due_date, run_id "
        "from marts.retention_risk_list"
    )
    value = 0.5 * 12000 * 12 * 0.4
    assert listed == [
        ("stays", "lock_price", "e1", value * 0.2 - 500 - 3000, NIGHT + timedelta(days=2), f"nightly-{NIGHT}")
    ]


def test_customer_360_has_every_customer_once_with_action_and_reason(nights: Nights) -> None:
    rows = nights.rows(
        "select customer_id, region, is_on_retention_list, reason_1_zh, next_best_action from marts.customer_360 "
        "order by customer_id"
    )
    assert [row[0] for row in rows] == ["leaves", "optout", "stays"]
    assert rows[2][1:] == ("west", True, "价格上涨", "lock_price")
    assert rows[1][2] is False


def test_a_warehouse_in_use_by_another_process_is_named_and_not_changed(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    file = str(settings.warehouse_file)
    hold = f"import duckdb, sys; c = duckdb.connect({file!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(BuildError, match="in use by another process; close the program that has it open"):
            build(settings, NIGHT)
        holder.terminate()
    assert settings.warehouse_file.exists()


def test_a_model_that_fails_is_named_with_its_file_and_hides_values_of_cells(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    SmallLake(settings.home)
    file = settings.landing / "crm" / "employees" / "as_of=2026-01-01" / "1.parquet"
    file.parent.mkdir(parents=True)
    duckdb.sql(f"copy (select 'Ann Example' as hired_at) to '{file}' (format parquet)")
    (settings.landing / "crm" / "employees" / "schema.parquet").unlink()
    arguments = ["--select", "stg_crm__employees", "--exclude-resource-type", "unit_test"]
    with pytest.raises(BuildError) as failure:
        run_dbt(settings, "build", arguments, variables(settings, NIGHT, [NIGHT]))
    message = str(failure.value)
    assert "build: dbt could not build staging.stg_crm__employees" in message
    assert "dbt_project/models/staging/crm/stg_crm__employees.sql" in message
    assert str(settings.logs / "dbt_build.log") in message
    assert "Ann Example" not in message and "\n" not in message


def test_a_project_that_is_read_ahead_is_not_read_again_for_any_night(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    read_project(settings, variables(settings, PAST, [PAST]))
    run_dbt(settings, "build", ["--select", "metric_windows"], variables(settings, NIGHT, [NIGHT]))
    log = (settings.logs / "dbt_build.log").read_text(encoding="utf-8")
    assert "Completed successfully" in log
    assert "full parse" not in log


def test_first_night_finds_empty_scores_and_lists(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_empty_schemas(settings)
    for contract, folder in READ_BACK.items():
        file = settings.home / "lake" / folder / "schema.parquet"
        assert duckdb.sql(f"select * from '{file}'").fetchall() == []
        described = yaml.safe_load((PROJECT / "dbt_project" / contract).read_text(encoding="utf-8"))
        columns = [column["name"] for column in described["models"][0]["columns"]]
        assert duckdb.sql(f"select * from '{file}'").columns == columns


def _keys(nights: Nights) -> dict[str, str]:
    return dict(nights.rows("select customer_id, customer_key from marts.dim_customers where is_current"))


def _position(nights: Nights, customer_id: str, rows: list[dict[str, Any]]) -> int:
    return [row["customer_key"] for row in rows].index(_keys(nights)[customer_id])


def test_a_repeated_night_rebuilds_only_if_features_of_earlier_nights_changed(nights: Nights) -> None:
    after_training = build(nights.settings, NIGHT)
    assert after_training.notes == (
        "already built for this night; recomputed: models that read features of past nights",
    )
    again = build(nights.settings, NIGHT)
    assert again.notes == ("already built for this night, and nothing that it reads has changed",)
    assert again.tables == ()


@pytest.mark.parametrize(
    ("scored", "listed", "at_risk", "note"),
    [
        (0, 0, None, "no churn scores for 2026-04-01, so the retention list is empty"),
        (3, 0, 0, "the retention list is empty: the value of customers is not known"),
        (3, 0, 900, "the retention list is empty: nobody who may be contacted is worth more than a contact costs"),
        (3, 2, 900, "2 of 2 customers on the retention list have no owner"),
    ],
)
def test_a_list_that_is_empty_or_without_owners_has_a_note_with_the_reason(
    tmp_path: Path, scored: int, listed: int, at_risk: float | None, note: str
) -> None:
    settings = settings_in(tmp_path)
    with duckdb.connect(str(settings.warehouse_file)) as warehouse:
        for schema in ("scores", "marts", "intermediate"):
            warehouse.execute(f"create schema {schema}")
        warehouse.execute(f"create table scores.churn as from range({scored})")
        warehouse.execute(f"create table marts.retention_risk_list as select null as owner_id from range({listed})")
        warehouse.execute(
            "create table intermediate.int_retention__candidates as "
            f"select {'null' if at_risk is None else at_risk} as value_at_risk_cents"
        )
    [reason] = list_notes(settings, NIGHT)
    assert reason.startswith(note) and "\n" not in reason
