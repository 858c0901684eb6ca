"""`rapport demo`: simulates day by day and writes the records of each day to every source system."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from demo.clock import Clock
from demo.day import AccountNumbers, Day, Plan
from demo.defects import spoil
from demo.files import write_csv, write_lines, write_pages
from demo.simulation import simulate
from demo.sinks import Database, open_database
from demo.state import State, load_state
from demo.tables import COLUMNS, CRM
from demo.truth import begin_truth, cut_truth, truth_sizes, write_truth
from demo.typing import Columns
from warehouse.core.errors import ConfigurationError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings

#: Default as_of: the day after the last simulated day.
DEFAULT_AS_OF = date(2026, 11, 1)
LANGUAGES = ("en", "zh", "mixed")


@dataclass(frozen=True)
class Company:
    """Parameters of a demo folder, kept in `state/company.json` so that days can be added later."""

    customers: int
    seed: int
    language: str
    defect_rate: float
    start: str

    @property
    def plan(self) -> Plan:
        return Plan(self.customers, self.seed, self.language, self.defect_rate)


def company_folder(settings: Settings) -> Path:
    """The folder of the demo company's source systems."""
    return settings.home / "demo"


def generate(
    settings: Settings,
    *,
    customers: int = 5_000,
    days: int = 730,
    seed: int = 42,
    language: str = "mixed",
    end: date = DEFAULT_AS_OF,
    defect_rate: float = 0.01,
    database_url: str | None = None,
    append_day: date | None = None,
) -> StageReport:
    """Write the demo company's source systems under `demo/` in the home.

    The `days` days before `end` are simulated, so that the night of `end` sees them all. With `append_day` the company
    that is already there goes on, day by day, up to and with that day; only `database_url` counts then, and the
    result is what generating that many days at once would have given. `customers` is the number on the first day.

    Raises:
        ConfigurationError: an option out of range, or no company to add a day to.
        SourceError: the database does not answer.
    """
    _check(customers, days, language, defect_rate)
    if append_day is not None:
        return _append(company_folder(settings), append_day, database_url)
    company = Company(customers, seed, language, defect_rate, (end - timedelta(days=days)).isoformat())
    for folder in ("surveys", "tickets", "social", "truth", "state"):
        shutil.rmtree(company_folder(settings) / folder, ignore_errors=True)
    database = open_database(database_url, company_folder(settings) / "crm.db", is_new=True)
    database.create()
    (company_folder(settings) / "state").mkdir(parents=True, exist_ok=True)
    begin_truth(company_folder(settings) / "truth", asdict(company))
    written = json.dumps(asdict(company), indent=2) + "\n"
    (company_folder(settings) / "state" / "company.json").write_text(written, encoding="utf-8")
    return _run(company_folder(settings), company, State(day=-1), days, database)


def has_company(settings: Settings) -> bool:
    """Whether a complete demo company exists. An interrupted one must be generated again."""
    return bool(_states(company_folder(settings)))


def _states(demo: Path) -> list[Path]:
    return list((demo / "state").glob("state-*.npz"))


def _check(customers: int, days: int, language: str, defect_rate: float) -> None:
    if customers < 50 or days < 1:
        raise ConfigurationError(
            f"demo: {customers} customers x {days} days is too little; give at least 50 customers and 1 day"
        )
    if language not in LANGUAGES:
        raise ConfigurationError(f"demo: language '{language}' is not known; choose one of {', '.join(LANGUAGES)}")
    if not 0 <= defect_rate <= 0.5:
        raise ConfigurationError(f"demo: a defect rate of {defect_rate} is out of range; give a share from 0 to 0.5")


def _append(demo: Path, last: date, database_url: str | None) -> StageReport:
    if not _states(demo):
        raise ConfigurationError(f"demo: there is no demo company in {demo} to add a day to; run `rapport demo` first")
    company = Company(**json.loads((demo / "state" / "company.json").read_text(encoding="utf-8")))
    database = open_database(database_url, demo / "crm.db", is_new=False)
    reached = demo / "state" / f"state-{database.progress()}.npz"
    if not reached.exists():
        database.close()
        raise ConfigurationError(f"demo: the CRM database is not that of {demo}; give the address it was made with")
    state = load_state(reached)
    cut_truth(demo / "truth", state.truth_sizes)
    until = (last - date.fromisoformat(company.start)).days + 1
    if until <= state.day:
        database.close()
        return StageReport("demo", notes=(f"{last} is already there; nothing added",))
    return _run(demo, company, state, until, database)


def _run(demo: Path, company: Company, state: State, until: int, database: Database) -> StageReport:
    """Simulate from `state.day` up to day `until` (exclusive)."""
    clock = Clock(date.fromisoformat(company.start), until)
    today = Day(state.day, company.plan, state, clock, AccountNumbers())
    counts: Counter[str] = Counter()
    try:
        for number in range(state.day, until):
            today = replace(today, number=number, rows={}, defects=[], reasons=[], truths={})
            simulate(today)
            counts.update(_write_day(demo, today, database))
        state.day = until
        _keep(demo, state, database)
    finally:
        database.close()
    tables = tuple(TableCount(table, counts[table], counts[table]) for table in COLUMNS)
    total = sum(counts.values())
    first, night = clock.day_text(0), clock.day_text(until)
    notes = (f"{state.size:,} accounts from {first}; the first night that sees every day is {night}",)
    return StageReport("demo", rows_in=total, rows_out=total, tables=tables, notes=notes)


def _keep(demo: Path, state: State, database: Database) -> None:
    """Commit database and state together: the database records the day of its state."""
    state.truth_sizes = truth_sizes(demo / "truth")
    kept = demo / "state" / f"state-{state.day}.npz"
    state.save(kept)
    database.commit(state.day)
    for older in _states(demo):
        if older != kept:
            older.unlink()


def _write_day(demo: Path, today: Day, database: Database) -> Counter[str]:
    """Write a day's rows with planted defects, and their truth; returns the number of rows by table."""
    counts: Counter[str] = Counter()
    rows: dict[str, Columns] = {}
    for table in COLUMNS:
        for batch in _batches(today, table):
            spoiled = spoil(today, table, batch)
            counts[table] += len(next(iter(spoiled.values())))
            if table in CRM:
                database.insert(table, spoiled)
            else:
                rows[table] = spoiled
    if today.number >= 0:
        _write_files(demo, today.clock.day_text(today.number), rows)
    write_truth(demo / "truth", today)
    return counts


def _batches(today: Day, table: str) -> list[Columns]:
    """The rows of a table as one batch (an empty table has none)."""
    batches = today.rows.get(table, [])
    if len(batches) < 2:
        return batches
    return [{name: np.concatenate([batch[name] for batch in batches]) for name in COLUMNS[table]}]


def _write_files(demo: Path, day: str, rows: dict[str, Columns]) -> None:
    for table in ("invitations", "responses", "answers", "employee_responses"):
        write_csv(demo / "surveys" / f"{table}_{day}.csv", table, rows.get(table))
    for table in ("tickets", "events"):
        if table in rows:
            write_pages(demo / "tickets" / day, table, rows[table])
    if "mentions" in rows:
        write_lines(demo / "social" / f"mentions_{day}.jsonl", rows["mentions"])
