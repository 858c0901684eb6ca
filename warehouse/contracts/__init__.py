"""Source contracts: what a company can give, one YAML file per landed table, read into typed objects.

Everything that depends on the list of landed tables is derived from these files: the order in which tables are checked,
the sources and row accounts of the dbt project, and the assets of the DAGs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
ColumnType = Literal["string", "integer", "number", "boolean", "date", "timestamp"]
Severity = Literal["fail", "warn", "quarantine"]

#: DuckDB type of each contract type, as it is stored in the lake.
LAKE_TYPE: dict[str, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}

#: Columns every landed file has after those of its contract: name and DuckDB type.
LANDING_COLUMNS: dict[str, str] = {
    "attributes": "VARCHAR",  # JSON object of the company's own columns
    "rejected_cells": "VARCHAR",  # JSON object {column: text as it came} of cells that are not of the contract's type
    "_load_id": "VARCHAR",
    "_row_number": "BIGINT",  # unique within the load and table, from 1
    "_as_of": "DATE",  # the night that landed the row, or would have landed it had every night been run
}


class Column(BaseModel):
    """One column of a landed table; a `generated` key is numbered on landing where the source has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ColumnType
    description: str
    required: bool = False
    pii: bool = False
    generated: bool = False
    references: str | None = None
    accepted: tuple[str, ...] | None = None


class Rule(BaseModel):
    """A row rule: rows for which the SQL condition `failing` holds break it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    severity: Severity
    failing: str
    reason: str


class Changes(BaseModel):
    """How an incremental build finds the records of a table that have changed since the previous run.

    `entity` names the record; the first column of the contract's key identifies it. `times` are columns from whose time
    on the record counts differently; `identifiers` are the columns that link the record to a customer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entity: str
    times: tuple[str, ...]
    identifiers: dict[Literal["email", "phone", "handle"], str] = {}


class Contract(BaseModel):
    """One landed table; `name` is `<source>.<table>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    table: str
    description: str
    grain: str
    required: bool
    key: tuple[str, ...]
    version_at: str | None
    event_at: str | None
    columns: dict[str, Column]
    rules: tuple[Rule, ...]
    changes: Changes | None = None

    @property
    def name(self) -> str:
        return f"{self.source}.{self.table}"

    @property
    def landed_types(self) -> dict[str, str]:
        """Columns of a landed file and their DuckDB types."""
        return {name: LAKE_TYPE[column.type] for name, column in self.columns.items()} | LANDING_COLUMNS


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by name (`crm.customers`, ...): tables that others refer to come before those, else by name.

    Raises:
        ValueError: a file has another name than its table, a column refers to a table without a contract, or tables
            refer to each other in a circle.
    """
    loaded: dict[str, Contract] = {}
    for file in sorted(FOLDER.glob("*.yml")):
        contract = Contract.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        if file.stem != f"{contract.source}_{contract.table}":
            raise ValueError(f"{file}: expected the name {contract.source}_{contract.table}.yml; rename the file")
        loaded[contract.name] = contract
    return {name: loaded[name] for name in _parents_first(loaded)}


def source_names() -> tuple[str, ...]:
    """Names of the source systems (`crm`, ...), from the file names alone: cheap enough for DAG files."""
    return tuple(sorted({file.stem.split("_")[0] for file in FOLDER.glob("*.yml")}))


def _parents_first(loaded: Mapping[str, Contract]) -> list[str]:
    """Names of tables that others refer to, in the order of their own references, then all other names."""
    parents = {
        name: sorted({column.references for column in contract.columns.values() if column.references} - {name})
        for name, contract in loaded.items()
    }
    referred = sorted({parent for names in parents.values() for parent in names})
    if unknown := [parent for parent in referred if parent not in loaded]:
        raise ValueError(f"{FOLDER}: a column refers to {unknown[0]}, which has no contract; correct `references`")
    try:
        first = list(TopologicalSorter({name: parents[name] for name in referred}).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ValueError(f"{FOLDER}: tables refer to each other in a circle ({circle}); break it") from error
    return [*first, *(name for name in loaded if name not in first)]
