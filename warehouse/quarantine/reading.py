"""The quarantine for users: counts, and rows without their personal data."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from warehouse.contracts import Contract, contracts
from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings
from warehouse.quarantine.files import connect, quarantine_files, quarantine_relation

MASK = "***"


def list_quarantine(settings: Settings, as_of: date | None = None) -> list[dict[str, Any]]:
    """Entries by table and rule: `table, rule, quarantined, released, first_night, last_night`, most quarantined first.

    With `as_of`, as of that night; else as it is now.
    """
    files = [file for contract in contracts().values() for file in quarantine_files(settings, contract)]
    night = f"date '{as_of or date.max}'"
    with connect(settings) as connection:
        found = connection.execute(f"""
            select
                source || '.' || table_name as "table",
                rule,
                count(*) filter (where released_as_of is null or released_as_of > {night}) as quarantined,
                count(*) filter (where released_as_of <= {night}) as released,
                min(_as_of) as first_night,
                max(_as_of) as last_night
            from {quarantine_relation(files)}
            where _as_of <= {night}
            group by all
            order by quarantined desc, "table", rule
        """)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def show(
    settings: Settings, table: str, rule: str | None = None, limit: int = 20, unmasked: bool = False
) -> list[dict[str, Any]]:
    """Unreleased entries of a table (`crm.orders`), newest first: `night, load, row, rule, reason, cells`.

    `cells` is JSON text of the row; personal data and the company's own columns are masked, except with `unmasked`.

    Raises:
        ConfigurationError: there is no such table.
    """
    contract = contracts().get(table)
    if contract is None:
        raise ConfigurationError(f"there is no table {table}; expected one of {', '.join(contracts())}")
    with connect(settings) as connection:
        found = connection.execute(
            f"""
            select _as_of, _load_id, _row_number, rule, reason, "row"
            from {quarantine_relation(quarantine_files(settings, contract))}
            where released_as_of is null and (? is null or rule = ?)
            order by _as_of desc, _load_id desc, _row_number, rule
            limit ?
            """,
            [rule, rule, limit],
        ).fetchall()
    names = ("night", "load", "row", "rule", "reason")
    return [dict(zip(names, row[:-1], strict=True)) | {"cells": _cells(contract, row[-1], unmasked)} for row in found]


def _cells(contract: Contract, row: str, unmasked: bool) -> str:
    cells = {name: value for name, value in json.loads(row).items() if value is not None and not name.startswith("_")}
    for name in ("attributes", "rejected_cells"):
        if name in cells:
            cells[name] = json.loads(cells[name])
    if not unmasked:
        personal = {name for name, column in contract.columns.items() if column.pii}
        cells = {name: MASK if name in personal else value for name, value in cells.items()}
        if "attributes" in cells:
            cells["attributes"] = dict.fromkeys(cells["attributes"], MASK)
        if "rejected_cells" in cells:
            rejected = cells["rejected_cells"].items()
            cells["rejected_cells"] = {name: MASK if name in personal else value for name, value in rejected}
    return json.dumps({name: value for name, value in cells.items() if value != {}}, ensure_ascii=False)
