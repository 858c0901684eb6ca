"""`docs/warehouse.md`, written from the dbt project: every published table with its grain, columns and links.

`make docs` writes it; a test holds the file against the project, and runs the example questions on a published release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from warehouse.building.dbt_process import DBT_PROJECT
from warehouse.core.settings import PROJECT

TARGET = PROJECT / "docs" / "warehouse.md"
QUESTIONS = PROJECT / "docs" / "questions"
#: Folder of the models -> schema in the release.
_SCHEMAS = {"marts": "marts", "lists": "marts", "scores": "scores", "quality": "quality"}
_TITLES = {"marts": "Facts, metrics and lists", "scores": "What the models say", "quality": "Checks and accounts"}
#: Columns that link a table to the one they are the key of.
_LINKS = {
    "customer_key": "dim_customers",
    "order_id": "fct_orders",
    "ticket_id": "fct_tickets",
    "subscription_id": "fct_subscriptions",
    "response_id": "fct_survey_responses",
    "complaint_id": "fct_complaints",
}
_HEAD = """\
# The published warehouse

`$RAPPORT_HOME/serving/customer_360.duckdb` holds one complete night. This page is written by `make docs` from the dbt
project; the schema `meta` says which night, code and models made the release (`meta.releases`).

How to read it: `customer_key` is a person (OneID), `customer_id` the CRM's own record. `as_of` is the night: everything
strictly before it counts. Times are UTC; `_cents` are cents of the company's currency, `_share` lies between 0 and 1.
A score with `is_reportable = false` rests on too few answers to act on. Personal data is marked *personal*.
"""


@dataclass(frozen=True)
class DocumentedTable:
    """One published table as its yml describes it; `columns` are (name, type, description, is personal)."""

    schema: str
    name: str
    domain: str
    description: str
    columns: tuple[tuple[str, str, str, bool], ...]

    @property
    def column_names(self) -> frozenset[str]:
        return frozenset(column[0] for column in self.columns)


def write_documentation() -> Path:
    """Write `docs/warehouse.md` and return its path."""
    TARGET.write_text(documentation(), encoding="utf-8")
    return TARGET


def documentation() -> str:
    """The text of `docs/warehouse.md`."""
    tables = documented_tables()
    parts = [_HEAD, *_contents(tables), *_diagram(tables), *_questions()]
    for schema, title in _TITLES.items():
        parts.append(f"## {title}: schema `{schema}`\n")
        parts += [_table(table) for table in tables if table.schema == schema]
    return "\n".join(parts).rstrip() + "\n"


def documented_tables() -> list[DocumentedTable]:
    """The published tables by schema, domain and name."""
    found = []
    for folder, schema in _SCHEMAS.items():
        for file in (DBT_PROJECT / "models" / folder).rglob("*.yml"):
            domain = file.parent.name if file.parent.name != folder else folder
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            found += [_read(schema, domain, model) for model in content.get("models", ())]
    return sorted(found, key=lambda table: (list(_TITLES).index(table.schema), table.domain, table.name))


def questions() -> dict[str, str]:
    """Example question -> its SQL; the first line of each file is the question, as a comment."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(QUESTIONS.glob("*.sql"))]
    split = [text.split("\n", 1) for text in texts]
    return {head.removeprefix("--").strip(): query.strip() for head, query in split}


def _read(schema: str, domain: str, model: dict[str, Any]) -> DocumentedTable:
    columns = tuple(
        (
            column["name"],
            str(column.get("data_type", "")),
            " ".join(str(column.get("description", "")).split()),
            bool(column.get("config", {}).get("meta", {}).get("pii", False)),
        )
        for column in model.get("columns", ())
    )
    return DocumentedTable(schema, model["name"], domain, " ".join(model["description"].split()), columns)


def _contents(tables: Sequence[DocumentedTable]) -> Iterator[str]:
    yield "| table | one row per |\n|---|---|"
    for table in tables:
        grain = table.description.split(". ")[0].rstrip(".").removeprefix("One row per ")
        yield f"| [{table.schema}.{table.name}](#{table.schema}{table.name}) | {_cell(grain)} |"
    yield ""


def _diagram(tables: Sequence[DocumentedTable]) -> Iterator[str]:
    yield "## How they hang together\n\n```mermaid\nerDiagram"
    for column, parent in _LINKS.items():
        for table in tables:
            if column in table.column_names and table.name != parent:
                yield f'    {parent} ||--o{{ {table.name} : "{column}"'
    yield "```\n"


def _questions() -> Iterator[str]:
    yield "## Questions and their SQL\n"
    for question, query in questions().items():
        yield f"**{question}**\n\n```sql\n{query}\n```\n"


def _table(table: DocumentedTable) -> str:
    lines = [f"### {table.schema}.{table.name}\n", f"{table.description}\n", "| column | type | |\n|---|---|---|"]
    lines += [
        f"| {name} | {kind} | {_cell(text)}{' *personal*' if personal else ''} |"
        for name, kind, text, personal in table.columns
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write_documentation()
