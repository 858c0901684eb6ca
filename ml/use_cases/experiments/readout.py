"""The effect of a declared test so far, whether the test is valid, and whether to stop it.

A test is read every night; with the usual 5 % limit, many tests without an effect would cross it on some night. The
effect in standard errors times the root of the information is a Brownian motion (Lan & Zucker 1993, Statistics in
Medicine 12:753). It is compared with the boundary of O'Brien & Fleming (1979, Biometrics 35:549) for any number of
looks, by the reflection principle: 2.24 at 5 %. The boundary is wide with little information, and 2.24 standard errors
with all planned information. A test is void if the sizes of its arms are not as planned (chi-square test, Fabijan et
al. 2019, KDD).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from ml.arms import Arm, Limits, difference, sample_ratio_p_value

COLUMNS = (
    *("experiment_id", "metric", "treatment_count", "control_count", "treatment_mean", "control_mean"),
    *("effect", "effect_low", "effect_high", "p_value", "sample_ratio_p_value", "is_sample_ratio_kept"),
    *("power", "information_share", "z_value", "z_boundary", "needed_count", "decision"),
)


def readouts(arms: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """One row per test of `features.experiment_arms`; effects are treatment less control, in units of the metric."""
    rows = [_readout(group, limits) for _, group in arms.groupby("experiment_id", sort=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(6)


def _readout(group: pd.DataFrame, limits: Limits) -> dict[str, Any]:
    plan = group.iloc[0]
    treatment, control = (Arm.of_sums(group[group["arm"] == arm]) for arm in ("treatment", "control"))
    ratio = sample_ratio_p_value(treatment, control, float(plan["treatment_share"]))
    row = {
        "experiment_id": plan["experiment_id"],
        "metric": plan["metric"],
        "treatment_count": treatment.count,
        "control_count": control.count,
        "treatment_mean": treatment.mean,
        "control_mean": control.mean,
        "sample_ratio_p_value": ratio,
        "is_sample_ratio_kept": bool(ratio >= limits.sample_ratio_p_value),
    }
    row |= _compared(treatment, control, plan, limits)
    return row | {"decision": _decision(row, plan, limits)}


def _compared(treatment: Arm, control: Arm, plan: pd.Series[Any], limits: Limits) -> dict[str, Any]:
    """Effect, interval, power and information; only some of them if an arm is too small or no outcome varies."""
    found = difference(treatment, control, bool(plan["is_share"]), limits.error_share)
    if found is None:
        return {"information_share": 0.0, "power": float("nan")}
    effect, error, smallest = found.effect, found.error, float(plan["smallest_effect"])
    if error == 0:
        return {"effect": effect, "information_share": 0.0}
    outer = float(norm.ppf(1 - limits.error_share / 4))
    reach = float(norm.ppf(limits.power_share)) + outer
    information = min((smallest / error / reach) ** 2, 1.0)
    return {
        "effect": effect,
        "effect_low": found.low,
        "effect_high": found.high,
        "p_value": found.p_value,
        "power": float(norm.cdf(smallest / error - outer)),
        "information_share": information,
        "z_value": effect / error,
        "z_boundary": outer / np.sqrt(max(information, 1e-9)),
        "needed_count": int(np.ceil((treatment.count + control.count) * (reach * error / smallest) ** 2)),
    }


def _decision(row: dict[str, Any], plan: pd.Series[Any], limits: Limits) -> str:
    if not row["is_sample_ratio_kept"]:
        return "stop_void"
    is_small = min(row["treatment_count"], row["control_count"]) < limits.minimum_sample
    if not is_small and abs(row.get("z_value", 0.0)) >= row.get("z_boundary", np.inf):
        return "stop_better" if (row["effect"] > 0) == bool(plan["is_higher_better"]) else "stop_worse"
    if not is_small and row["information_share"] >= 1:
        return "stop_no_effect"
    return "stop_too_small" if bool(plan["is_over"]) else "continue"
