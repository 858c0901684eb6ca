"""Wrong seeds stop the build before a table is made, each with a sentence for the person who edited it."""

from __future__ import annotations

import pytest

from tests.dbt_project.wrong_seeds import Failure, failure

#: File, line, what it is changed to, and the sentence about it.
MISTAKES = [
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
        "low,standard,business,600,",
        ",standard,business,600,",
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
        "metric_windows.csv: column window_days: expected each value once, found 1 other line; keep one line of each",
    ),
]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Failure:
    """A build of seeds with all the mistakes in them."""
    mistakes = [(file, line, instead) for file, line, instead, _ in MISTAKES]
    return failure(tmp_path_factory.mktemp("wrong"), mistakes, "path:seeds", "path:tests/seeds")


def test_a_wrong_seed_stops_the_build_with_one_sentence(stopped: Failure) -> None:
    assert stopped.message.startswith("build: ") and "\n" not in stopped.message
    assert any(sentence in stopped.message for *_, sentence in MISTAKES)


@pytest.mark.parametrize("sentence", [sentence for *_, sentence in MISTAKES], ids=lambda sentence: sentence[:40])
def test_each_mistake_has_its_sentence(stopped: Failure, sentence: str) -> None:
    assert [problem for problems in stopped.problems.values() for problem in problems if sentence in problem]
