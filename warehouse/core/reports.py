"""The report that every stage returns; the command, the DAG and the journal show the same report."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableCount:
    """Rows of one table in one stage; `rows_out + rows_rejected` need not equal `rows_in` (aggregation)."""

    table: str
    rows_in: int
    rows_out: int
    rows_rejected: int = 0
    status: str = "ok"


@dataclass(frozen=True)
class StageReport:
    """The result of one stage of one night.

    `stage` is its name. Rows are totals over `tables`. `notes` are lines for the user: what was left out, warnings,
    what to do.
    """

    stage: str
    rows_in: int = 0
    rows_out: int = 0
    rows_rejected: int = 0
    tables: tuple[TableCount, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = field(default_factory=tuple)
