"""The two dbt stages of a night, `build` and `decide`, and the features of past nights for training.

dbt reads the lake and writes the warehouse; what the models learn from and score is then written to the lake.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.configuration import Config
from warehouse.dbt_process import DBT_PROJECT, NodeResult, run_dbt
from warehouse.errors import BuildError
from warehouse.reports import StageReport, TableCount
from warehouse.settings import Settings

NIGHTLY_FEATURES = ("customer_features", "survey_drivers")
TRAINING_FEATURES = ("customer_features", "churn_labels")
#: Tables that later stages write to the lake and dbt reads: their yml contract, their folder in the lake.
READ_BACK = {
    "models/scores/churn.yml": "scores/churn",
    "models/scores/churn_reasons.yml": "scores/churn_reasons",
    "models/scores/satisfaction_drivers.yml": "scores/satisfaction_drivers",
    "models/lists/retention_risk_list.yml": "lists/retention_risk_list",
}
#: Unit tests prove the SQL, not the night's data: `make test` runs them. Seeds are made anew: their columns may change.
_ALWAYS = ("--exclude-resource-type", "unit_test", "--full-refresh")


def build(settings: Settings, as_of: date) -> StageReport:
    """Build and test customers, facts, metrics and features of a night; write the features to the lake.

    A warehouse file that cannot be opened is made anew from the lake.

    Raises:
        BuildError: naming the failing model or test, why, and what to do; the features in the lake are then untouched.
    """
    notes = _usable_warehouse(settings)
    _built_marker(settings).unlink(missing_ok=True)
    write_empty_schemas(settings)
    results = run_dbt(settings, "build", [*_ALWAYS, "--exclude", "tag:decide"], variables(settings, as_of, [as_of]))
    for table in NIGHTLY_FEATURES:
        _write_features(settings, table, as_of)
    _built_marker(settings).write_text(as_of.isoformat(), encoding="utf-8")
    return _report(settings, "build", results, notes)


def build_features(settings: Settings, as_of: date, snapshots: Sequence[date]) -> StageReport:
    """Build the features and labels of past nights as far as they are known on `as_of`; write them to the lake.

    Reads the warehouse that `build` of the same night made. Labels exist only for snapshots whose horizon has ended.

    Raises:
        BuildError: as `build`, or where the warehouse is not that of `as_of`.
    """
    _require_built(settings, as_of)
    wanted = sorted({*snapshots, as_of})
    select = ["--select", "int_features__snapshots+", "--exclude", "tag:decide", *_ALWAYS]
    results = run_dbt(settings, "build_features", select, variables(settings, as_of, wanted))
    for snapshot in snapshots:
        for table in TRAINING_FEATURES:
            _write_features(settings, table, snapshot)
    return _report(settings, "build_features", results)


def decide(settings: Settings, as_of: date) -> StageReport:
    """Publish the scores into the warehouse and decide whom to contact: scores, lists, customer_360, quality.

    Raises:
        BuildError: as `build`, or where the warehouse is not that of `as_of`.
    """
    _require_built(settings, as_of)
    write_empty_schemas(settings)
    results = run_dbt(settings, "decide", [*_ALWAYS, "--select", "tag:decide"], variables(settings, as_of, [as_of]))
    report = _report(settings, "decide", results)
    scored = next((table.rows_out for table in report.tables if table.table == "scores.churn"), 0)
    if scored:
        return report
    note = f"no churn scores for {as_of}, so the retention list is empty; `rapport train` makes a model"
    return StageReport(report.stage, report.rows_in, report.rows_out, 0, report.tables, (*report.notes, note))


def variables(settings: Settings, as_of: date, snapshots: Sequence[date]) -> dict[str, Any]:
    """The dbt variables of a night: its date, where the lake is, and the numbers of `rapport.yml`."""
    config = settings.config
    sections = {"churn": config.churn, "satisfaction": config.satisfaction, "retention": config.retention}
    numbers = {
        f"{section}_{name}": value
        for section, values in sections.items()
        for name, value in values.model_dump(mode="json").items()
    }
    return {
        **numbers,
        "as_of": as_of.isoformat(),
        "snapshots": [snapshot.isoformat() for snapshot in snapshots],
        "lake": str(settings.home / "lake"),
        "company": config.company,
        "currency": config.currency,
        "attributes": _attributes(config),
    }


def _attributes(config: Config) -> list[str]:
    """The company's own customer columns that models may use, and the label where the company brings one."""
    mapping = config.mapping("crm.customers")
    label = config.churn.label_attribute
    return sorted({*(mapping.attributes if mapping else ()), *([label] if label else ())})


