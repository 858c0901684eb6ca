"""The command: exit status, one readable line for an error, the report of doctor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from warehouse.core.settings import PROJECT

RAPPORT = str(Path(sys.prefix) / "bin" / "rapport")


def _rapport(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "RAPPORT_HOME": str(home), **environment}
    return subprocess.run(
        [RAPPORT, *arguments], env=variables, cwd=PROJECT, capture_output=True, text=True, check=False
    )


def test_an_error_is_one_readable_line_with_the_remedy(tmp_path: Path) -> None:
    config = tmp_path / "acme.yml"
    config.write_text("sources: {crm: {connector: sql, tables: {invoices: {from: x}}}}\n", encoding="utf-8")
    result = _rapport(tmp_path / "home", "nightly", "--config", str(config), "--date", "2026-01-01")
    assert result.returncode == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(f"error: {config}: sources: ")
    assert "sources.crm.tables.invoices is not a table of Rapport; expected one of crm.customers" in first
    assert second.startswith("  details: ")


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    result = _rapport(tmp_path / "home", "nightly", "--config", str(tmp_path / "none.yml"))
    assert result.returncode == 1
    assert f"error: {tmp_path / 'none.yml'}: no such configuration" in result.stderr


def test_a_password_in_the_configuration_is_refused_and_not_repeated(tmp_path: Path) -> None:
    config = tmp_path / "acme.yml"
    config.write_text(
        "sources: {crm: {connector: sql, connection: 'postgresql://me:hunter2@127.0.0.1:1/x', "
        "tables: {customers: {from: c}}}}\n",
        encoding="utf-8",
    )
    result = _rapport(tmp_path / "home", "nightly", "--config", str(config), "--date", "2026-01-01")
    assert result.returncode == 1
    assert "a connection holds a password; name an environment variable instead" in result.stderr
    assert "hunter2" not in result.stderr + result.stdout


def test_doctor_lists_what_is_missing_with_the_remedy(tmp_path: Path) -> None:
    result = _rapport(tmp_path / "home", "doctor")
    assert result.returncode == 1
    lines = {line.split()[1] if "source" not in line else line.split()[2]: line for line in result.stdout.splitlines()}
    assert lines["dbt-core"].split()[0] == "ok"
    assert "crm.db does not exist -> make the demo company: rapport demo" in lines["crm"]
    assert "nothing published yet -> rapport nightly" in lines["release"]
