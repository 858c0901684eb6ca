"""What has been landed: one manifest per load, written last; watermarks and fingerprints are derived from manifests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.core.atomic import sync, write_text
from warehouse.core.errors import SourceError

Watermark = datetime | float
_Record = TypeVar("_Record", bound=BaseModel)


class TableLoad(BaseModel):
    """One table of one load; paths are relative to `lake/landing`. Aliases are the names of the JSON keys."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    rows_read: int
    rows: int
    file: str | None
    hash_file: str | None = Field(alias="recent")  # hashes of the rows that a later load may read again
    fingerprints: dict[str, str] = Field({}, alias="files")  # source file -> hash of its contents
    file_times: dict[str, str] = Field({}, alias="stamps")  # source file -> its size and time of change
    watermark_before: Watermark | None
    watermark_after: Watermark | None
    rows_after_as_of: int = Field(alias="held_back")  # rows of as_of or later, left in the source for a later night
    columns: list[str]  # columns of the source


class Manifest(BaseModel):
    """One load of one source, all its tables."""

    model_config = ConfigDict(frozen=True)

    load_id: str
    source: str
    as_of: date
    tables: dict[str, TableLoad]


class Pending(BaseModel):
    """A commit in progress: `moves` maps drafts (absolute) to their places (relative to `lake/landing`)."""

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    moves: dict[str, str]


@dataclass(frozen=True)
class Landed:
    """What all loads so far left of one table."""

    watermark: Watermark | None = None
    fingerprints: dict[str, str] = field(default_factory=dict)
    file_times: dict[str, str] = field(default_factory=dict)
    hash_files: tuple[str, ...] = ()
    columns: tuple[str, ...] | None = None
    rows_after_as_of: int = 0
    last_night: date | None = None

    def after(self, load: TableLoad, as_of: date) -> Landed:
        """The same with one more load."""
        return Landed(
            watermark=self.watermark if load.watermark_after is None else load.watermark_after,
            fingerprints=self.fingerprints | load.fingerprints,
            file_times=self.file_times | load.file_times,
            hash_files=self.hash_files + ((load.hash_file,) if load.hash_file else ()),
            columns=tuple(load.columns) or self.columns,
            rows_after_as_of=load.rows_after_as_of,
            last_night=max(as_of, self.last_night or as_of),
        )


class Loads:
    """The manifests under `lake/landing/_loads`, and the commit, which makes a load visible whole or not at all."""

    def __init__(self, landing: Path) -> None:
        self._landing = landing
        self._folder = landing / "_loads"
        self._pending = self._folder / "_pending"

    def manifests(self, source: str) -> list[Manifest]:
        """All committed loads of a source, oldest first."""
        files = sorted((self._folder / source).glob("*.json"))
        return [_read(Manifest, file) for file in files]

    def landed(self, source: str, table: str) -> Landed:
        """What the loads so far left of one table."""
        landed = Landed()
        for manifest in self.manifests(source):
            if table in manifest.tables:
                landed = landed.after(manifest.tables[table], manifest.as_of)
        return landed

    def next_load_id(self, source: str, as_of: date) -> str:
        """`<as_of>-<nn>`; nn counts the loads of a night and source, from 01."""
        taken = sum(load.as_of == as_of for load in self.manifests(source))
        return f"{as_of.isoformat()}-{taken + 1:02d}"

    def commit(self, pending: Pending) -> None:
        """Make a load visible; `recover` finishes a commit that was killed."""
        note = self._pending / f"{pending.manifest.source}.{pending.manifest.load_id}.json"
        write_text(note, pending.model_dump_json(indent=1, by_alias=True))
        self._finish(note, pending)

    def recover(self) -> list[str]:
        """Finish the commits of killed runs, or discard them where drafts are lost; their names."""
        notes = sorted(self._pending.glob("*.json"))
        for note in notes:
            pending = _read(Pending, note)
            places = [(Path(draft), self._landing / final) for draft, final in pending.moves.items()]
            if all(draft.exists() or final.exists() for draft, final in places):
                self._finish(note, pending)
            else:
                for _, final in places:
                    final.unlink(missing_ok=True)
                note.unlink()
        return [note.stem for note in notes]

    def _finish(self, note: Path, pending: Pending) -> None:
        for draft, final in pending.moves.items():
            target = self._landing / final
            target.parent.mkdir(parents=True, exist_ok=True)
            if Path(draft).exists():
                sync(Path(draft))
                Path(draft).replace(target)
                sync(target.parent)
        manifest = pending.manifest
        file = self._folder / manifest.source / f"{manifest.load_id}.json"
        write_text(file, manifest.model_dump_json(indent=1, by_alias=True))
        note.unlink()


def _read(kind: type[_Record], file: Path) -> _Record:
    try:
        return kind.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]["msg"]
        raise SourceError(f"{file}: expected the record of a load, found {first}; restore it from a backup") from error
