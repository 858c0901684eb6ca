"""Runs dbt as one child process per stage, and reads the result of every model and test."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.building.dbt_contracts import write_contract_files
from warehouse.core.errors import BuildError
from warehouse.core.settings import PROJECT, Settings

DBT_PROJECT = PROJECT / "dbt_project"
#: Folders of the published models, and the schemas of their tables.
SCHEMA_OF_FOLDER = {"marts": "marts", "lists": "marts", "scores": "scores", "quality": "quality"}
PUBLISHED_SCHEMAS = tuple(dict.fromkeys(SCHEMA_OF_FOLDER.values()))
#: Models built at once. With a small company dbt's own time dominates; with a large one a model fills cores and memory.
THREADS, THREADS_OF_MANY = 3, 2
MANY_BYTES = 500_000_000
CHILD = "warehouse.building.dbt_child"
#: Passed by environment variable: changing `--vars` invalidates dbt's partial-parse cache.
PER_RUN_VARIABLES = ("as_of", "snapshots", "previous_as_of", "features_kept")
_MESSAGE_LENGTH = 400
_QUOTED_VALUE = re.compile(r"""(string|value|text) (["'])[^"']*\2""", re.IGNORECASE)


@dataclass(frozen=True)
class NodeResult:
    """The result of one node: `kind` is model, view, seed or test; `relation` is `schema.name` (not for tests)."""

    name: str
    kind: str
    relation: str
    path: str
    status: str
    message: str
    seconds: float
    failures: int | None
    query: str = ""

    @property
    def failed(self) -> bool:
        return self.status in ("error", "fail", "runtime error")


def run_dbt(settings: Settings, stage: str, arguments: Sequence[str], variables: Mapping[str, Any]) -> list[NodeResult]:
    """Run `dbt build` with `arguments` and return one result per node, in the order in which they ran.

    dbt keeps its compiled SQL, its parsed project and its log under `settings.home`; nothing is printed.

    Raises:
        BuildError: naming the first model or test that failed, dbt's message, and what to do.
    """
    log = settings.logs / f"dbt_{stage}.log"
    start = log.stat().st_size if log.exists() else 0
    results_file(settings).unlink(missing_ok=True)
    code = _run(settings, log, ["build", "--threads", str(_models_at_once(settings)), *arguments], variables)
    results = _read_results(results_file(settings))
    if code != 0:
        raise _failure(settings, stage, log, start, results)
    return results


def read_project(settings: Settings, variables: Mapping[str, Any]) -> None:
    """Have dbt parse the project if it has not yet; errors are reported when `run_dbt` runs."""
    if not project_file(settings).exists():
        _run(settings, settings.logs / "dbt_parse.log", [], variables)


def results_file(settings: Settings) -> Path:
    """The result of every node of the last run, with its SQL, as `warehouse.building.dbt_child` writes it."""
    return _target(settings) / "results.json"


def descriptions_file(settings: Settings) -> Path:
    """The descriptions of models, seeds and their columns."""
    return _target(settings) / "descriptions.json"


def project_file(settings: Settings) -> Path:
    """dbt's partial-parse cache: the project as parsed last; it is the same for every home and night."""
    return _target(settings) / "partial_parse.msgpack"


def _target(settings: Settings) -> Path:
    return settings.home / "dbt"


def _run(settings: Settings, log: Path, command: Sequence[str], variables: Mapping[str, Any]) -> int:
    """Run a dbt command (none: parse only), append its output to the log, and return its exit code."""
    for folder in (_target(settings), settings.logs):
        folder.mkdir(parents=True, exist_ok=True)
    write_contract_files(DBT_PROJECT)
    night = {name: variables[name] for name in PER_RUN_VARIABLES if name in variables}
    lasting = {name: value for name, value in variables.items() if name not in night}
    with log.open("ab") as output:
        return subprocess.run(
            [
                sys.executable,
                "-P",
                "-m",
                CHILD,
                json.dumps(_given(settings, command, lasting)),
            ],
            cwd=settings.home,
            env=settings.process_environment(
                RAPPORT_WAREHOUSE=settings.warehouse_file.name,  # relative to the home, as the lake is: see `variables`
                RAPPORT_NIGHT=json.dumps(night),
                RAPPORT_MEMORY=f"{_memory_megabytes()}MB",
                RAPPORT_DUCKDB_THREADS=str(_duckdb_threads(_models_at_once(settings))),
            ),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
            check=False,
        ).returncode


def _given(settings: Settings, command: Sequence[str], variables: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `warehouse.building.dbt_child`."""
    log_path = str(settings.logs / "dbt")
    places = {"--project-dir": DBT_PROJECT, "--profiles-dir": DBT_PROJECT, "--target-path": _target(settings)}
    return {
        "results": str(results_file(settings)),
        "descriptions": str(descriptions_file(settings)),
        "flags": [
            *("--no-use-colors", "--log-format", "text", "--log-level-file", "none", "--no-version-check"),
            *("--log-path", log_path),
        ],
        "command": list(command),
        "places": [
            *(part for option, path in places.items() for part in (option, str(path))),
            *("--vars", json.dumps(variables, sort_keys=True)),
        ],
    }


def _models_at_once(settings: Settings) -> int:
    landed = sum(file.stat().st_size for file in settings.landing.rglob("*.parquet"))
    return THREADS if landed < MANY_BYTES else THREADS_OF_MANY


def _duckdb_threads(models_at_once: int) -> int:
    """Threads of DuckDB that fill the cores together with dbt's own threads, one per model; more slow each other down.

    A night of 100,000 customers on 2 cores: 92 s with two beside four models at once, 67 s with one beside three.
    """
    return max(1, (os.cpu_count() or 1) - models_at_once + 1)


def _memory_megabytes() -> int:
    """Memory limit of DuckDB, beyond which it spills to disk: half of the machine, at most 8 GB."""
    half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return int(min(half, 8 * 1024**3) // 1024**2)


def _die_with_parent() -> None:
    """Ends dbt when its parent is killed, so that it does not continue to write the warehouse (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _read_results(file: Path) -> list[NodeResult]:
    if not file.exists():
        return []
    return [_node(result) for result in json.loads(file.read_text(encoding="utf-8"))]


def _node(result: Mapping[str, Any]) -> NodeResult:
    return NodeResult(
        name=result["name"],
        kind="view" if result["materialized"] == "view" else result["kind"],
        relation=f"{result['schema']}.{result['table']}",
        path=result["path"],
        status=result["status"],
        message=_one_line(result["message"] or ""),
        seconds=float(result["seconds"]),
        failures=result["failures"],
        query=(result["query"] or "") if result["status"] == "fail" else "",
    )


def _one_line(message: str) -> str:
    """The message in one line, without values of cells, which may be personal data."""
    line = _QUOTED_VALUE.sub(r"\1 (hidden)", " ".join(message.split()))
    return line if len(line) <= _MESSAGE_LENGTH else f"{line[:_MESSAGE_LENGTH]}..."


def _failure(settings: Settings, stage: str, log: Path, start: int, results: Sequence[NodeResult]) -> BuildError:
    failed = [result for result in results if result.failed]
    if not failed:
        reason = _last_error(log, start) or "no message, so it was probably killed, for example for lack of memory"
        return BuildError(f"{stage}: dbt did not start or did not finish: {reason}; see {log}")
    first, others = failed[0], f" ({len(failed) - 1} more failed)" if len(failed) > 1 else ""
    if first.kind in ("model", "view"):
        return BuildError(
            f"{stage}: dbt could not build {first.relation}{others}: {first.message}; "
            f"correct dbt_project/{first.path} or the data it reads, then run the stage again; see {log}"
        )
    if problem := _problem(settings, first):
        return BuildError(f"{stage}: {problem}{others}; then run the stage again")
    return BuildError(
        f"{stage}: {first.kind} {first.name} failed{others}: {first.message}; "
        f"its rule is in dbt_project/{first.path}; correct the rule or the data, then run the stage again; see {log}"
    )


def _problem(settings: Settings, failed: NodeResult) -> str:
    """The message that a failed test of a seed selects as its column `problem`; empty if it selects none."""
    try:
        with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
            found = connection.execute(failed.query or "select 1 where false")
            columns = [column[0] for column in found.description or ()]
            first = found.fetchone()
    except duckdb.Error:
        return ""
    return str(first[0]) if first and columns == ["problem"] else ""


def _last_error(log: Path, start: int) -> str:
    """The last error after byte `start` of the log: before it are earlier runs."""
    text = log.read_bytes()[start:].decode("utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    start = max((index for index, line in enumerate(lines) if "Error" in line), default=max(len(lines) - 3, 0))
    return _one_line(" ".join(re.sub(r"^\d\d:\d\d:\d\d\s+", "", line) for line in lines[start : start + 4]))
