"""An invalid seed stops the build before any table is built, with a message for its editor."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.dbt_project.small_lake import SHARED_VARIABLES, SmallLake, copy_parsed_project
from warehouse.building import dbt_process
from warehouse.core.errors import BuildError
from warehouse.core.settings import PROJECT

SEEDS = ("--select", "path:seeds", "path:tests/seeds", "--exclude-resource-type", "unit_test")


@pytest.mark.parametrize(
    ("file", "line", "instead", "sentence"),
    [
        (
            "loyalty/loyalty_tier_rules.csv",
            "silver,2,30000,80000,",
            "silver,2,30000,90000,",
            "loyalty_tier_rules.csv: tier silver ends at 90000 but gold begins at 80000, so the two overlap; write the "
            "same amount in spend_to_cents of silver and spend_from_cents of gold",
        ),
        (
            "service/sla_policies.csv",
            "urgent,standard,calendar,30,480,",
            "urgent,standard,calendar,30,20,",
            "sla_policies.csv: priority urgent in lane standard needs more than 0 minutes to answer, at least as many "
            "to solve, an at_risk_share between 0 and 1, and the clock business or calendar",
        ),
        (
            "service/sla_policies.csv",
            "urgent,standard,calendar,30,480,",
            ",standard,calendar,30,480,",
            "sla_policies.csv: column priority: expected a value in every line, found 1 other line; fill it in",
        ),
        (
            "churn_causes.csv",
            ",low,",
            ",lower,",
            "churn_causes.csv: column typical: expected typical in ('high', 'low', 'either'), found 1 other line; "
            "write one of those",
        ),
        (
            "metric_windows.csv",
            "\n7\n",
            "\n28\n",
            "metric_windows.csv: column window_days: expected each value once, found 1 other line; keep one line of "
            "each",
        ),
    ],
)
def test_an_invalid_seed_stops_the_build_with_a_message_for_its_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, line: str, instead: str, sentence: str
) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    seed = project / "seeds" / file
    text = seed.read_text(encoding="utf-8")
    assert line in text
    seed.write_text(text.replace(line, instead, 1), encoding="utf-8")
    monkeypatch.setattr(dbt_process, "DBT_PROJECT", project)

    settings = SmallLake(tmp_path / "home").settings
    copy_parsed_project(settings)
    with pytest.raises(BuildError) as failure:
        dbt_process.run_dbt(settings, "build", SEEDS, SHARED_VARIABLES)
    message = str(failure.value)
    assert message.startswith("build: ") and "\n" not in message
    assert sentence in message
