"""Source contracts: what a company can give, one YAML file a landed table, read into typed objects."""

from __future__ import annotations

from functools import cache
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
    "_as_of": "DATE",  # the first night that knows the row
}


class Column(BaseModel):
    """One column of a landed table; `generated` keys are numbered by the connector where the source has none."""

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

    @property
    def name(self) -> str:
        return f"{self.source}.{self.table}"


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by name (`crm.customers`, ...), in a fixed order: what others refer to comes first."""
    order = ("crm_customers", "crm_employees", "survey_responses", "ticket_tickets")
    files = sorted(FOLDER.glob("*.yml"), key=lambda file: (file.stem not in order, file.stem))
    loaded = [Contract.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
    return {contract.name: contract for contract in loaded}
