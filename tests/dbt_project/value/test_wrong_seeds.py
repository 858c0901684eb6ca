"""An invalid seed stops the build with a message that names the file, the mistake and the correction."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.core.settings import PROJECT

TESTS = (
    "loyalty_tiers_follow_each_other_without_gap_or_overlap",
    "health_weights_add_up_to_one",
    "loss_causes_are_known_wherever_they_are_named",
    "playbook_scenarios_lead_to_known_actions",
    "contact_rules_can_be_followed",
)
#: File, text, mistake, and the message for the editor.
MISTAKES = [
    ("loyalty/loyalty_tier_rules.csv", "silver,2,30000,80000", "silver,2,25000,80000", "so the two overlap"),
    ("loyalty/loyalty_tier_rules.csv", "gold,3,80000,150000", "gold,3,80000,140000", "so there is a gap"),
    ("customer/health_components.csv", "activity,1,0.35", "activity,1,0.45", "add up to 1.1, expected 1"),
    (
        "customer/health_indicators.csv",
        "last_csat,satisfaction",
        "last_smile,satisfaction",
        "the indicator last_smile is unknown",
    ),
    ("value/loss_keywords.csv", "moving,en,structural", "moving,en,fate", "names the cause fate, which is unknown"),
    ("value/winback_stages.csv", "unknown,2,", "unknown,5,", "cause unknown has attempts up to 5"),
    ("playbook_actions.csv", ",phone,retention_specialist", ",phone,", "has no owner role"),
    (
        "playbook_actions.csv",
        "lock_price,price_increase",
        "lock_price,bad_mood",
        "answers the reason bad_mood, which is unknown",
    ),
    (
        "decisions/playbook_scenarios.csv",
        "0,credit_outages,20",
        "0,shrug,20",
        "leads to the action shrug, which is unknown",
    ),
    (
        "decisions/contact_rules.csv",
        "birthday,all",
        "full_moon,all",
        "the trigger full_moon of birthday_greeting is unknown",
    ),
]


def problems(project: Path, home: Path) -> list[str]:
    """Messages of the seed tests for a copy of the project."""
    warehouse = home / "warehouse.duckdb"
    command = [str(Path(sys.prefix) / "bin/dbt"), "--quiet", "build", "--profiles-dir", ".", "--full-refresh"]
    variables = json.dumps({"as_of": "2026-01-01", "lake": str(home)})
    selected = [f"+path:tests/seeds/{name}.sql" for name in TESTS]
    subprocess.run(
        [*command, "--vars", variables, "--select", *selected, "--exclude", "test_type:generic"],
        cwd=project,
        env={
            **os.environ,
            "RAPPORT_WAREHOUSE": str(warehouse),
            "DBT_TARGET_PATH": str(home / "target"),
            "DBT_LOG_PATH": str(home),
        },
        capture_output=True,
        check=False,
    )
    with duckdb.connect(str(warehouse), read_only=True) as reader:
        files = [next((home / "target" / "compiled").rglob(f"{name}.sql")) for name in TESTS]
        return [str(row[0]) for file in files for row in reader.execute(file.read_text(encoding="utf-8")).fetchall()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("wrong") / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", copy, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.rmtree(copy / "models")
    (copy / "models").mkdir()
    return copy


def test_every_mistake_is_reported_and_the_original_seeds_have_none(project: Path, tmp_path: Path) -> None:
    (tmp_path / "right").mkdir()
    for test in (project / "tests").glob("*.sql"):
        test.unlink()
    for test in (project / "tests" / "seeds").glob("*.sql"):
        if test.stem not in TESTS:
            test.unlink()
    assert problems(project, tmp_path / "right") == []
    for name, right, wrong, _ in MISTAKES:
        file = project / "seeds" / name
        text = file.read_text(encoding="utf-8")
        assert right in text
        file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    (tmp_path / "wrong").mkdir()
    found = problems(project, tmp_path / "wrong")
    for name, _, _, message in MISTAKES:
        assert [problem for problem in found if message in problem and name.split("/")[-1] in problem], message
