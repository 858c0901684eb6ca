"""Connector `sql` against SQLite, which gives a type to each cell."""

from __future__ import annotations

import json

from tests.warehouse.landing.company import SmallCompany

ROWS = 1_203  # more than are fetched at a time, and no multiple of it


def test_cells_of_other_types_land_unchanged_anywhere_in_the_table(company: SmallCompany) -> None:
    company.configure_sqlite(customers={"from": "accounts"})
    company.execute("create table accounts (customer_id text, is_vip boolean, visits integer, size double, note text)")
    rows: list[tuple[object, ...]] = [(f"c{number}", number % 2, number, number, None) for number in range(ROWS)]
    rows[700] = ("c700", None, 1.5, "wide", 7.5)
    company.execute("insert into accounts values (?, ?, ?, ?, ?)", rows)
    company.land("2024-01-02")
    landed = company.landed("crm.customers", "customer_id, is_vip, attributes, _row_number")
    assert [(row[0], row[1], row[3]) for row in landed] == [
        (f"c{number}", None if number == 700 else bool(number % 2), number + 1) for number in range(ROWS)
    ]
    assert json.loads(landed[699][2]) == {"visits": "699", "size": "699.0", "note": None}
    assert json.loads(landed[700][2]) == {"visits": "1.5", "size": "wide", "note": "7.5"}
