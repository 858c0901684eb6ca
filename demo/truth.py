"""The truth files: what was planted. Tests compare them with the results; the pipeline never reads them."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from demo.care import KEPT_SHARE
from demo.day import Day
from demo.effects import CAUSES, EFFECTS, RANKED_DRIVERS
from demo.experiments import EXPERIMENTS
from demo.improvements import IMPROVEMENTS
from demo.journey import STEPS
from demo.people import SEGMENTS
from demo.retention import ACCEPTING_SHARE, HOLDOUT_SHARE, UNREACHABLE_SHARE
from demo.sampling import ANSWERING_FACTOR
from demo.servqual import DIMENSIONS, FEATURES
from demo.staff import LOW_MORALE_TEAM, QUESTIONS, TEAMS

_HEADS = {
    "defects": ("date", "source", "table", "kind", "key", "detail"),
    "episodes": ("kind", "first_day", "last_day", "dimension", "value", "size", "detail"),
    "buyers": ("account_no", "date", "what"),
    "persons": ("account_no", "first_account_no", "link"),
    "answers": ("response_id", "latent_score", *CAUSES),
    "leaving": ("account_no", "decided_on", "satisfaction", "average_satisfaction", "cause"),
}


def begin_truth(truth: Path, company: Mapping[str, Any]) -> None:
    """Write planted effects (`effects.json`) and the headers of the growing files."""
    truth.mkdir(parents=True, exist_ok=True)
    content = {"company": company, "effects": asdict(EFFECTS), "drivers_ranked": RANKED_DRIVERS, **_planted()}
    text = json.dumps(content, indent=2, default=str, ensure_ascii=False) + "\n"
    (truth / "effects.json").write_text(text, encoding="utf-8")
    for name, head in _HEADS.items():
        with (truth / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(head)


def _planted() -> dict[str, Any]:
    """Planted facts other than the effects on satisfaction."""
    answering = dict(zip(SEGMENTS.tolist(), ANSWERING_FACTOR.tolist(), strict=True))
    return {
        "experiments": [asdict(experiment) for experiment in EXPERIMENTS],
        "improvements": [asdict(improvement) for improvement in IMPROVEMENTS],
        "journey": [asdict(step) for step in STEPS],
        "kano": {name: asdict(feature) for name, feature in FEATURES.items()},
        "servqual": {name: asdict(dimension) for name, dimension in DIMENSIONS.items()},
        "employee_survey": {
            "low_morale_team": TEAMS[LOW_MORALE_TEAM],
            "answers_lower_by": {question: -loss for question, (_, loss) in QUESTIONS.items()},
        },
        "survey_answering_factor": answering,
        "retention": {
            "holdout_share": HOLDOUT_SHARE,
            "accepting_share": ACCEPTING_SHARE,
            "unreachable_share": UNREACHABLE_SHARE,
        },
        "planned_care_kept_share": KEPT_SHARE,
    }


def write_truth(truth: Path, today: Day) -> None:
    """Append one day's defects, decisions to leave, episodes and second accounts."""
    told: dict[str, list[Any]] = {"defects": today.defects, **today.truths}
    for name, rows in told.items():
        if rows:
            with (truth / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)


def truth_sizes(truth: Path) -> dict[str, int]:
    """Size of each growing file in bytes."""
    return {name: (truth / f"{name}.csv").stat().st_size for name in _HEADS}


def cut_truth(truth: Path, sizes: Mapping[str, int]) -> None:
    """Undo what an interrupted run appended."""
    for name, size in sizes.items():
        os.truncate(truth / f"{name}.csv", size)
