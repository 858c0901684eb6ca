"""Planted effects: how each event moves a customer's satisfaction, and what satisfaction moves.

Satisfaction is a latent number, about 0 on average with a standard deviation of about 0.7. An event moves it at once;
the move fades with a half-life. The truth file records these numbers; nothing of the pipeline reads them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effects:
    """Changes of latent satisfaction per unit (negative is worse), and the strength of its consequences."""

    late_delivery: float = -0.60
    late_delivery_per_day: float = -0.08
    on_time_delivery: float = 0.06
    slow_first_response_per_doubling: float = -0.12
    first_response_knee_minutes: float = 30.0
    solved_ticket: float = 0.25
    broken_ticket_promise: float = -0.35
    reopened_ticket: float = -0.50
    open_ticket_per_day: float = -0.03
    outage_per_hour: float = -0.16
    price_rise_per_percent: float = -0.045
    wait_longer_than_promised: float = -0.20
    good_agent_per_sd: float = 0.25
    low_morale_team: float = -0.45
    retention_contact: float = 0.35
    saved_if_accepted: float = 0.4
    coming_back_of_lapsed_per_day: float = 0.0015
    overcharged: float = -0.4
    planned_care: float = 0.1
    told_of_improvement: float = 0.1
    half_life_days: float = 75.0
    baseline_sd: float = 0.55
    survey_weight_of_satisfaction: float = 1.0
    survey_weight_of_the_event_itself: float = 0.6
    survey_noise_sd: float = 0.45
    leaving_log_hazard_per_satisfaction: float = -1.4
    spending_log_rate_per_satisfaction: float = 0.35
    usage_log_level_per_satisfaction: float = 0.4
    overlooked_complaint_share: float = 0.12
    late_delivery_share: float = 0.10
    late_delivery_share_small_business: float = 0.34
    ticket_log_rate_per_satisfaction: float = -0.35


EFFECTS = Effects()

#: Causes that `answers.csv` keeps apart; the delivery, the first answer to a ticket, its being
#: solved, its promised date, its coming back, the team and the person in charge, the first weeks, ...
CAUSES = (
    "delivery", "first_response", "solution", "solution_promise", "came_back", "team", "person", "journey", "outage",
    "price_rise", "wait", "other",
)  # fmt: skip

#: Planted drivers of satisfaction from the strongest typical event to the weakest: the order a model should find.
RANKED_DRIVERS = (
    "late_delivery",
    "installation",
    "reopened_ticket",
    "low_morale_team",
    "price_rise",
    "outage",
    "broken_ticket_promise",
    "slow_first_response",
    "good_agent",
    "wait_longer_than_promised",
)
