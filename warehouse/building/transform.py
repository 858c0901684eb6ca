"""The two dbt stages of a night, `build` and `decide`, and the features of past nights for training.

dbt reads the lake and writes the warehouse; what the models learn from and score is then written to the lake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.building import built
from warehouse.building.dbt_process import NodeResult, run_dbt
from warehouse.building.dbt_seeds import holds_seeds, remember_seeds
from warehouse.building.read_back import feature_tables, write_empty_schemas, write_parquet
from warehouse.building.seeds import write_seeds
from warehouse.core.configuration import Config
from warehouse.core.errors import BuildError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings

#: What became of customers later is written of past nights only; everything else that models read, of every night.
_LABELS = tuple(name for name in feature_tables() if name.endswith("_labels"))
NIGHTLY_FEATURES = tuple(name for name in feature_tables() if name not in _LABELS)
TRAINING_FEATURES = ("customer_features", *_LABELS)
#: Unit tests prove the SQL, not the night's data: `make test` runs them.
_ALWAYS = ("--exclude-resource-type", "unit_test")
#: Tests of what the SQL itself makes unique or fills: `make test` runs them, not every night. Tonight's tables are held
#: against contracts, reconciled with staging (`dbt_project/tests`) and audited before they are published.
_NOT_TONIGHT = ("path:models,resource_type:test",)
#: What is made a snapshot; what the marts read of it is made of the night's own.
_OF_SNAPSHOTS = tuple(
    f"int_features__snapshots+,path:models/{folder}" for folder in ("intermediate/features", "features")
)
#: Rows of customers x snapshots that one dbt run computes at most, so that memory stays bounded.
_ROWS_PER_RUN = 3_000_000


def build(settings: Settings, as_of: date) -> StageReport:
    """Build and test customers, facts, metrics and features of a night; write the features to the lake.

    Goes on from the night that the warehouse holds where nothing behind it has changed (`building.built`), and does
    nothing where that is this night; a warehouse file that cannot be opened is made anew from the lake.

    Raises:
        BuildError: naming the failing model or test, why, and what to do; the features in the lake are then untouched.
        ConfigurationError: one of the company's own seed files is wrong.
    """
    write_seeds(settings)
    existed = settings.warehouse_file.exists()
    notes = list(_usable_warehouse(settings))
    is_kept = existed and not notes
    if not is_kept:
        built.forget(settings)
    given = variables(settings, as_of, [as_of])
    how = ["--full-refresh"]
    if built.holds(settings, as_of, given):
        if built.knows_features(settings):
            return StageReport("build", notes=("this night is built already, and nothing that it reads has changed",))
        how = ["--full-refresh", "--select", "source:lake_features+"]
        notes.append("this night is built already; made anew: what reads the features of earlier nights")
    elif since := built.since(settings, as_of, given):
        how, given = [], variables(settings, as_of, [as_of], since)
        notes.append(f"from the night of {since} on")
    built.forget(settings)
    write_empty_schemas(settings)
    seeds = ["path:seeds", "path:tests/seeds"] if holds_seeds(settings, is_kept) else []
    results = run_dbt(settings, "build", [*_ALWAYS, *how, "--exclude", "tag:decide", *_NOT_TONIGHT, *seeds], given)
    remember_seeds(settings)
    for table in NIGHTLY_FEATURES:
        _write_features(settings, table, as_of)
    built.remember(settings, as_of, given)
    return _report(settings, "build", results, notes)


def build_features(settings: Settings, as_of: date, snapshots: Sequence[date]) -> StageReport:
    """Build the features and labels of past nights as far as they are known on `as_of`; write them to the lake.

    Reads the warehouse that `build` of the same night made. Labels exist only for snapshots whose horizon has ended.

    Raises:
        BuildError: as `build`, or where the warehouse is not that of `as_of`.
    """
    built.require(settings, as_of)
    select = ["--select", *_OF_SNAPSHOTS, "--exclude", *_NOT_TONIGHT, *_ALWAYS]
    results: list[NodeResult] = []
    for batch in _batches(settings, sorted({*snapshots, as_of})):
        results = run_dbt(settings, "build_features", select, variables(settings, as_of, batch))
        for snapshot in batch:
            for table in TRAINING_FEATURES if snapshot in snapshots else ():
                _write_features(settings, table, snapshot)
    return _report(settings, "build_features", results)


def decide(settings: Settings, as_of: date) -> StageReport:
    """Publish the scores into the warehouse and decide whom to contact: scores, lists, customer_360, quality.

    Raises:
        BuildError: as `build`, or where the warehouse is not that of `as_of`.
    """
    built.require(settings, as_of)
    write_empty_schemas(settings)
    select = [*_ALWAYS, "--select", "tag:decide", "--exclude", *_NOT_TONIGHT]
    results = run_dbt(settings, "decide", select, variables(settings, as_of, [as_of]))
    return _report(settings, "decide", results, list_notes(settings, as_of))


def list_notes(settings: Settings, as_of: date) -> list[str]:
    """What the retention team should know about a list that is empty or that nobody can work through."""
    query = """
        select (select count(*) from scores.churn), count(*), count(owner_id),
            (select max(value_at_risk_cents) from intermediate.int_retention__candidates)
        from marts.retention_risk_list
        """
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        scored, listed, owned, most_at_risk = connection.execute(query).fetchall()[0]
    if not scored:
        return [f"no churn scores for {as_of}, so the retention list is empty; `rapport train` makes a model"]
    if not listed and not most_at_risk:
        return [
            "the retention list is empty: what a customer is worth is not known, so no contact would pay; name "
            "retention.monthly_value_attribute in the configuration, or map crm.subscriptions or crm.orders"
        ]
    if not listed:
        return [
            "the retention list is empty: nobody who may be contacted is worth more than a contact costs; see "
            "retention.contact_cost_cents, margin_share and save_share in the configuration"
        ]
    if owned < listed:
        return [
            f"{listed - owned} of {listed} customers on the retention list have no owner: crm.employees has nobody "
            "with contacts_per_day left for them"
        ]
    return []


def _batches(settings: Settings, snapshots: Sequence[date]) -> Iterator[list[date]]:
    """The snapshots in runs of bounded size, the night in the last: the warehouse keeps what the last run made."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        customers = connection.execute("select count(*) from marts.dim_customers where is_current").fetchall()[0][0]
    size = max(_ROWS_PER_RUN // max(customers, 1), 1)
    for start in range(0, len(snapshots), size):
        yield list(snapshots[start : start + size])


def variables(
    settings: Settings, as_of: date, snapshots: Sequence[date], previous_as_of: date | None = None
) -> dict[str, Any]:
    """The dbt variables of a night: its date, where the lake is, and the numbers of `rapport.yml`.

    `since` is the earlier night that the build goes on from; `features_kept` says whether features of past nights
    are still those that it read.
    """
    config = settings.config
    sections = {
        "churn": config.churn,
        "satisfaction": config.satisfaction,
        "value": config.value,
        "retention": config.retention,
    }
    numbers = {
        f"{section}_{name}": value
        for section, values in sections.items()
        for name, value in values.model_dump(mode="json").items()
    }
    return {
        **numbers,
        "as_of": as_of.isoformat(),
        "snapshots": [snapshot.isoformat() for snapshot in snapshots],
        "previous_as_of": previous_as_of.isoformat() if previous_as_of else None,
        "features_kept": previous_as_of is not None and built.knows_features(settings),
        "lake": "lake",  # in the home, where dbt runs: what it reads of the project is the same for every home
        "company": config.company,
        "currency": config.currency,
        "attributes": _attributes(config),
    }


def _attributes(config: Config) -> list[str]:
    """The company's own customer columns that models may use, and the label where the company brings one."""
    mapping = config.mapping("crm.customers")
    label = config.churn.label_attribute
    return sorted({*(mapping.attributes if mapping else ()), *([label] if label else ())})


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


def _write_features(settings: Settings, table: str, snapshot: date) -> None:
    """Write one snapshot of a feature table; whole or not at all."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        query = f"select * from features.{table} where as_of = date '{snapshot}' order by all"  # noqa: S608
        write_parquet(connection, query, settings.features / table / f"as_of={snapshot}" / "part-0.parquet")


def _report(settings: Settings, stage: str, results: Sequence[NodeResult], notes: Sequence[str] = ()) -> StageReport:
    """Per model its status and rows; `rows_in` counts staging, `rows_out` what later stages read."""
    models = [result for result in results if result.kind == "model"]
    rows = _row_counts(settings, [result.relation for result in models if result.status == "success"])
    tables = tuple(
        TableCount(result.relation, 0, rows.get(result.relation, 0), status=result.status) for result in models
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


def _row_counts(settings: Settings, relations: Sequence[str]) -> dict[str, int]:
    if not relations:
        return {}
    counts = " union all ".join(f"select '{relation}', count(*) from {relation}" for relation in relations)  # noqa: S608
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        return dict(connection.execute(counts).fetchall())


def _sum(tables: Sequence[TableCount], schemas: tuple[str, ...]) -> int:
    return sum(table.rows_out for table in tables if table.table.startswith(schemas))
