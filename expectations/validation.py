"""Evaluates suites on DuckDB; writes findings and Data Docs.

The `meta` of an expectation has its name (`name`) and the consequence of its failing (`severity`: fail, warn or
quarantine). GX only evaluates; the caller draws the consequence.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier

from expectations.duckdb_gx import new_context, new_datasource
from expectations.overview import write_overview
from warehouse.core.atomic import write_json
from warehouse.core.settings import Settings

NIGHTS_KEPT = 7


@dataclass(frozen=True)
class Suite:
    """The expectations of one table; `relation` is the view or table of the connection they are evaluated on."""

    table: str
    relation: str
    expectations: Sequence[Any]


@dataclass(frozen=True)
class Finding:
    """The result of one expectation; `found` is None where it holds, and an error where it could not be evaluated."""

    table: str
    name: str
    severity: str
    success: bool
    expected: str
    found: str | None
    rows: int | None

    @property
    def is_unevaluated(self) -> bool:
        return self.found is not None and self.found.startswith("not evaluated")


def meta(name: str, severity: str, expected: str) -> dict[str, str]:
    """The `meta` of every expectation."""
    return {"name": name, "severity": severity, "expected": expected}


def validate(
    connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite], settings: Settings, boundary: str, as_of: date
) -> list[Finding]:
    """Evaluate `suites`, write Data Docs and findings of this boundary and night, and return the findings in order."""
    context = new_context()
    datasource = new_datasource(context, connection)
    findings: list[Finding] = []
    for suite in suites:
        if suite.expectations:
            findings += _validate(context, datasource, suite, RunIdentifier(run_name=f"{boundary} {as_of}"))
    datasource.finish()
    _write_findings(findings, settings.validation / "results" / boundary / f"{as_of}.json")
    _write_docs(context, settings, boundary, as_of)
    return findings


def _validate(context: Any, datasource: Any, suite: Suite, run: RunIdentifier) -> list[Finding]:
    asset = datasource.add_table_asset(suite.table, table_name=suite.relation)
    expected = context.suites.add(gx.ExpectationSuite(suite.table, expectations=list(suite.expectations)))
    batch = asset.add_batch_definition_whole_table("night")
    definition = gx.ValidationDefinition(name=suite.table, data=batch, suite=expected)
    result = context.validation_definitions.add(definition).run(result_format="BASIC", run_id=run)
    order = {expectation.meta["name"]: place for place, expectation in enumerate(suite.expectations)}
    findings = [_finding(suite.table, single) for single in result.results]
    return sorted(findings, key=lambda finding: order[finding.name])


def _finding(table: str, result: Any) -> Finding:
    about = result.expectation_config.meta
    values = result.result or {}
    rows = values.get("unexpected_count")
    if rows is None and result.expectation_config.type == "unexpected_rows_expectation":
        rows = values.get("observed_value")
    error = _error(result.exception_info)
    found = None if result.success else error or _found(rows, values.get("observed_value"))
    return Finding(table, about["name"], about["severity"], bool(result.success), about["expected"], found, rows)


def _found(rows: int | None, value: Any) -> str:
    if rows is not None:
        return f"{rows:,} row{'' if rows == 1 else 's'}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _error(info: Mapping[str, Any] | None) -> str | None:
    for value in [info, *(info or {}).values()]:
        if isinstance(value, Mapping) and value.get("raised_exception"):
            return f"not evaluated: {str(value.get('exception_message')).splitlines()[0]}"
    return None


def _write_findings(findings: Sequence[Finding], file: Path) -> None:
    write_json(file, [asdict(one) for one in findings], indent=1)


def _write_docs(context: Any, settings: Settings, boundary: str, as_of: date) -> None:
    docs = settings.validation / "data_docs"
    place = docs / boundary / str(as_of)
    unfinished = docs / f".{boundary}-{as_of}"
    shutil.rmtree(unfinished, ignore_errors=True)
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(unfinished)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    site = {"class_name": "SiteBuilder", "site_index_builder": index, "store_backend": backend}
    context.add_data_docs_site("night", site)
    context.build_data_docs(site_names=["night"])
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(place)
    for old in sorted(place.parent.iterdir())[:-NIGHTS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    write_overview(docs, settings.validation / "results")
