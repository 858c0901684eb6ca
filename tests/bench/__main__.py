"""`make bench`: a night of a small and two of a large demo company; time and peak memory of each stage.

The large company's first night is a full refresh, the second an incremental run within the same month: at the turn of
a month the lifecycle judges every customer. Each stage runs in a process of its own, so that its peak memory is its
own (the largest of its processes). Figures depend on the machine and the day; compare ratios within one run. Writes
`docs/benchmarks.md` down to "Other measurements".
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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from demo import DEFAULT_AS_OF
from pipeline.journal import read_journal
from pipeline.stages import NIGHTLY, TRAINING
from warehouse.core.settings import PROJECT, Settings

RUN_STAGE = """
import sys
from datetime import date
from pipeline.stages import NIGHTLY, TRAINING, run_stage
from warehouse.core.settings import settings_from_environment
stage = next(stage for stage in (*NIGHTLY, *TRAINING) if stage.name == sys.argv[1])
run_stage(stage, settings_from_environment(), date.fromisoformat(sys.argv[2]))
"""


LAST = DEFAULT_AS_OF
#: Two nights of the large company in one month.
WHOLE, MORE = LAST - timedelta(days=2), LAST - timedelta(days=1)
#: The part of the page from here on was measured by other commands and is kept.
OTHERWISE = "\n## Other measurements\n"


@dataclass(frozen=True)
class Measured:
    """One process: wall seconds, peak memory in GB, rows that came in."""

    name: str
    seconds: float
    peak_gb: float
    rows_in: int


Night = dict[str, Measured]


def _measure(name: str, command: list[str], settings: Settings, night: date) -> Measured:
    settings.logs.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    log_file = settings.logs / "bench.log"
    with log_file.open("ab") as log:
        process = subprocess.Popen(command, env=settings.process_environment(), cwd=PROJECT, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = "\n".join(log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        sys.exit(f"{last}\n{name} ended with {process.returncode}")
    done = [entry for entry in read_journal(settings, night) if entry.stage == name]
    rows = done[-1].rows_in if done else 0
    measured = Measured(name, time.monotonic() - started, usage.ru_maxrss / 1024**2, rows)
    sys.stdout.write(f"  {name:<15} {measured.seconds:>8.1f} s {measured.peak_gb:>6.2f} GB {rows:>12,} rows\n")
    sys.stdout.flush()
    return measured


def _demo(customers: int, days: int, settings: Settings) -> Measured:
    sys.stdout.write(f"{customers:,} customers x {days} days\n")
    settings.home.mkdir(parents=True)
    command = [str(Path(sys.prefix) / "bin" / "rapport"), "demo", "--customers", str(customers), "--days", str(days)]
    return _measure("demo", command, settings, LAST)


def _night(settings: Settings, night: date, stages: Sequence[str]) -> dict[str, Measured]:
    sys.stdout.write(f" night {night}\n")
    command = [sys.executable, "-c", RUN_STAGE]
    return {stage: _measure(stage, [*command, stage, str(night)], settings, night) for stage in stages}


def _script(settings: Settings) -> float:
    """Seconds of the same tables by a plain DuckDB script."""
    command = [sys.executable, "-m", "tests.bench.script", str(settings.home), str(settings.home / "script")]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    sys.stdout.write(f"  plain script    {done.stdout.strip():>8} s\n")
    return float(done.stdout)


def _table(small: Night, first: Night, second: Night) -> str:
    lines = [
        "| stage | small: s | GB | large: s | GB | rows in | a landed row, large to small "
        "| one more night: s | GB | to the first |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    grown = first["land"].rows_in / small["land"].rows_in if "land" in small else 1
    for stage, many in first.items():
        few, more = small[stage], second.get(stage)
        line = f"| {stage} | {few.seconds:.1f} | {few.peak_gb:.2f} | {many.seconds:.1f} | {many.peak_gb:.2f} "
        line += f"| {many.rows_in:,} | {many.seconds / few.seconds / grown:.2f} "
        line += (
            f"| {more.seconds:.1f} | {more.peak_gb:.2f} | {more.seconds / many.seconds:.2f} |" if more else "| | | |"
        )
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs=2, default=(5_000, 1_000_000))
    parser.add_argument("--days", type=int, nargs=2, default=(480, 365))
    options = parser.parse_args()
    nightly, training = [stage.name for stage in NIGHTLY], [stage.name for stage in TRAINING]
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        few, many = (Settings(Path(folder) / size, PROJECT / "rapport.yml", Path(folder)) for size in ("few", "many"))
        small = {"demo": _demo(options.customers[0], options.days[0], few)}
        small |= _night(few, LAST, [*training, *(stage for stage in nightly if stage not in training)])
        large = {"demo": _demo(options.customers[1], options.days[1], many)}
        shutil.copytree(few.mlflow, many.mlflow)
        large |= _night(many, WHOLE, nightly[: nightly.index("build") + 1])
        script = _script(many)
        large |= _night(many, WHOLE, nightly[nightly.index("build") + 1 :])
        more = _night(many, MORE, nightly)
    sizes = [f"{count:,} customers x {days} days" for count, days in zip(options.customers, options.days, strict=True)]
    text = (
        "# Benchmarks\n\n"
        f"`make bench`: the demo company, each stage in a process of its own; small is {sizes[0]} "
        f"({small['land'].rows_in:,} landed rows), large is {sizes[1]} ({large['land'].rows_in:,} landed rows), scored "
        f"with the models that the small one trained. The large company's first night is {WHOLE}; "
        f"{MORE} is an incremental run.\n"
        f"{os.cpu_count()} cores, Python {platform.python_version()}. Peak memory is that of the stage's largest "
        "process. Absolute seconds are this machine's on that day; the ratios compare runs of one session.\n\n"
        f"{_table(small, large, more)}\n\n"
        f"The build of the first large night takes {large['build'].seconds / script:.2f} times as long as the same SQL "
        f"in one plain DuckDB script ({script:.0f} s, `tests/bench/script.py`).\n"
    )
    page = PROJECT / "docs" / "benchmarks.md"
    _, otherwise, kept = page.read_text(encoding="utf-8").partition(OTHERWISE)
    page.write_text(text + otherwise + kept, encoding="utf-8")


if __name__ == "__main__":
    main()
