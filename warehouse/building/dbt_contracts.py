"""What the dbt project takes from the source contracts: its landed sources, and the lists that models loop over.

dbt imports no Python of ours, so two files of the project are generated. They are committed, and rewritten when dbt is
started after a contract has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from warehouse.contracts import Contract, contracts, source_names
from warehouse.core.atomic import write_text
from warehouse.core.quoting import literal

_SOURCES, _MACROS = Path("models/staging/_landed__sources.yml"), Path("macros/contracts.sql")
_NOTICE = "Generated from warehouse/contracts when dbt is started: do not edit."
_KINDS = {
    "landing": ("", "every row ever landed, append-only Parquet in the lake", "{0}"),
    "quarantine": (
        "_quarantine",
        "one row per quarantined row and broken rule",
        "Quarantined rows of {1}.",
    ),
}


def write_contract_files(project: Path) -> None:
    """Bring the generated files of a dbt project up to date; files that already are stay untouched."""
    for file, text in contract_files().items():
        target = project / file
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            write_text(target, text)


def contract_files() -> dict[Path, str]:
    """Text of each generated file, by its path in the dbt project."""
    return {_SOURCES: _sources(), _MACROS: _macros()}


def _sources() -> str:
    lines = [f"# {_NOTICE}", "sources:"]
    for source in source_names():
        tables = [contract for contract in contracts().values() if contract.source == source]
        for kind in _KINDS:
            lines += _source(source, kind, tables)
    return "\n".join(lines) + "\n"


def _source(source: str, kind: str, tables: Iterable[Contract]) -> list[str]:
    suffix, meaning, table_meaning = _KINDS[kind]
    place = f"read_parquet('{{{{ var('lake') }}}}/{kind}/{source}/{{name}}/**/*.parquet', "
    return [
        f"  - name: {source}{suffix}",
        f"    description: {literal(f'Source system {source}: {meaning}')}",
        f"    schema: {kind}",
        "    config:",
        "      meta:",
        f'        external_location: "{place}union_by_name = true, hive_partitioning = false)"',
        "    tables:",
        *(
            f"      - {{name: {one.table}, description: {literal(table_meaning.format(one.description, one.name))}}}"
            for one in tables
        ),
    ]


def _macros() -> str:
    tables = [f"['{one.source}', '{one.table}']" for one in contracts().values()]
    kinds = [_record_kind(one) for one in contracts().values() if one.changes]
    return (
        f"{{#- {_NOTICE} -#}}\n\n"
        "{#- Every landed table: source, table; tables that others refer to come first. -#}\n"
        f"{_macro('landed_tables', tables)}\n\n"
        "{#- Records that can change: how they are identified, and the times that change them. -#}\n"
        f"{_macro('record_kinds', kinds)}"
    )


def _macro(name: str, items: Iterable[str]) -> str:
    listed = "".join(f"        {item},\n" for item in items)
    return f"{{% macro {name}() -%}}\n    {{{{ return([\n{listed}    ]) }}}}\n{{%- endmacro %}}\n"


def _record_kind(contract: Contract) -> str:
    changes = contract.changes
    assert changes is not None  # noqa: S101
    texts = [
        ("entity", changes.entity),
        ("source", contract.source),
        ("table", contract.table),
        ("id", contract.key[0]),
        *changes.identifiers.items(),
    ]
    times = ", ".join(literal(column) for column in changes.times)
    pairs = ", ".join(f"'{name}': {literal(value)}" for name, value in texts)
    return f"{{{pairs}, 'times': [{times}]}}"
