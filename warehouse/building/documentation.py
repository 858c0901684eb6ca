"""`docs/warehouse/`, written from the dbt project: an index, one page per domain, and a map of the intermediate models.

`make docs` writes the pages; a test compares them with the project and runs the example questions on a release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.building.dbt_process import DBT_PROJECT, SCHEMA_OF_FOLDER
from warehouse.building.model_map import intermediate_maps
from warehouse.core.settings import PROJECT

TARGET = PROJECT / "docs" / "warehouse"
QUESTIONS = PROJECT / "docs" / "questions"
#: Columns that are the key of another table: the lines of the diagram.
_LINKS = {
    "customer_key": "dim_customers",
    "order_id": "fct_orders",
    "ticket_id": "fct_tickets",
    "subscription_id": "fct_subscriptions",
    "response_id": "fct_survey_responses",
    "complaint_id": "fct_complaints",
}
_WRITTEN = "This page is written by `make docs` from the dbt project.\n"
_HEAD = f"""\
# The published warehouse

`$RAPPORT_HOME/serving/customer_360.duckdb` holds one complete release. `meta.releases` names its `as_of`, the code
version and the model versions. {_WRITTEN}
How to read it:

- `customer_key` is a person (OneID); `customer_id` is the CRM's own id of a record.
- `as_of` is the date of the night. Only what happened before 00:00 UTC of that date counts.
- Times are UTC. Columns that end in `_cents` are cents of the company's currency; `_share` lies between 0 and 1.
- `is_reportable = false` marks a score with too few answers to act on.
- Personal data is marked *personal*.
"""
_MAP_HEAD = f"""\
# The intermediate models

One picture per folder of `dbt_project/models/intermediate/`: what its models read (left) and which models outside the
folder read them (right). {_WRITTEN}"""


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
    """Write every page under `docs/warehouse/`, remove pages of domains that no longer exist, return the folder."""
    pages = documentation()
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    return TARGET


def documentation() -> dict[str, str]:
    """File name -> text of every page."""
    tables = documented_tables()
    domains = sorted({table.domain for table in tables})
    index = [_HEAD, *_contents(tables, domains), *_diagram(tables), *_questions()]
    pages = {"README.md": index, "intermediate.md": [_MAP_HEAD, *intermediate_maps(DBT_PROJECT / "models")]}
    for domain in domains:
        pages[f"{domain}.md"] = [_domain_head(domain), *(_table(table) for table in tables if table.domain == domain)]
    return {name: "\n".join(parts).rstrip() + "\n" for name, parts in pages.items()}


@cache
def documented_tables() -> tuple[DocumentedTable, ...]:
    """The published tables by domain and name."""
    found = []
    for folder, schema in SCHEMA_OF_FOLDER.items():
        for file in (DBT_PROJECT / "models" / folder).rglob("*.yml"):
            domain = file.parent.name if file.parent.name != folder else folder
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            found += [_read(schema, domain, model) for model in content.get("models", ())]
    return tuple(sorted(found, key=lambda table: (table.domain, table.schema, table.name)))


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


def _domain_head(domain: str) -> str:
    return f"# Published tables: {domain}\n\n{_WRITTEN}The [index](README.md) lists all tables.\n"


def _contents(tables: Sequence[DocumentedTable], domains: Sequence[str]) -> Iterator[str]:
    yield f"{len(tables)} tables in {len(domains)} domains. [How the intermediate models feed them](intermediate.md).\n"
    for domain in domains:
        yield f"## [{domain}]({domain}.md)\n\n| table | one row per |\n|---|---|"
        for table in (table for table in tables if table.domain == domain):
            grain = table.description.split(". ")[0].rstrip(".").removeprefix("One row per ")
            link = f"{domain}.md#{table.schema}{table.name}"
            yield f"| [{table.schema}.{table.name}]({link}) | {_cell(grain)} |"
        yield ""


def _diagram(tables: Sequence[DocumentedTable]) -> Iterator[str]:
    yield "## How the tables join\n\n```mermaid\nerDiagram"
    for column, parent in _LINKS.items():
        for table in sorted(tables, key=lambda table: table.name):
            if column in table.column_names and table.name != parent:
                yield f'    {parent} ||--o{{ {table.name} : "{column}"'
    yield "```\n"


def _questions() -> Iterator[str]:
    yield "## Questions and their SQL\n"
    for question, query in questions().items():
        yield f"**{question}**\n\n```sql\n{query}\n```\n"


def _table(table: DocumentedTable) -> str:
    lines = [f"## {table.schema}.{table.name}\n", f"{table.description}\n", "| column | type | |\n|---|---|---|"]
    lines += [
        f"| {name} | {kind} | {_cell(text)}{' *personal*' if personal else ''} |"
        for name, kind, text, personal in table.columns
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write_documentation()
