"""`make bench`: one nightly of a small and of a large demo company; time and peak memory of each stage.

Each stage runs as a process of its own, so that its peak memory is its own (the largest of its processes). Figures are
of this machine on this day; what holds elsewhere are the ratios within one run. Writes `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dags.common.stages import NIGHTLY, TRAINING
from warehouse.demo import DEFAULT_AS_OF
from warehouse.journal import read_journal
from warehouse.settings import PROJECT, Settings

RUN_STAGE = """
import sys
from datetime import date
from dags.common.stages import NIGHTLY, TRAINING, run_stage
from warehouse.settings import settings_from_environment
stage = next(stage for stage in (*NIGHTLY, *TRAINING) if stage.name == sys.argv[1])
run_stage(stage, settings_from_environment(), date.fromisoformat(sys.argv[2]))
"""


@dataclass(frozen=True)
class Measured:
    """One process: wall seconds, peak memory in GB, rows that came in."""

    name: str
    seconds: float
    peak_gb: float
    rows_in: int


def _measure(name: str, command: list[str], settings: Settings) -> Measured:
    settings.logs.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with (settings.logs / "bench.log").open("ab") as log:
        process = subprocess.Popen(command, env=settings.process_environment(), cwd=PROJECT, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{name} ended with {process.returncode}; read {settings.logs / 'bench.log'}")
    done = [entry for entry in read_journal(settings, DEFAULT_AS_OF) if entry.stage == name]
    rows = done[-1].rows_in if done else 0
    measured = Measured(name, time.monotonic() - started, usage.ru_maxrss / 1024**2, rows)
    sys.stdout.write(f"  {name:<15} {measured.seconds:>8.1f} s {measured.peak_gb:>6.2f} GB {rows:>12,} rows\n")
    sys.stdout.flush()
    return measured


def _run(customers: int, days: int, home: Path, champions: Path | None) -> list[Measured]:
    """Demo company and one night; trained first, unless the champions of another home are given."""
    settings = Settings(home, PROJECT / "rapport.yml", home)
    rapport = str(Path(sys.prefix) / "bin" / "rapport")
    demo = [rapport, "demo", "--customers", str(customers), "--days", str(days)]
    measured = [_measure("demo", demo, settings)]
    before = [stage.name for stage in (NIGHTLY if champions else TRAINING)]
    if champions:
        shutil.copytree(champions, settings.mlflow)
    stages = before + [stage.name for stage in NIGHTLY if stage.name not in before]
    for stage in stages:
        measured.append(_measure(stage, [sys.executable, "-c", RUN_STAGE, stage, str(DEFAULT_AS_OF)], settings))
    return measured


def _table(small: list[Measured], large: list[Measured], rows: tuple[int, int]) -> str:
    lines = [
        "| stage | small: s | GB | large: s | GB | rows in | time, ratio | time a landed row, ratio |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    by_name = {one.name: one for one in small}
    for many in large:
        few = by_name[many.name]
        ratio = many.seconds / few.seconds
        lines.append(
            f"| {few.name} | {few.seconds:.1f} | {few.peak_gb:.2f} | {many.seconds:.1f} | {many.peak_gb:.2f} "
            f"| {many.rows_in:,} | {ratio:.1f} | {ratio * rows[0] / rows[1]:.2f} |"
        )
    return "\n".join(lines)


def _landed(measured: list[Measured]) -> int:
    return next(one.rows_in for one in measured if one.name == "land")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs=2, default=(5_000, 1_000_000))
    parser.add_argument("--days", type=int, nargs=2, default=(480, 365))
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        homes = [Path(folder) / size for size in ("small", "large")]
        for customers, days, home in zip(options.customers, options.days, homes, strict=True):
            sys.stdout.write(f"{customers:,} customers x {days} days\n")
            home.mkdir()
            results.append(_run(customers, days, home, homes[0] / "mlflow" if results else None))
    small, large = results
    rows = (_landed(small), _landed(large))
    sizes = [
        f"{count:,} customers x {days} days, {landed:,} landed rows"
        for count, days, landed in zip(options.customers, options.days, rows, strict=True)
    ]
    text = (
        "# Benchmarks\n\n"
        f"`make bench`: the demo company, one night ({DEFAULT_AS_OF}), each stage a process of its own; small is "
        f"{sizes[0]}, large is {sizes[1]}. The large company is scored with the models that the small one trained.\n"
        f"{os.cpu_count()} cores, Python {platform.python_version()}. Peak memory is that of the stage's largest "
        "process. Absolute seconds are this machine's on that day; the ratios compare two runs of one session, and a "
        "ratio a landed row below 1 says that a stage's fixed cost weighs on the small company.\n\n"
        f"{_table(small, large, rows)}\n"
    )
    (PROJECT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
