"""The files of the dbt project that are generated from the contracts."""

from __future__ import annotations

from pathlib import Path

from warehouse.building.dbt_contracts import contract_files, write_contract_files
from warehouse.building.dbt_process import DBT_PROJECT
from warehouse.contracts import contracts


def test_the_committed_files_agree_with_the_contracts() -> None:
    for file, text in contract_files().items():
        assert (DBT_PROJECT / file).read_text(encoding="utf-8") == text


def test_files_that_are_up_to_date_stay_untouched(tmp_path: Path) -> None:
    write_contract_files(tmp_path)
    written = {file: (tmp_path / file).stat().st_mtime_ns for file in contract_files()}
    write_contract_files(tmp_path)
    assert {file: (tmp_path / file).stat().st_mtime_ns for file in contract_files()} == written


def test_the_columns_of_changing_records_are_columns_of_their_contract() -> None:
    for contract in contracts().values():
        if contract.changes:
            named = {*contract.changes.times, *contract.changes.identifiers.values()}
            assert named <= contract.columns.keys()
