"""Tables that others refer to come first, whatever the file names are."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from warehouse import contracts as room
from warehouse.contracts import contracts, source_names


def _write(folder: Path, name: str, refers_to: str | None = None) -> None:
    source, table = name.split(".")
    key = {"type": "string", "description": "Key"} | ({"references": refers_to} if refers_to else {})
    contract = {
        "source": source, "table": table, "description": "Table.", "grain": "one row per key", "required": False,
        "key": ["key"], "version_at": None, "event_at": None, "columns": {"key": key}, "rules": [],
    }  # fmt: skip
    (folder / f"{source}_{table}.yml").write_text(yaml.safe_dump(contract), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(room, "FOLDER", tmp_path)
    return tmp_path


def test_each_table_comes_after_the_tables_it_refers_to() -> None:
    names = list(contracts())
    for name, contract in contracts().items():
        for column in contract.columns.values():
            if column.references:
                assert names.index(column.references) < names.index(name)


def test_chains_of_references_are_followed(folder: Path) -> None:
    _write(folder, "crm.a", "crm.b")
    _write(folder, "crm.b", "crm.c")
    _write(folder, "crm.c")
    _write(folder, "ticket.first")
    assert list(contracts.__wrapped__()) == ["crm.c", "crm.b", "crm.a", "ticket.first"]
    assert source_names() == ("crm", "ticket")


def test_a_circle_of_references_is_named(folder: Path) -> None:
    _write(folder, "crm.a", "crm.b")
    _write(folder, "crm.b", "crm.a")
    with pytest.raises(ValueError, match=r"in a circle \(crm\.\w -> crm\.\w -> crm\.\w\)"):
        contracts.__wrapped__()


def test_a_reference_to_a_table_without_contract_is_named(folder: Path) -> None:
    _write(folder, "crm.a", "crm.gone")
    with pytest.raises(ValueError, match=r"refers to crm\.gone, which has no contract"):
        contracts.__wrapped__()
