"""Help desk: the remaining time of an open ticket is predicted better from its events than by the usual time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.evaluations import helpdesk
from tests.real_data.conftest import DATASETS


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    if not (DATASETS / helpdesk.FILE).exists():
        pytest.skip(f"the shared data set helpdesk is not at {DATASETS}")
    return helpdesk.evaluate(tmp_path_factory.mktemp("helpdesk")).figures


@pytest.mark.slow
def test_remaining_time_is_predicted_better_than_by_the_usual_time(figures: dict[str, float]) -> None:
    assert figures["gain_low"] > 0
    assert figures["mae_model"] < figures["mae_usual"] < figures["mae_mean"]


def test_predicted_tickets_are_not_in_the_training_data(tmp_path: Path) -> None:
    log = pd.DataFrame(
        {
            "case:concept:name": ["a", "a", "b", "b", "c", "c", "d", "d"],
            "time:timestamp": [f"2020-01-{day:02d} 00:00:00+00:00" for day in (1, 2, 3, 9, 4, 5, 8, 10)],
            "Activity": ["Open", "Closed"] * 4,
            "Resource": "r",
        }
    )
    file = tmp_path / "log.csv"
    log.to_csv(file, index=False)
    rows = helpdesk.prefixes(helpdesk.read_log(file))
    assert dict(zip(rows["ticket"], rows["remaining_days"], strict=True)) == {"a": 1, "b": 6, "c": 1, "d": 2}
    learnt, later = helpdesk.out_of_time(rows)
    assert set(later["ticket"]) == {"d"}
    assert "b" not in set(learnt["ticket"])
    assert learnt["closed_at"].max() < later["opened_at"].min()
