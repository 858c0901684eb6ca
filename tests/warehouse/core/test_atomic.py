"""A reader finds the old or the new content of a file, never a part."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from warehouse.core.atomic import atomic_file, switch_link, write_json, write_text


def test_a_file_is_replaced_at_the_end_of_the_block_only(tmp_path: Path) -> None:
    target = tmp_path / "lake" / "part-0.parquet"
    with atomic_file(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
        assert list(tmp_path.glob("**/*.parquet")) == []
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    write_text(target, "old")
    with pytest.raises(ValueError, match="disk"), atomic_file(target) as temporary:
        temporary.write_text("half")
        raise ValueError("disk")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_remains_of_a_killed_write_are_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".record.json.tmp").write_text("left behind by a killed write")
    write_json(tmp_path / "record.json", {"as_of": date(2026, 10, 31), "名": "值"})
    assert json.loads((tmp_path / "record.json").read_text("utf-8")) == {"as_of": "2026-10-31", "名": "值"}
    assert [file.name for file in tmp_path.iterdir()] == ["record.json"]


def test_a_link_is_switched_even_if_a_killed_switch_left_its_temporary_link(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)
        (tmp_path / ".current.tmp").symlink_to("first")
        switch_link(tmp_path / "current", Path(name))
    assert (tmp_path / "current").read_text() == "second"
