"""Quotes names and values in SQL text that the program composes; never cells of a company's data."""

from __future__ import annotations


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Quote a value as SQL text; booleans as true and false."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text.replace("'", "''") + "'"
