"""Decisions are short, and each has a choice and a room."""

from __future__ import annotations

import re

from warehouse.core.settings import PROJECT

PAGE = (PROJECT / "docs" / "decisions.md").read_text(encoding="utf-8")


def entries() -> list[str]:
    return re.findall(r"^\*\*.+?(?=\n\n|\Z)", PAGE, re.MULTILINE | re.DOTALL)


def test_every_decision_has_a_choice_and_at_most_eight_lines() -> None:
    found = entries()
    assert len(found) > 100
    assert [entry.splitlines()[0] for entry in found if len(entry.splitlines()) > 8] == []
    assert [entry.splitlines()[0] for entry in found if "*Choice:*" not in entry] == []


def test_every_decision_gives_its_alternative_or_its_reason() -> None:
    marks = ("*Why:*", "*Alternative:*", "*Alternatives:*", "*Consequence:*")
    assert [entry.splitlines()[0] for entry in entries() if not any(mark in entry for mark in marks)] == []
