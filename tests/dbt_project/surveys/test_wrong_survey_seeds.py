"""Every mistake in a seed of the surveys is found before a table is made, and said in words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.settings import PROJECT

#: File, line that is replaced (None: appended), what instead, and how the sentence about it begins.
MISTAKES = [
    (
        "kano_evaluation",
        "1,5,one_dimensional",
        "",
        "kano_evaluation.csv has 0 categories for the answers 1 (with) and 5",
    ),
    (
        "kano_evaluation",
        "5,5,questionable",
        "5,6,questionable",
        "kano_evaluation.csv: the answers 5 and 6 are not both",
    ),
    (
        "benchmarks",
        None,
        "csat_mean,overall,all,industry,,4.5,2026,again",
        "benchmarks.csv has 2 benchmarks of industry for",
    ),
    ("benchmarks", None, "csat,overall,all,industry,,4.5,2026,typo", "benchmarks.csv: csat is no metric"),
    ("kpi_targets", None, "nps,40,again", "kpi_targets.csv has 2 targets for nps"),
    ("servqual_dimensions", ",0.11", ",0.21", "servqual_dimensions.csv: the default weights add up to 1.1"),
    (
        "servqual_questions",
        "servqual_empathy_perception,empathy,perception",
        "",
        "servqual_questions.csv: empathy is not asked",
    ),
    (
        "keyword_spellings",
        "data_breach,zh,信息泄露\ndata_breach,zh,数据泄露",
        "",
        "keyword_spellings.csv has no spelling of data",
    ),
    ("keyword_spellings", None, "refund,en,100%", "keyword_spellings.csv: 100% holds no letter or digit to look for"),
    ("survey_quotas", "family,0.25", "family,0.55", "survey_quotas.csv: the shares add up to 1.3"),
    (
        "survey_questions",
        "delivery_standard,3,",
        "delivery_standard_,3,",
        "survey_questions.csv: the standard set delivery",
    ),
]


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What the tests of the seeds say of a project with all the mistakes in it."""
    home = tmp_path_factory.mktemp("wrong_seeds")
    project = home / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    for name, line, instead, _ in MISTAKES:
        file = project / "seeds" / "surveys" / f"{name}.csv"
        text = file.read_text(encoding="utf-8")
        assert line is None or line in text
        file.write_text(text.replace(line, instead, 1) if line else f"{text}{instead}\n", encoding="utf-8")
    run(home, project)
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as reader:
        yield list(found(home, reader))


def run(home: Path, project: Path) -> None:
    command = [str(Path(sys.prefix) / "bin/dbt"), "--quiet", "--no-use-colors", "build", "--profiles-dir", "."]
    selection = ["--select", "path:seeds/surveys", "path:tests/seeds", "--exclude-resource-type", "unit_test"]
    places = {"RAPPORT_WAREHOUSE": str(home / "warehouse.duckdb"), "DBT_TARGET_PATH": str(home / "target")}
    result = subprocess.run(
        [
            *command,
            *selection,
            "--indirect-selection",
            "cautious",
            "--vars",
            json.dumps({"lake": str(home)}),
        ],
        cwd=project,
        env={**os.environ, **places, "DBT_LOG_PATH": str(home / "logs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout + result.stderr


def found(home: Path, reader: duckdb.DuckDBPyConnection) -> Iterator[str]:
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    for result in results:
        if result["status"] == "fail":
            yield from (problem for (problem,) in reader.execute(result["compiled_code"]).fetchall())


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[3][:40])
def test_a_mistake_is_told_in_a_sentence(problems: list[str], mistake: tuple[str, str | None, str, str]) -> None:
    sentences = [problem for problem in problems if problem.startswith(mistake[3])]
    assert len(sentences) == 1
    assert "; " in sentences[0]
