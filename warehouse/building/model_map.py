"""Pictures of what feeds what among the intermediate models, from the `ref()` calls in their SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_REF = re.compile(r"""\bref\(\s*['"](\w+)['"]\s*\)""")


def intermediate_maps(models: Path) -> Iterator[str]:
    """One mermaid graph for each folder of `intermediate/` under `models`.

    Seeds are left out: they are business numbers and would hide the flow of rows.
    """
    reads = _reads(models)
    folders = _folders(models)
    for folder in sorted({folder for folder in folders.values() if folder.startswith("intermediate")}):
        own = sorted(name for name, place in folders.items() if place == folder)
        yield f"## {folder}\n"
        yield "```mermaid\nflowchart LR"
        yield from _edges(own, reads, folders)
        yield "```\n"


def _reads(models: Path) -> dict[str, list[str]]:
    """Model -> the models that its SQL names, in order of name."""
    files = {file.stem: file for file in sorted(models.rglob("*.sql"))}
    return {
        name: sorted({ref for ref in _REF.findall(file.read_text(encoding="utf-8")) if ref in files and ref != name})
        for name, file in files.items()
    }


def _folders(models: Path) -> dict[str, str]:
    return {file.stem: file.parent.relative_to(models).as_posix() for file in models.rglob("*.sql")}


def _edges(own: list[str], reads: dict[str, list[str]], folders: dict[str, str]) -> Iterator[str]:
    """Arrows into and inside the folder, then from the folder to its readers; inner models have square corners."""
    for name in own:
        yield f"    {name}[{name}]"
        for parent in reads[name]:
            yield f"    {parent}{'' if folders[parent] == folders[name] else f'([{parent}])'} --> {name}"
    for reader, parents in sorted(reads.items()):
        for parent in (parent for parent in parents if parent in own and folders[reader] != folders[parent]):
            yield f"    {parent} --> {reader}([{reader}])"
