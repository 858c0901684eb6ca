"""The planted drivers of satisfaction in a demo company, on the scale of the published drivers.

The truth file `answers.csv` has, for each answer, the latent score before noise and the contribution of each cause. The
expected score of an answer follows from the cuts and the noise of the simulation. The effect of a cause is the
difference between the expected scores with and without it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from demo.effects import EFFECTS
from demo.surveys import CSAT_CUTS
from ml.drivers.responses import Responses
from warehouse.core.settings import Settings

Floats = npt.NDArray[np.float64]
#: The planted cause behind each driver.
CAUSE = {
    "broken_delivery_promise": "delivery",
    "first_response_time": "first_response",
    "solution_promise": "solution_promise",
    "problem_came_back": "came_back",
    "team": "team",
    "person": "person",
    "outages": "outage",
    "price_increase": "price_rise",
    "wait_promise": "wait",
}
#: Drivers without an effect in the simulation.
IDLE = ("order_size", "order_value", "price", "delivery_time", "refund", "waiting_time")


def expected_csat(latent: Floats) -> Floats:
    """Expected CSAT (1-5) at a latent score."""
    return np.asarray(1 + norm.cdf((latent[:, None] - CSAT_CUTS) / EFFECTS.survey_noise_sd).sum(axis=1))


def planted(settings: Settings, responses: Responses) -> pd.DataFrame:
    """Points that each driver moved the expected CSAT of each response, in the order of the responses."""
    truth = pd.read_csv(settings.home / "demo" / "truth" / "answers.csv").set_index("response_id")
    rows = truth.loc[responses.response_ids.astype(str)]
    latent = rows["latent_score"].to_numpy()
    moved = {
        driver: expected_csat(latent) - expected_csat(latent - rows[cause].to_numpy())
        for driver, cause in CAUSE.items()
    }
    return pd.DataFrame(moved | {driver: np.zeros(len(rows)) for driver in IDLE})


def planted_shares(points: pd.DataFrame, responses: Responses) -> pd.Series:
    """Share (0-1) of each driver: mean absolute deviation from the mean of the same touchpoint, over the sum of all."""
    within = points - points.groupby(responses.steps.astype(str)).transform("mean")
    strength = within.abs().mean()
    return strength / strength.sum()


def planted_effect(points: Floats, dose: Floats) -> float:
    """Points per unit of the dose: slope of a line through the true effects of responses with a dose."""
    known = ~np.isnan(dose)
    centred = dose[known] - dose[known].mean()
    return float(centred @ points[known] / (centred @ centred))