def write_empty_schemas(settings: Settings) -> None:
    """Write the zero-row `schema.parquet` of every score and list that is read back, so that a first night finds it."""
    for contract, folder in READ_BACK.items():
        file = settings.home / "lake" / folder / "schema.parquet"
        if file.exists():
            continue
        content = yaml.safe_load((DBT_PROJECT / contract).read_text(encoding="utf-8"))
        columns = ", ".join(
            f'cast(null as {column["data_type"]}) as "{column["name"]}"' for column in content["models"][0]["columns"]
        )
        _copy(duckdb.connect(), f"select {columns} where false", file)


def _usable_warehouse(settings: Settings) -> tuple[str, ...]:
    """Open the warehouse once, which also recovers it after a kill; remove one that is broken."""
    file = settings.warehouse_file
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        duckdb.connect(str(file)).close()
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise BuildError(
                f"build: {file} is in use by another process; close what has it open (readers open only "
                f"{settings.serving / 'customer_360.duckdb'}), then run the stage again"
            ) from error
        return _start_anew(file)
    except duckdb.Error:
        return _start_anew(file)
    return ()


def _start_anew(file: Path) -> tuple[str, ...]:
    file.unlink(missing_ok=True)
    file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
    return (f"{file.name} could not be opened and was made anew from the lake",)


def _built_marker(settings: Settings) -> Path:
    return settings.home / "dbt" / "built_as_of"


def _require_built(settings: Settings, as_of: date) -> None:
    marker = _built_marker(settings)
    built = marker.read_text(encoding="utf-8") if marker.exists() and settings.warehouse_file.exists() else "no night"
    if built != as_of.isoformat():
        raise BuildError(
            f"{settings.warehouse_file} holds {built}, expected {as_of}; run the stage build for {as_of} first"
        )


def _write_features(settings: Settings, table: str, snapshot: date) -> None:
    """Write one snapshot of a feature table; whole or not at all."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        query = f"select * from features.{table} where as_of = date '{snapshot}' order by all"  # noqa: S608
        _copy(connection, query, settings.features / table / f"as_of={snapshot}" / "part-0.parquet")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    connection.execute(
        f"copy ({query}) to '{str(part).replace(chr(39), chr(39) * 2)}' (format parquet, compression zstd)"
    )
    shutil.move(part, file)


def _report(settings: Settings, stage: str, results: Sequence[NodeResult], notes: Sequence[str] = ()) -> StageReport:
    """Per model its status and rows (0 for views); `rows_in` counts staging, `rows_out` what later stages read."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        listed = connection.execute("select schema_name || '.' || table_name, estimated_size from duckdb_tables()")
        rows: dict[str, int] = dict(listed.fetchall())
    tables = tuple(
        TableCount(result.relation, 0, rows.get(result.relation, 0), status=result.status)
        for result in results
        if result.kind == "model"
    )
    warned = [
        f"{result.name}: {result.message or 'warning'} (rule in dbt_project/{result.path})"
        for result in results
        if result.status == "warn"
    ]
    return StageReport(
        stage=stage,
        rows_in=_sum(tables, ("staging.",)),
        rows_out=_sum(tables, ("marts.", "scores.", "quality.", "features.")),
        tables=tables,
        notes=(*notes, *warned),
    )


def _sum(tables: Sequence[TableCount], schemas: tuple[str, ...]) -> int:
    return sum(table.rows_out for table in tables if table.table.startswith(schemas))
