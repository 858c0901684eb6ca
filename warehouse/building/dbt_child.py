"""The process in which dbt runs, started by `warehouse.building.dbt_process`.

dbt's own artifacts (`manifest.json`, `run_results.json`) describe the whole project, and writing them takes seconds.
This process writes only what Rapport reads. `dbt parse` by hand still writes a manifest.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import ModelNode, SeedNode

from warehouse.core.atomic import write_json

_DESCRIBED = (ModelNode, SeedNode)


def main(results: str, descriptions: str, flags: Sequence[str], command: Sequence[str], places: Sequence[str]) -> int:
    """Parse the project, then run the command on it, if one is given; returns dbt's exit code.

    Args:
        results: file for the result of every node.
        descriptions: file for the descriptions of models, seeds and their columns.
        flags: global options of dbt.
        command: dbt command with its arguments; empty to parse only.
        places: options that name the project, its target folder and variables.
    """
    quick = ("--no-write-json", *flags)
    gc.disable()  # the parsed project is never garbage; collecting while it grows costs time, so does scanning it later
    project = dbtRunner().invoke([*quick, "parse", *places]).result
    gc.freeze()
    gc.enable()
    if not isinstance(project, Manifest):
        return 2
    _write(descriptions, [_description(node) for node in project.nodes.values() if isinstance(node, _DESCRIBED)])
    if not command:
        return 0
    ran = dbtRunner(manifest=project).invoke([*quick, *command, *places])
    _write(results, [_result(result) for result in getattr(ran.result, "results", ())])
    return 0 if ran.success else 1


def _write(file: str, content: list[dict[str, Any]]) -> None:
    write_json(Path(file), content)


def _description(node: Any) -> dict[str, Any]:
    columns = {name.lower(): column.description for name, column in node.columns.items()}
    return {"schema": node.schema, "name": node.alias, "description": node.description, "columns": columns}


def _result(result: Any) -> dict[str, Any]:
    node = result.node  # an exposure has no table
    return {
        "name": node.name,
        "kind": str(node.resource_type),
        "schema": getattr(node, "schema", None),
        "table": getattr(node, "alias", node.name),
        "materialized": node.config.get("materialized"),
        "path": node.original_file_path,
        "status": str(result.status),
        "message": result.message,
        "seconds": result.execution_time,
        "failures": result.failures,
        "query": getattr(node, "compiled_code", None),
    }


if __name__ == "__main__":
    sys.exit(main(**json.loads(sys.argv[1])))
