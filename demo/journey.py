"""The first weeks of a contract, step by step; the installation is the step that goes wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo import comments, names
from demo.contracts import ACTIVE
from demo.day import Day
from demo.sampling import ONBOARDING, TOUCHPOINTS, ask
from demo.staff import agents_for, employee_ids
from demo.typing import Array, Columns


@dataclass(frozen=True)
class Step:
    """A step: days after the one before, what it does to satisfaction, the share of journeys that reach it.

    Waits are seconds; `team` is an index of the teams.
    """

    touchpoint: str
    channel: str
    after_days: tuple[int, int]
    effect: float
    arriving_share: float
    aspect: int
    team: int
    promised_wait: int
    typical_wait: int
    text_en: str
    text_zh: str


STEPS = (
    Step("onboarding", "phone", (1, 3), 0.10, 1.0, comments.AGENT, 0, 180, 90, "welcome call", "欢迎电话"),
    Step("installation", "field_service", (4, 9), -0.70, 0.95, comments.SPEED, 2, 7_200, 11_000,
         "engineer came to install", "工程师上门安装"),
    Step("first_bill", "app", (8, 12), 0.05, 0.60, comments.PRICE, 1, 180, 60, "first bill explained", "首张账单说明"),
    Step("check_in", "phone", (10, 15), 0.10, 0.95, comments.AGENT, 0, 180, 90, "asked how it goes", "回访使用情况"),
)  # fmt: skip
_CHANNELS = np.array([step.channel for step in STEPS], dtype=object)
_TEXTS = np.array([[step.text_en for step in STEPS], [step.text_zh for step in STEPS]], dtype=object)
#: Standard deviation of a step's effect, and the step that is surveyed.
_EFFECT_SD = 0.25
_ASKED_SHARES = (0.2, 0.4, 0.2, 0.2)


def begin(day: Day, signed: Array) -> None:
    """Start the journey of customers who signed today."""
    if day.number >= 0:
        random = day.random("journeys")
        asked = random.choice(len(STEPS), signed.size, p=_ASKED_SHARES)
        _plan(day, random, signed, np.zeros(signed.size, dtype=np.int64), asked)


def _plan(day: Day, random: np.random.Generator, who: Array, step: Array, asked: Array) -> None:
    """Queue the next step of journeys that reach it."""
    gaps = np.array([step.after_days for step in STEPS])
    share = np.array([step.arriving_share for step in STEPS])
    due = day.number + random.integers(gaps[step, 0], gaps[step, 1])
    rows: Columns = {"due": due, "who": who, "step": step, "asked": asked}
    goes_on = random.random(who.size) < share[step]
    day.state.later("journeys", {name: column[goes_on] for name, column in rows.items()})


def walk(day: Day) -> None:
    """Take the steps that are due, ask about some, and plan the next ones."""
    rows = day.state.take_due("journeys", day.number)
    still = day.state.people["contract"][rows["who"]] == ACTIVE
    rows = {name: column[still] for name, column in rows.items()}
    who, step = rows["who"], rows["step"].astype(np.int64)
    if not who.size:
        return
    random = day.random("steps")
    effect = np.array([step.effect for step in STEPS])[step] + random.normal(0, _EFFECT_SD, who.size)
    day.move(who, effect, "journey")
    _write(day, random, who, step)
    asked = rows["asked"] == step
    aspect = np.array([step.aspect for step in STEPS])[step]
    ask(day, (ONBOARDING + step)[asked], who[asked], {"journey": effect[asked]}, aspect[asked])
    more = step + 1 < len(STEPS)
    _plan(day, random, who[more], step[more] + 1, rows["asked"][more])


def _write(day: Day, random: np.random.Generator, who: Array, step: Array) -> None:
    promised, typical = (
        np.array([getattr(step, name) for step in STEPS])[step] for name in ("promised_wait", "typical_wait")
    )
    agent = agents_for(day, np.array([step.team for step in STEPS])[step], random)
    moment = day.moments(random, who.size, 9, 18)
    day.write(
        "contacts",
        contact_no=names.numbered("K", day.state.number("contact", who.size), 9),
        account_no=day.accounts(who),
        occurred_at=day.times(moment),
        channel=_CHANNELS[step],
        touchpoint=TOUCHPOINTS[ONBOARDING + step],
        direction=np.where(step == 2, "inbound", "outbound").astype(object),
        employee_id=employee_ids(agent),
        duration_seconds=np.exp(random.normal(6.0, 0.6, who.size)).astype(np.int64),
        wait_seconds=(typical * np.exp(random.normal(0, 0.5, who.size))).astype(np.int64),
        promised_wait_seconds=promised,
        text=_TEXTS[day.state.people["language"][who], step],
        recorded_at=day.times(moment + 300),
    )
