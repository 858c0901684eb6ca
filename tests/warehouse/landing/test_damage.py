"""Damaged files of the lake: what can be derived is written again, everything else is named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.landing.company import SmallCompany
from warehouse.core.errors import SourceError


@pytest.fixture
def landing(company: SmallCompany) -> Path:
    """The lake after a first night, and a new row for the second."""
    company.configure_files()
    company.land("2024-01-02")
    company.write("customers.csv", "customer_id\nc1\nc2\n")
    return company.settings().landing


def test_a_damaged_schema_file_is_written_again(company: SmallCompany, landing: Path) -> None:
    (landing / "crm" / "customers" / "schema.parquet").write_bytes(b"")
    company.land("2024-01-03")
    assert company.landed("crm.customers", "customer_id") == [("c1",), ("c2",)]


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        ("_loads/crm/2024-01-02-01.json", "2024-01-02-01.json: expected the record of a load, found Invalid JSON"),
        ("_loads/_pending/crm.2024-01-03-01.json", "expected the record of a load, found Invalid JSON"),
        ("_loads/crm/recent/2024-01-02-01.customers.parquet", "crm.customers: landing failed .*too small to be"),
    ],
)
def test_a_damaged_record_of_a_load_is_named(company: SmallCompany, landing: Path, damaged: str, message: str) -> None:
    (landing / damaged).parent.mkdir(exist_ok=True)
    (landing / damaged).write_bytes(b"")
    with pytest.raises(SourceError, match=message) as raised:
        company.land("2024-01-03")
    assert "\n" not in str(raised.value)
    assert company.landed("crm.customers", "customer_id") == [("c1",)]
