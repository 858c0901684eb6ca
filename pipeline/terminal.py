"""What the user sees: one line per stage, the retention list, paths of results. Library output goes to log files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.table import Table

from pipeline.doctor import Finding
from pipeline.journal import expected_seconds
from warehouse.core.reports import StageReport
from warehouse.core.settings import Settings
from warehouse.publishing.releases import Release, list_releases, release_file

TOP = 10


class _ElapsedBar(ProgressColumn):
    """Elapsed seconds against the seconds of the stage's last run; pulses when there was none."""

    def render(self, task: Task) -> ProgressBar:
        elapsed = task.elapsed or 0.0
        if task.total is None:
            return ProgressBar(total=None, width=40, pulse=True, animation_time=elapsed)
        return ProgressBar(total=task.total, completed=min(elapsed, 0.99 * task.total), width=40)


class Terminal:
    """Prints to the terminal while the output of libraries is redirected to a log file."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
        width = None if self._stream.isatty() else 140
        self.console = Console(file=self._stream, width=width, highlight=False, soft_wrap=not self._stream.isatty())

    @contextmanager
    def quiet(self, log_file: Path) -> Iterator[None]:
        """Redirect standard output and error, also of child processes, to the log file."""
        log_file.parent.mkdir(parents=True, exist_ok=True)
        sys.stdout.flush()
        sys.stderr.flush()
        kept = os.dup(1), os.dup(2)
        with log_file.open("a", encoding="utf-8") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            try:
                yield
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os.dup2(kept[0], 1)
                os.dup2(kept[1], 2)
                os.close(kept[0])
                os.close(kept[1])

    @contextmanager
    def progress(self, settings: Settings, stage: str) -> Iterator[None]:
        """Show a progress bar while a stage runs; its length is the duration of the stage's last run."""
        columns = (TextColumn("  {task.description:<14}"), _ElapsedBar(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as bars:
            bars.add_task(stage, total=expected_seconds(settings, stage))
            yield

    def report_line(self, report: StageReport, seconds: float) -> None:
        """Print one line for a finished stage, then its notes."""
        self.console.print(
            f"  {report.stage:<14} rows in {report.rows_in:>11,}   out {report.rows_out:>11,}   "
            f"rejected {report.rows_rejected:>8,}   {seconds:>7.1f} s"
        )
        for note in report.notes:
            self.console.print(f"                 [dim]{escape(note)}[/]", soft_wrap=True)

    def run(self, settings: Settings, name: str, work: Callable[[], StageReport]) -> StageReport:
        """Run `work` behind a progress bar, with output in `logs/<name>.log`, then print its line."""
        started = time.monotonic()
        with self.progress(settings, name), self.quiet(settings.logs / f"{name}.log"):
            report = work()
        self.report_line(report, time.monotonic() - started)
        return report

    def results(self, settings: Settings, as_of: date) -> None:
        """Print the retention list of the night and where all results are."""
        table = retention_table(settings, as_of)
        self.console.print()
        self.console.print(table or f"The retention list for {as_of} is empty; the notes above explain why.")
        self.console.print()
        for what, path in whereabouts(settings, as_of):
            self.console.print(f"  {what:<24} {path}", soft_wrap=True)

    def findings(self, findings: Sequence[Finding]) -> None:
        marks = {True: "[green]ok  [/]", False: "[red]no  [/]", None: "[yellow]-   [/]"}
        for finding in findings:
            to_do = f" -> {finding.to_do}" if finding.to_do else ""
            line = f"  {marks[finding.is_ok]} {finding.what:<20} {escape(finding.found + to_do)}"
            self.console.print(line, soft_wrap=True)

    def releases(self, releases: Sequence[Release]) -> None:
        table = Table("", "release", "as of", "published", "code")
        for release in releases:
            mark = "current" if release.is_current else ""
            published = f"{release.published_at:%Y-%m-%d %H:%M}"
            table.add_row(mark, release.release_id, str(release.as_of), published, release.code_version)
        self.console.print(table if releases else "nothing is published yet; run `rapport nightly`")

    def records(self, rows: Sequence[Mapping[str, object]], if_empty: str) -> None:
        """Print rows as a table; the first row names the columns."""
        if not rows:
            self.console.print(if_empty)
            return
        table = Table(*rows[0])
        for row in rows:
            table.add_row(*("" if value is None else escape(str(value)) for value in row.values()))
        self.console.print(table)


def _money(cents: float | None, currency: str) -> str:
    return "" if cents is None else f"{cents / 100:,.2f} {currency}"


def retention_table(settings: Settings, as_of: date) -> Table | None:
    """The first rows of the night's list, from its newest release; None where there is none or it is empty.

    Readers may be on a later release.
    """
    release = next((release for release in list_releases(settings) if release.as_of == as_of), None)
    if release is None:
        return None
    with duckdb.connect(str(release_file(settings, release.release_id)), read_only=True) as reader:
        rows = reader.execute(
            """
            select list_rank, customer_id, churn_probability, value_at_risk_cents, expected_profit_cents,
                   reason_1, reason_2, reason_3, recommended_action, owner_id
            from marts.retention_risk_list where as_of = ? order by list_rank limit ?
            """,
            [as_of, TOP],
        ).fetchall()
        total = reader.execute("select count(*) from marts.retention_risk_list where as_of = ?", [as_of]).fetchone()
    if not rows:
        return None
    currency = settings.config.currency
    table = Table(title=f"Retention list for {as_of}: {len(rows)} of {total[0] if total else 0}", title_justify="left")
    for heading in ("#", "customer", "risk", "at risk", "profit", "why", "do", "owner"):
        table.add_column(heading, justify="right" if heading in {"#", "risk", "at risk", "profit"} else "left")
    for rank, customer, risk, value, profit, *reasons, action, owner in rows:
        why = "\n".join(f"{number}. {reason}" for number, reason in enumerate(filter(None, reasons), 1))
        cells = (_money(value, currency), _money(profit, currency), why, action or "", owner or "")
        table.add_row(str(rank), customer, f"{risk:.0%}", *cells, end_section=True)
    return table


def whereabouts(settings: Settings, as_of: date) -> list[tuple[str, Path]]:
    """Where the results of a night are."""
    return [
        ("warehouse for BI tools", settings.serving / "customer_360.duckdb"),
        ("lists as files", settings.exports / str(as_of)),
        ("rejected rows", settings.quarantine),
        ("data docs", settings.validation / "data_docs" / "index.html"),
        ("models (MLflow)", settings.mlflow),
        ("log", settings.logs),
    ]
