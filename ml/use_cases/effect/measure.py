"""The effect of being assigned to a contact, the effect of the contact itself, and why an effect is not reported.

Every customer counts in the assigned arm (intention to treat): without the customers who were not reached, or who were
contacted in the control arm, the arms would differ in the kind of customer. The effect of a contact on customers who
are contacted only because of their assignment is the effect of assignment divided by the difference of the contacted
shares (Angrist, Imbens and Rubin 1996, JASA 91:444), with the standard error of two-stage least squares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from ml.arms import Arm, Limits, difference, sample_ratio_p_value

METRICS = ("lost", "orders", "revenue_cents", "tickets", "satisfaction")
SHARES = ("lost", "tickets")
#: First-stage F below which the contacted shares of the arms are too similar to estimate the effect of a contact
#: (Staiger and Stock 1997, Econometrica 65:557).
LEAST_FIRST_STAGE = 10.0
COLUMNS = (
    *("experiment_id", "metric", "is_primary", "treatment_assigned_count", "control_assigned_count", "treatment_count"),
    *("control_count", "treatment_mean", "control_mean", "effect", "effect_low", "effect_high", "p_value"),
    *("planned_treatment_share", "sample_ratio_p_value", "treatment_contacted_share", "control_contacted_share"),
    *("contacted_effect", "contacted_effect_low", "contacted_effect_high", "smallest_effect", "power"),
    *("detectable_effect", "needed_count", "status", "contacted_status"),
)


def effects(outcomes: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """One row per test of `features.intervention_outcomes` and metric; effects are treatment less control."""
    rows = [
        _effect(group, metric, limits)
        for _, group in outcomes.groupby("experiment_id", sort=True)
        for metric in METRICS
    ]
    table = pd.DataFrame(rows).reindex(columns=COLUMNS)
    needed = table.pop("needed_count").astype("Int64")
    numbers = [name for name in table.columns if pd.api.types.is_float_dtype(table[name])]
    return table.assign(**{name: table[name].round(6) for name in numbers}, needed_count=needed)


def _effect(group: pd.DataFrame, metric: str, limits: Limits) -> dict[str, Any]:
    sides = {arm: group[group["arm"] == arm] for arm in ("treatment", "control")}
    known = {arm: rows[rows[metric].notna()] for arm, rows in sides.items()}
    treatment, control = (Arm.of_values(known[arm][metric].to_numpy(float), len(sides[arm])) for arm in sides)
    planned, declared = group["treatment_share"].iloc[0], group["declared_metric"].iloc[0] == metric
    ratio = sample_ratio_p_value(treatment, control, planned) if pd.notna(planned) else float("nan")
    row = {
        "experiment_id": group["experiment_id"].iloc[0],
        "metric": metric,
        "is_primary": bool(declared),
        "treatment_assigned_count": treatment.assigned,
        "control_assigned_count": control.assigned,
        "treatment_count": treatment.count,
        "control_count": control.count,
        "treatment_mean": treatment.mean,
        "control_mean": control.mean,
        "planned_treatment_share": planned,
        "sample_ratio_p_value": ratio,
        "smallest_effect": group["smallest_effect"].iloc[0] if declared else float("nan"),
        "treatment_contacted_share": _contacted(known["treatment"]),
        "control_contacted_share": _contacted(known["control"]),
    }
    row["status"] = _status(treatment, control, ratio, limits)
    answered = row["status"] == "answered"
    return row | _power(treatment, control, row["smallest_effect"], limits) | (
        _answer(treatment, control, known, metric, limits) if answered else {"contacted_status": row["status"]}
    )  # fmt: skip


def _contacted(rows: pd.DataFrame) -> float:
    return float(rows["is_contacted"].mean()) if len(rows) else float("nan")


def _status(treatment: Arm, control: Arm, ratio: float, limits: Limits) -> str:
    """`answered`, or the reason why no effect is reported."""
    if min(treatment.assigned, control.assigned) == 0:
        return "one_arm"
    if ratio < limits.sample_ratio_p_value:
        return "uneven_arms"
    if treatment.count + control.count == 0:
        return "not_yet"
    if min(treatment.count, control.count) < limits.minimum_sample:
        return "too_few"
    found = difference(treatment, control, False, limits.error_share)
    return "answered" if found and found.error > 0 else "no_variation"


def _answer(
    treatment: Arm, control: Arm, known: dict[str, pd.DataFrame], metric: str, limits: Limits
) -> dict[str, Any]:
    found = difference(treatment, control, metric in SHARES, limits.error_share)
    if found is None:
        return {}
    row = {"effect": found.effect, "effect_low": found.low, "effect_high": found.high, "p_value": found.p_value}
    return row | _complier_effect(known, metric, found.effect, limits)


def _complier_effect(known: dict[str, pd.DataFrame], metric: str, effect: float, limits: Limits) -> dict[str, Any]:
    """The effect of a contact on the customers who are contacted only because of their assignment."""
    reached = {arm: rows["is_contacted"].to_numpy(float) for arm, rows in known.items()}
    if not sum(values.sum() for values in reached.values()):
        unknown = {"treatment_contacted_share": float("nan"), "control_contacted_share": float("nan")}
        return {"contacted_status": "contacts_unknown", **unknown}
    more = reached["treatment"].mean() - reached["control"].mean()
    if more <= 0 or more**2 < LEAST_FIRST_STAGE * _squared_error(reached):
        return {"contacted_status": "contacted_alike"}
    contacted = effect / more
    left = {arm: known[arm][metric].to_numpy(float) - contacted * reached[arm] for arm in known}
    reach = float(norm.ppf(1 - limits.error_share / 2) * np.sqrt(_squared_error(left)) / more)
    return {
        "contacted_effect": contacted,
        "contacted_effect_low": contacted - reach,
        "contacted_effect_high": contacted + reach,
        "contacted_status": "answered",
    }


def _squared_error(arms: dict[str, np.ndarray]) -> float:
    """Squared standard error of the difference of two means."""
    return float(sum(values.var(ddof=1) / len(values) for values in arms.values()))


def _power(treatment: Arm, control: Arm, smallest: float, limits: Limits) -> dict[str, Any]:
    """Power for the declared smallest effect, the detectable effect, and the number of customers needed."""
    found = difference(treatment, control, False, limits.error_share)
    if found is None or found.error == 0:
        return {}
    outer = float(norm.ppf(1 - limits.error_share / 2))
    reach = outer + float(norm.ppf(limits.power_share))
    row: dict[str, Any] = {"detectable_effect": reach * found.error}
    if smallest > 0:
        row["power"] = float(norm.cdf(smallest / found.error - outer))
        row["needed_count"] = int(np.ceil((treatment.count + control.count) * (reach * found.error / smallest) ** 2))
    return row
