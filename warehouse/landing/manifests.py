"""What has been landed: one manifest a load, written last, from which watermarks and seen files are derived."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

Watermark = datetime | float


class TableLoad(BaseModel):
    """One table of one load; paths are relative to `lake/landing`."""

    model_config = ConfigDict(frozen=True)

    rows_read: int
    rows: int
    file: str | None
    recent: str | None  # hashes of the rows that a later load may meet again
    files: dict[str, str] = {}  # source file -> fingerprint of its contents
    stamps: dict[str, str] = {}  # source file -> its size and time of change
    watermark_before: Watermark | None
    watermark_after: Watermark | None
    held_back: int  # rows of as_of or later, left in the source for a later night
    columns: list[str]  # columns the source had


class Manifest(BaseModel):
    """One load of one source, all its tables."""

    model_config = ConfigDict(frozen=True)

    load_id: str
    source: str
    as_of: date
    tables: dict[str, TableLoad]


class Pending(BaseModel):
    """A commit in progress: staged files (absolute) to where they belong (relative to `lake/landing`)."""

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    moves: dict[str, str]


@dataclass(frozen=True)
class Landed:
    """What is known of one table from the manifests of all its loads."""

    watermark: Watermark | None = None
    files: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    recent: tuple[str, ...] = ()
    columns: tuple[str, ...] | None = None
    held_back: int = 0
    last_night: date | None = None

    def after(self, load: TableLoad, as_of: date) -> Landed:
        """What is known once one more load is counted."""
        return Landed(
            watermark=self.watermark if load.watermark_after is None else load.watermark_after,
            files=self.files | load.files,
            stamps=self.stamps | load.stamps,
            recent=self.recent + ((load.recent,) if load.recent else ()),
            columns=tuple(load.columns) or self.columns,
            held_back=load.held_back,
            last_night=max(as_of, self.last_night or as_of),
        )


class Loads:
    """The manifests under `lake/landing/_loads`, and the commit that makes a load visible in full or not at all."""

    def __init__(self, landing: Path) -> None:
        self._landing = landing
        self._folder = landing / "_loads"
        self._pending = self._folder / "_pending"

    def manifests(self, source: str) -> list[Manifest]:
        """All committed loads of a source, oldest first."""
        files = sorted((self._folder / source).glob("*.json"))
        return [Manifest.model_validate_json(file.read_text(encoding="utf-8")) for file in files]

    def landed(self, source: str, table: str) -> Landed:
        """What the loads so far say about one table."""
        landed = Landed()
        for manifest in self.manifests(source):
            if table in manifest.tables:
                landed = landed.after(manifest.tables[table], manifest.as_of)
        return landed

    def next_load_id(self, source: str, as_of: date) -> str:
        """`<as_of>-<nn>`, nn counted per night and source from 01."""
        taken = sum(load.as_of == as_of for load in self.manifests(source))
        return f"{as_of.isoformat()}-{taken + 1:02d}"

    def commit(self, pending: Pending) -> None:
        """Make a load visible; killed at any moment, `recover` finishes it."""
        self._pending.mkdir(parents=True, exist_ok=True)
        note = self._pending / f"{pending.manifest.source}.{pending.manifest.load_id}.json"
        _write(note, pending.model_dump_json(indent=1))
        self._finish(note, pending)

    def recover(self) -> list[str]:
        """Roll forward the commits a killed run left behind; the load ids finished or discarded."""
        notes = sorted(self._pending.glob("*.json"))
        for note in notes:
            pending = Pending.model_validate_json(note.read_text(encoding="utf-8"))
            places = [(Path(staged), self._landing / final) for staged, final in pending.moves.items()]
            if all(staged.exists() or final.exists() for staged, final in places):
                self._finish(note, pending)
            else:
                for _, final in places:
                    final.unlink(missing_ok=True)
                note.unlink()
        return [note.stem for note in notes]

    def _finish(self, note: Path, pending: Pending) -> None:
        for staged, final in pending.moves.items():
            target = self._landing / final
            target.parent.mkdir(parents=True, exist_ok=True)
            if Path(staged).exists():
                Path(staged).replace(target)
        manifest = pending.manifest
        _write(self._folder / manifest.source / f"{manifest.load_id}.json", manifest.model_dump_json(indent=1))
        note.unlink()


def _write(path: Path, text: str) -> None:
    """Write a file in full or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
