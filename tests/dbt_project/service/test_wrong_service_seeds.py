"""Wrong seeds of service and complaints are named in sentences, and every one of them would stop the build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.dbt_project.small_lake import SmallLake
from warehouse.settings import PROJECT

#: Test, file, line, what it is changed to, what the person who did so reads.
MISTAKES = [
    (
        "every_priority_has_one_sla_per_lane",
        "service/sla_policies.csv",
        "low,standard,business,600,",
        "high,standard,business,600,",
        {
            "sla_policies.csv has no line for priority low in lane standard; write one",
            "sla_policies.csv has 2 lines for priority high in lane standard; keep the one that holds",
        },
    ),
    (
        "opening_hours_do_not_overlap",
        "service/business_hours.csv",
        "office,2,08:00,18:00",
        "office,1,17:00,20:00",
        {
            "business_hours.csv: office, weekday 1 opens at 17:00 before the hours until 18:00 end; "
            "write hours that do not overlap"
        },
    ),
    (
        "one_priority_and_one_calendar_are_the_default",
        "service/business_calendars.csv",
        "long_days,Europe/Berlin,false",
        "long_days,Europe/Berlin,true",
        {"business_calendars.csv has 2 lines with is_default true; exactly one holds where nothing else does"},
    ),
    (
        "response_levels_begin_with_an_opened_ticket",
        "service/response_levels.csv",
        "remote,1,opened",
        "remote,1,assigned",
        {"response_levels.csv: the level of rank 1 starts with assigned; every ticket starts on it, so write opened"},
    ),
    (
        "complaint_grades_follow_each_other_without_gap",
        "complaints/complaint_grading_rules.csv",
        "systemic,L3,20,",
        "systemic,L3,600,",
        {
            "complaint_grading_rules.csv: grade L4 begins at 500 customers, the grade below at 600; "
            "write more customers for the higher grade"
        },
    ),
    (
        "every_priority_has_one_severity_of_complaints",
        "complaints/complaint_severities.csv",
        "serious,3,high",
        "serious,3,hihg",
        {
            "complaint_severities.csv has no severity for the priority high; write a line",
            "complaint_severities.csv: hihg is no priority of ticket_priorities.csv; correct it",
        },
    ),
]


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What each test of the wrong seeds found, all of them in one run."""
    folder = tmp_path_factory.mktemp("wrong")
    project = folder / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    for _, file, line, instead, _ in MISTAKES:
        seed = project / "seeds" / file
        text = seed.read_text(encoding="utf-8")
        assert line in text
        seed.write_text(text.replace(line, instead, 1), encoding="utf-8")
    lake = SmallLake(folder / "home")
    warehouse = folder / "warehouse.duckdb"
    names = [name for name, *_ in MISTAKES]
    environment = {"RAPPORT_WAREHOUSE": str(warehouse), "DBT_TARGET_PATH": str(folder / "target")}
    variables = json.dumps({"as_of": "2026-02-01", "lake": str(lake.home / "lake")})
    result = subprocess.run(
        [
            *(str(Path(sys.prefix) / "bin/dbt"), "--quiet", "build", "--profiles-dir", "."),
            *("--vars", variables, "--select", "path:seeds/service", "path:seeds/complaints", *names),
            *("--indirect-selection", "empty"),
        ],
        cwd=project,
        env={**os.environ, **environment, "DBT_LOG_PATH": str(folder / "logs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    failed = {row["unique_id"].split(".")[2]: row["compiled_code"] for row in results if row["status"] == "fail"}
    with duckdb.connect(str(warehouse), read_only=True) as reader:
        return {test: {row[0] for row in reader.execute(sql).fetchall()} for test, sql in failed.items()}


@pytest.mark.parametrize(("test", "sentences"), [(name, sentences) for name, *_, sentences in MISTAKES])
def test_a_mistake_is_named_with_what_to_write_instead(
    problems: dict[str, set[str]], test: str, sentences: set[str]
) -> None:
    assert problems[test] == sentences
