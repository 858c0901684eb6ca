"""Statements of the documents about rooms, layers, contracts and tables are true of the project."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from warehouse.building.documentation import documented_tables
from warehouse.contracts import contracts
from warehouse.core.settings import PROJECT

ARCHITECTURE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
SYSTEMS = (PROJECT / "docs" / "systems.md").read_text(encoding="utf-8")
GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**/*.md")
#: Pages that quote the words they forbid.
QUOTING = {"docs/glossary.md", "LICENSE"}
TEXT = {".py", ".sql", ".yml", ".md", ".csv", ".toml", ""}


def tracked() -> list[Path]:
    """Files of the project as git has them; skips where this is no checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [file for file in (PROJECT / name for name in listed.stdout.splitlines()) if file.is_file()]


def linter_contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def names_in(cells: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cells)


def test_every_room_of_the_architecture_page_exists_and_every_folder_is_on_it() -> None:
    tree = re.search(r"## The rooms\n\n```\n(.*?)```", ARCHITECTURE, re.DOTALL)
    assert tree
    rooms = {line.split()[0].rstrip("/") for line in tree[1].splitlines()}
    assert {room for room in rooms if not (PROJECT / room).exists()} == set()
    folders = {file.relative_to(PROJECT).parts[0] for file in tracked() if file.parent != PROJECT}
    assert {folder for folder in folders if not folder.startswith(".")} - rooms == set()


def test_every_room_of_the_warehouse_is_on_the_architecture_page() -> None:
    table = ARCHITECTURE.split("Rooms inside `warehouse/`:")[1].split("## ")[0]
    named = {name.rstrip("/") for name in re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)}
    assert named == {folder.parent.name for folder in (PROJECT / "warehouse").glob("*/__init__.py")}


def test_the_layers_of_the_architecture_page_are_those_the_linter_enforces() -> None:
    (stated,) = re.findall(r"^\| `warehouse` \| inside it: (.*) \|$", ARCHITECTURE, re.MULTILINE)
    layers = [set(names_in(level)) for level in stated.split("→")]
    enforced = linter_contracts()["Inside warehouse, rooms import downwards only"]["layers"]
    assert layers == [set(re.split(r"[ |]+", level)) for level in enforced]
    rooms = linter_contracts()["Rooms import downwards only"]["layers"]
    assert rooms == ["dags", "pipeline", "ml | expectations", "warehouse"]


def test_the_tables_of_the_source_contracts_are_those_on_the_architecture_page() -> None:
    section = ARCHITECTURE.split("## Source contracts")[1].split("## ")[0]
    rows = re.findall(r"^\| (crm|survey|ticket|social) \| (.*) \|$", section, re.MULTILINE)
    assert {f"{source}.{table}" for source, tables in rows for table in tables.split(", ")} == set(contracts())


def test_the_columns_promised_to_readers_are_published() -> None:
    tables = {f"{table.schema}.{table.name}": table.column_names for table in documented_tables()}
    promised = re.findall(r"`((?:marts|scores|quality)\.\w+)\(([^)]*)\)`", ARCHITECTURE)
    assert len(promised) >= 4
    for table, columns in promised:
        assert {column.strip() for column in columns.split(",")} <= tables[table], table


def test_every_published_table_is_on_the_systems_page_and_nothing_published_is_called_planned() -> None:
    published = {f"{table.schema}.{table.name}" for table in documented_tables()}
    stated: dict[str, set[str]] = {}
    for cells, state in re.findall(r"\| ([^|]+) \| (published|planned|in part) \|$", SYSTEMS, re.MULTILINE):
        names = [name for name in names_in(cells) if re.fullmatch(r"[\w.]+", name) and not name.startswith("meta.")]
        stated.setdefault(state, set()).update(name if "." in name else f"marts.{name}" for name in names)
    facts = {"marts.fct_orders", "marts.fct_subscriptions", "marts.fct_survey_responses", "quality.row_accounts"}
    assert stated["published"] <= published
    assert published - stated["published"] - facts == set()
    assert stated["planned"] & published == set()


def test_links_between_pages_lead_to_files() -> None:
    broken = []
    for page in (page for pattern in PAGES for page in PROJECT.glob(pattern)):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(PROJECT)}: {target}")
    assert broken == []


def test_no_file_refers_to_a_plan_outside_the_project() -> None:
    outside = re.compile(
        r"shared/(design|checks|trials)|SYSTEMS\.md|ROOMS\.md|FIELD_NOTES|SYSTEMS convention|Mission default"
    )
    found = [
        str(file.relative_to(PROJECT))
        for file in tracked()
        if file != Path(__file__) and file.suffix in TEXT and outside.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_words_that_the_glossary_rules_out_are_not_used() -> None:
    table = GLOSSARY.split("## Words that are not used")[1]
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)
    words = [word.strip() for row in rows[1:] for word in re.sub(r"\(.*?\)", "", row).split(",")]
    assert len(words) >= 8
    pattern = re.compile(r"(?<![a-z])(" + "|".join(re.escape(word) for word in words) + r")(?![a-z])", re.IGNORECASE)
    found = [
        f"{name}:{number}: {match[0]}"
        for file in tracked()
        if file.suffix in TEXT and (name := file.relative_to(PROJECT).as_posix()) not in QUOTING
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert found == []
