"""dbt on Spark: the same project built from the same lake; its tables are Parquet files."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from warehouse.building.transform import variables
from warehouse.core.settings import PROJECT, Settings

DBT = PROJECT / ".venv-spark" / "bin" / "dbt"
#: Doubles are equal up to this, relative and absolute: sums run in another order, powers and roots in another library.
TOLERANCE = 1e-6
_QUIET = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n
"""
#: For a few hundred customers a plan runs faster than it is compiled or replanned.
_SMALL = """
spark.sql.codegen.wholeStage false
spark.sql.adaptive.enabled false
spark.sql.shuffle.partitions 2
"""


@dataclass(frozen=True)
class SparkWarehouse:
    """The tables that Spark wrote under `folder`, one folder a table."""

    folder: Path

    def frame(self, schema: str, table: str, reader: duckdb.DuckDBPyConnection, types: dict[str, str]) -> pd.DataFrame:
        """The table with the types that it has in DuckDB."""
        files = self.folder / f"{schema}.db" / table / "*.parquet"
        columns = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in types.items())
        return reader.execute(f"select {columns} from read_parquet('{files}', hive_partitioning = false)").df()


def build_on_spark(settings: Settings, as_of: date, to: Path, *selected: str) -> SparkWarehouse:
    """The selected seeds and models for the night (all without a selection); raises with dbt's message if one fails."""
    (to / "conf").mkdir(parents=True)
    (to / "conf" / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    (to / "conf" / "spark-defaults.conf").write_text(_SMALL, encoding="utf-8")
    night = {"as_of": str(as_of), "snapshots": [str(as_of)]}
    environment = {
        **os.environ,
        "RAPPORT_SPARK_WAREHOUSE": str(to / "tables"),
        "RAPPORT_NIGHT": json.dumps(night),
        "SPARK_CONF_DIR": str(to / "conf"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    given = json.dumps({**variables(settings, as_of, [as_of]), **night, "lake": str(settings.home / "lake")})
    command = [str(DBT), "--no-use-colors", "--no-version-check", "--log-path", str(to / "logs"), "build"]
    without_tests = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    result = subprocess.run(
        [
            *command,
            *without_tests,
            *(["--select", *selected] if selected else []),
            "--target",
            "spark",
            "--target-path",
            str(to / "dbt"),
            "--profiles-dir",
            ".",
            "--vars",
            given,
        ],
        cwd=PROJECT / "dbt_project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = [line for line in result.stdout.splitlines() if "ERROR" in line or "Error" in line]
    assert result.returncode == 0, "\n".join(failed[:40]) or result.stdout[-4000:] + result.stderr[-2000:]
    return SparkWarehouse(to / "tables")


def differences(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """The differences between two tables, regardless of row order; empty if they are equal."""
    if len(ours) != len(theirs):
        return [f"{len(ours)} rows and {len(theirs)} rows"]
    floats = [
        name for name in ours if pd.api.types.is_float_dtype(ours[name]) or pd.api.types.is_float_dtype(theirs[name])
    ]
    others = [name for name in ours if name not in floats]
    ours, theirs = (_ordered(frame, others, floats) for frame in (ours, theirs))
    found = []
    for name in others:
        differs = ours[name].ne(theirs[name])
        if differs.any():
            found.append(_difference(name, ours[name][differs], theirs[name][differs]))
    for name in floats:
        left, right = (pd.to_numeric(frame[name]).to_numpy(dtype=float) for frame in (ours, theirs))
        differs = ~np.isclose(left, right, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        if differs.any():
            found.append(_difference(name, ours[name][differs], theirs[name][differs]))
    return found


def _ordered(frame: pd.DataFrame, others: list[str], floats: list[str]) -> pd.DataFrame:
    """Rows in an order that is the same for equal contents; columns that are not doubles become text."""
    comparable = frame.copy()
    for name in others:
        comparable[name] = frame[name].astype(object).where(frame[name].notna(), "").map(str)
    keys = comparable[others].assign(**{name: frame[name].astype(float).round(4) for name in floats})
    return comparable.loc[keys.sort_values([*others, *floats]).index].reset_index(drop=True)


def _difference(name: str, ours: pd.Series, theirs: pd.Series) -> str:
    return f"{name} in {len(ours)} rows, such as {ours.iloc[0]!r} and {theirs.iloc[0]!r}"
