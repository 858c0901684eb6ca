"""The dbt stages: `build` and `decide` of a night, and `build_features` of past nights for training.

dbt reads the lake and writes the warehouse. The features that the models learn from and score are then written to the
lake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from warehouse.building import run_record
from warehouse.building.build_report import build_report, list_notes
from warehouse.building.dbt_process import NodeResult, run_dbt
from warehouse.building.read_back import feature_tables, write_empty_schemas, write_parquet
from warehouse.building.seeds import seeds_digest, write_seeds
from warehouse.core.configuration import Config
from warehouse.core.errors import BuildError
from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings

_LABELS = tuple(name for name in feature_tables() if name.endswith("_labels"))
#: Written to the lake for `as_of`; labels of `as_of` are not known yet.
NIGHTLY_FEATURES = tuple(name for name in feature_tables() if name not in _LABELS)
#: Written to the lake for past snapshots.
TRAINING_FEATURES = ("customer_features", *_LABELS)
#: Unit tests prove the SQL, not the data of a night; `make test` runs them.
_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
#: Tests of single models prove what their SQL makes unique or fills; `make test` runs them. Contracts, the
#: reconciliations in `dbt_project/tests` and the audit check the data of every night.
_MODEL_TESTS = "path:models,resource_type:test"
#: Feature models downstream of `int_features__snapshots`; marts are left out because they are built for `as_of` only.
_SNAPSHOT_MODELS = tuple(
    f"int_features__snapshots+,path:models/{folder}" for folder in ("intermediate/features", "features")
)
#: Most rows (customers x snapshots) that one dbt run computes, to bound its memory.
_ROWS_PER_RUN = 3_000_000


def build(settings: Settings, as_of: date) -> StageReport:
    """Build and test customers, facts, metrics and features of a night; write the features to the lake.

    The run is incremental where the run record allows it. It does nothing where the warehouse holds this night already
    and nothing that it reads has changed. Otherwise it is a full refresh.

    Raises:
        BuildError: naming the failing model or test, why, and what to do; the features in the lake are then untouched.
        ConfigurationError: one of the company's own seed files is wrong.
    """
    write_seeds(settings)
    notes = _recover_warehouse(settings)
    plan = _plan(settings, as_of)
    if plan is None:
        return StageReport("build", notes=("already built for this night, and nothing that it reads has changed",))
    run_record.remove_record(settings)
    write_empty_schemas(settings)
    excluded = ["--exclude", "tag:decide", _MODEL_TESTS, *plan.unchanged]
    results = run_dbt(settings, "build", [*_NO_UNIT_TESTS, *plan.arguments, *excluded], plan.variables)
    for table in NIGHTLY_FEATURES:
        _write_features(settings, table, as_of)
    run_record.record_build(settings, as_of, plan.variables)
    return build_report(settings, "build", results, [*notes, *plan.notes])


@dataclass(frozen=True)
class _Plan:
    """How dbt builds the night: its arguments and variables, what it leaves out, and notes for the user."""

    arguments: tuple[str, ...]
    variables: Mapping[str, Any]
    unchanged: tuple[str, ...]
    notes: tuple[str, ...] = ()


def _plan(settings: Settings, as_of: date) -> _Plan | None:
    """Compare the run record with what a build would read now; None where there is nothing to build."""
    given = variables(settings, as_of, [as_of])
    record = run_record.read_record(settings)
    seeds_kept = record is not None and record.seeds == seeds_digest(settings)
    unchanged = ("path:seeds", "path:tests/seeds") if seeds_kept else ()
    full_refresh = _Plan(("--full-refresh",), given, unchanged)
    if record is None or not (record.is_built and seeds_kept) or record.code != run_record.code_digest(given):
        return full_refresh
    built = date.fromisoformat(record.as_of)
    if built > as_of or record.lake != run_record.lake_digest(settings, built):
        return full_refresh
    features_kept = record.features == run_record.features_digest(settings)
    if built < as_of:
        given = variables(settings, as_of, [as_of], built, features_kept=features_kept)
        return _Plan((), given, unchanged, (f"incremental run; previous run: {built}",))
    if features_kept:
        return None
    note = "already built for this night; recomputed: models that read features of past nights"
    return replace(full_refresh, arguments=("--full-refresh", "--select", "source:lake_features+"), notes=(note,))


def build_features(settings: Settings, as_of: date, snapshots: Sequence[date]) -> StageReport:
    """Build the features of past nights and the labels known on `as_of`; write them to the lake.

    Reads the warehouse that `build` of the same night made. Labels exist only for snapshots whose horizon has ended.

    Raises:
        BuildError: as `build`.
    """
    select = ["--select", *_SNAPSHOT_MODELS, "--exclude", _MODEL_TESTS, *_NO_UNIT_TESTS]
    results: list[NodeResult] = []
    with run_record.changing(settings, "build_features"):
        for batch in _batches(settings, sorted({*snapshots, as_of})):
            results = run_dbt(settings, "build_features", select, variables(settings, as_of, batch))
            for snapshot in batch:
                for table in TRAINING_FEATURES if snapshot in snapshots else ():
                    _write_features(settings, table, snapshot)
    return build_report(settings, "build_features", results)


def decide(settings: Settings, as_of: date) -> StageReport:
    """Publish the scores into the warehouse and decide whom to contact: scores, lists, customer_360, quality.

    Raises:
        BuildError: as `build`.
    """
    write_empty_schemas(settings)
    select = [*_NO_UNIT_TESTS, "--select", "tag:decide", "--exclude", _MODEL_TESTS]
    with run_record.changing(settings, "decide"):
        results = run_dbt(settings, "decide", select, variables(settings, as_of, [as_of]))
    return build_report(settings, "decide", results, list_notes(settings, as_of))


def _batches(settings: Settings, snapshots: Sequence[date]) -> Iterator[list[date]]:
    """Batches of snapshots that fit in memory; `as_of` is in the last one, whose rows stay in the warehouse."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        customers = connection.execute("select count(*) from marts.dim_customers where is_current").fetchall()[0][0]
    size = max(_ROWS_PER_RUN // max(customers, 1), 1)
    for start in range(0, len(snapshots), size):
        yield list(snapshots[start : start + size])


def variables(
    settings: Settings,
    as_of: date,
    snapshots: Sequence[date],
    previous_as_of: date | None = None,
    *,
    features_kept: bool = False,
) -> dict[str, Any]:
    """The dbt variables of a night: its date, where the lake is, and the numbers of `rapport.yml`.

    Args:
        settings: the installation.
        as_of: the night.
        snapshots: dates that features and labels are computed for.
        previous_as_of: the night of the previous run, where this run is incremental.
        features_kept: whether the features of past nights are still those that the previous run read.
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
        "features_kept": features_kept,
        "lake": "lake",  # relative to the home, where dbt runs: the parsed project is the same for every home
        "company": config.company,
        "currency": config.currency,
        "attributes": _attributes(config),
    }


def _attributes(config: Config) -> list[str]:
    """The company's own customer columns that models may use, and the label where it is one of them."""
    mapping = config.mapping("crm.customers")
    label = config.churn.label_attribute
    return sorted({*(mapping.attributes if mapping else ()), *([label] if label else ())})


def _recover_warehouse(settings: Settings) -> list[str]:
    """Open the warehouse once, which also recovers it after a kill; remove one that is broken, with a note."""
    file = settings.warehouse_file
    if not file.exists():
        run_record.remove_record(settings)  # opening makes an empty file
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        duckdb.connect(str(file)).close()
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "could not set lock" in str(error).lower():
            raise BuildError(
                f"build: {file} is in use by another process; close the program that has it open (readers open only "
                f"{settings.serving / 'customer_360.duckdb'}), then run the stage again"
            ) from error
        run_record.remove_record(settings)
        file.unlink(missing_ok=True)
        file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
        return [f"{file.name} could not be opened; full refresh from the lake"]
    return []


def _write_features(settings: Settings, table: str, snapshot: date) -> None:
    """Write one snapshot of a feature table to the lake."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
        query = f"select * from features.{table} where as_of = date '{snapshot}' order by all"  # noqa: S608
        write_parquet(connection, query, settings.features / table / f"as_of={snapshot}" / "part-0.parquet")
