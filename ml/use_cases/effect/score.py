"""Effects of randomised contacts of a night: features in, Parquet out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ml.arms import Limits
from ml.registry import Registry, Version
from ml.use_cases.effect.features import Minimum, is_large_enough, read_outcomes
from ml.use_cases.effect.measure import effects
from ml.use_cases.effect.register import NAME
from ml.use_cases.effect.tables import INTERVENTION_EFFECTS
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `intervention_effects` of the night; empty if no random assignment is recorded."""
    outcomes = read_outcomes(settings, as_of)
    rows, notes = pd.DataFrame(), []
    if outcomes.empty:
        notes.append(
            "intervention_effects: no random assignment is recorded, so the effect of contacts cannot be measured; map "
            "crm.interventions with arm and experiment_id, or set retention.holdout_share above 0"
        )
    else:
        rows = with_uplift(effects(outcomes, Limits.read(settings)), outcomes, registry, Minimum.read(settings))
    written = INTERVENTION_EFFECTS.write(settings.scores, as_of, rows)
    return [TableCount(INTERVENTION_EFFECTS.name, len(outcomes), written)], notes


def with_uplift(rows: pd.DataFrame, outcomes: pd.DataFrame, registry: Registry, minimum: Minimum) -> pd.DataFrame:
    """The rows with the state and quality of the uplift learner, for the declared metric of each test."""
    large = {str(name): is_large_enough(group, minimum) for name, group in outcomes.groupby("experiment_id", sort=True)}
    versions = [(status, version) for status, version in _versions(registry) if version]
    uplifts = [_uplift(row, large[row["experiment_id"]], versions, registry) for row in rows.to_dict(orient="records")]
    return pd.concat([rows, pd.DataFrame(uplifts, index=rows.index)], axis=1)


def _versions(registry: Registry) -> list[tuple[str, Version | None]]:
    return [("uplift_answered", registry.champion(NAME)), ("uplift_refused", registry.challenger(NAME))]


def _uplift(
    row: dict[Any, Any], is_large: bool, versions: list[tuple[str, Version]], registry: Registry
) -> dict[str, Any]:
    if not row["is_primary"]:
        return {"uplift_status": "not_primary"}
    if not is_large:
        return {"uplift_status": "uplift_too_few"}
    for status, version in versions:
        if registry.tags(version).get("experiment_id") == row["experiment_id"]:
            figures = registry.metrics(version)
            kept = {name: figures[name] for name in ("qini", "qini_low", "qini_high")}
            return {"uplift_status": status, "uplift_model_version": version.number, **kept}
    return {"uplift_status": "uplift_not_trained"}
