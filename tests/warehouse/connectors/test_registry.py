"""Connectors are found by name, and each can check that its source is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.landing.company import SmallCompany
from warehouse.connectors import connector
from warehouse.core.configuration import SourceConfig
from warehouse.core.errors import ConfigurationError, SourceError


def _source(name: str, **given: str) -> SourceConfig:
    return SourceConfig.model_validate({"connector": name, "tables": {}, **given})


@pytest.mark.parametrize("name", ["sql", "files", "rest"])
def test_each_connector_reads_and_probes(name: str) -> None:
    assert callable(connector(_source(name)).read)
    assert callable(connector(_source(name)).probe)


def test_an_unknown_connector_names_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"no connector 'sqlite'; expected one of files, rest, sql"):
        connector(_source("sqlite"))


def test_the_message_about_a_missing_source_ends_with_the_configured_remedy(
    company: SmallCompany, tmp_path: Path
) -> None:
    given = {"if_missing": "ask the CRM team for the export"}
    sql = _source("sql", connection=f"sqlite:///{tmp_path}/none.db", **given)
    files = _source("files", path=f"{tmp_path}/none", **given)
    for source in (sql, files):
        with pytest.raises(SourceError, match=r"none.*; ask the CRM team for the export$"):
            connector(source).probe(company.settings(), source)


def test_an_existing_database_answers(company: SmallCompany) -> None:
    company.execute("create table accounts (customer_id text)")
    source = _source("sql", connection=f"sqlite:///{company.database}")
    assert connector(source).probe(company.settings(), source) == "sqlite answers"
