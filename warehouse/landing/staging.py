"""dlt at work: the rows of a source's tables as Parquet in a private folder, which no reader knows."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.connectors.reading import ORIGIN, POSITION, ROW, Reading
from warehouse.core.errors import RapportError, SourceError


class Numbering:
    """Adds to each row its place in the file and its place in all that was read, both from 1."""

    def __init__(self) -> None:
        self._row = 0
        self._origin: str | None = None
        self._position = 0

    def __call__(self, table: pa.Table) -> pa.Table:
        rows = np.arange(self._row + 1, self._row + len(table) + 1)
        if ORIGIN in table.column_names:
            positions = self._positions(table.column(ORIGIN).combine_chunks(), len(table))
        else:
            table, positions = table.append_column(ORIGIN, pa.repeat("", len(table))), rows
        self._row += len(table)
        return table.append_column(POSITION, pa.array(positions)).append_column(ROW, pa.array(rows))

    def _positions(self, origins: pa.Array, count: int) -> npt.NDArray[np.int64]:
        positions = np.empty(count, np.int64)
        runs = pc.run_end_encode(origins) if count else None
        start = 0
        for end, origin in zip(runs.run_ends.to_pylist(), runs.values.to_pylist(), strict=True) if runs else ():
            if origin != self._origin:
                self._origin, self._position = origin, 0
            positions[start:end] = np.arange(self._position + 1, self._position + end - start + 1)
            self._position += end - start
            start = end
        return positions


Staged = dict[str, list[Path]]
Failed = dict[str, Exception]


def stage(readings: Mapping[str, Reading], folder: Path, logs: Path) -> tuple[Staged, Failed]:
    """Read tables into `folder`: their Parquet files, and what went wrong, by table.

    One dlt run reads all; when that fails, each table is read alone, so that one table cannot stop the others.
    """
    wanted = {table: reading for table, reading in readings.items() if reading.resource}
    if not wanted:
        return {}, {}
    _quiet(logs)
    try:
        return _run(wanted, folder / "together"), {}
    except Exception as error:
        if len(wanted) == 1:
            return {}, dict.fromkeys(wanted, _cause(error))
    staged: Staged = {}
    failed: Failed = {}
    for table, reading in wanted.items():
        try:
            staged |= _run({table: reading}, folder / table)
        except Exception as error:
            failed[table] = _cause(error)
    return staged, failed


def _run(readings: Mapping[str, Reading], folder: Path) -> Staged:
    import dlt

    pipeline = dlt.pipeline(
        pipeline_name="landing",
        pipelines_dir=str(folder / "state"),
        destination=dlt.destinations.filesystem(
            bucket_url=(folder / "rows").as_uri(), warn_unsafe_layout_separators=False
        ),
        dataset_name="rows",
    )
    pipeline.run([_numbered(reading) for reading in readings.values()], loader_file_format="parquet")
    return {table: sorted((folder / "rows" / "rows" / table).glob("*.parquet")) for table in readings}


def _numbered(reading: Reading) -> Any:
    assert reading.resource is not None  # noqa: S101
    return reading.resource().add_map(Numbering())


def _cause(error: BaseException) -> Exception:
    """Our own error inside dlt's, or one made of the innermost."""
    seen = error
    while True:
        if isinstance(seen, RapportError):
            return seen
        inner = seen.__cause__ or seen.__context__
        if inner is None:
            break
        seen = inner
    return SourceError(f"reading failed ({type(seen).__name__}: {' '.join(str(seen).split())[:200]})")


def _quiet(logs: Path) -> None:
    """No telemetry; dlt's words go to the log file; columns keep the company's own names."""
    import dlt

    dlt.config["runtime.dlthub_telemetry"] = False
    dlt.config["schema.naming"] = "direct"
    dlt.config["restore_from_destination"] = False
    logger = logging.getLogger("dlt")
    logger.propagate = False
    target = str((logs / "landing.log").resolve())
    if any(getattr(handler, "baseFilename", None) == target for handler in logger.handlers):
        return
    logs.mkdir(parents=True, exist_ok=True)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    handler = logging.FileHandler(target, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
