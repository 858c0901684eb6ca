"""A company of 160 customers with random events from one seed, as landed rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

NIGHT = date(2026, 11, 1)
END = datetime(2026, 11, 1)
REGIONS = ("west", "east", "coast", "islands")
TEAMS = ("technical", "support", "billing")
EXPERIMENT = "price-lock-2026-03"

Row = dict[str, Any]


@dataclass
class Company:
    """Landed rows by table. Times are random whole minutes, so that ties are unlikely."""

    customers: list[Row] = field(default_factory=list)
    subscriptions: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    interventions: list[Row] = field(default_factory=list)
    employees: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(17)
        self.employees = [
            {"employee_id": f"e{number}", "team": team, "role": "team_lead", "region": REGIONS[number]}
            for number, team in enumerate(TEAMS)
        ]
        for number in range(160):
            self._customer(number)

    def tables(self) -> dict[str, list[Row]]:
        crm = ("customers", "subscriptions", "orders", "interactions", "interventions", "employees")
        named = {f"crm.{name}": getattr(self, name) for name in crm}
        return named | {"ticket.tickets": self.tickets, "survey.responses": self.responses}

    def _moment(self, first: datetime, last: datetime) -> datetime:
        return first + timedelta(minutes=int(self.random.integers(0, int((last - first).total_seconds() // 60))))

    def _customer(self, number: int) -> None:
        customer, began = f"c{number:03d}", datetime(2025, 1, 1) + timedelta(days=number)
        known = {"customer_id": customer, "created_at": began, "updated_at": began}
        segment = ("home", "business")[number % 2]
        self.customers.append(known | {"region": REGIONS[number % 4], "segment": segment})
        cancelled = self._moment(datetime(2026, 3, 10), END) if self.random.random() < 0.25 else None
        self.subscriptions.append(
            {
                "subscription_id": f"s{number:03d}",
                "customer_id": customer,
                "started_at": began,
                "cancelled_at": cancelled,
            }
            | {"plan": "basic", "monthly_price_cents": 2000, "updated_at": began}
        )
        if number % 3:
            assigned = datetime(2026, 3, 2, 5, number % 60)
            arm = "treatment" if number % 3 == 1 else "control"
            self.interventions.append(
                {"intervention_id": f"i{number:03d}", "customer_id": customer, "assigned_at": assigned, "arm": arm}
                | {"experiment_id": EXPERIMENT, "updated_at": assigned}
            )
        for _ in range(int(self.random.integers(1, 4))):
            self._order(customer)
        for _ in range(int(self.random.integers(1, 4))):
            self._ticket(customer)
        if self.random.random() < 0.5:
            self._contact(customer, "billing", "inbound")
        self._overall(customer)

    def _overall(self, customer: str) -> None:
        """An answer about the relationship, derived from the scores of the 90 days before it."""
        moment = self._moment(datetime(2026, 5, 1), END)
        before = [row for row in self.responses if row["customer_id"] == customer and row["responded_at"] < moment]
        scores = [row["csat"] for row in before if (moment - row["responded_at"]).days < 90]
        nps = 2 * int(np.mean(scores)) - 2 if scores else int(self.random.integers(4, 9))
        self._response(customer, moment, "relationship", nps=nps)

    def _order(self, customer: str) -> None:
        order, ordered = f"o{len(self.orders):04d}", self._moment(datetime(2025, 11, 10), datetime(2026, 9, 20))
        promised = datetime.combine(ordered.date() + timedelta(days=4), datetime.min.time())
        late = int(self.random.integers(-2, 4))
        delivered = promised + timedelta(days=late, minutes=int(self.random.integers(1, 1400)))
        self.orders.append(
            {"order_id": order, "line_id": "1", "customer_id": customer, "ordered_at": ordered, "amount_cents": 5000}
            | {
                "quantity": 1,
                "status": "delivered",
                "promised_at": promised,
                "delivered_at": delivered,
                "updated_at": delivered,
            }
        )
        if self.random.random() < 0.8:
            score = int(np.clip(5 - max(late, 0) + self.random.integers(-1, 2), 1, 5))
            self._response(customer, delivered + timedelta(days=1, minutes=7), "delivery", csat=score, order_id=order)

    def _ticket(self, customer: str) -> None:
        ticket, opened = f"t{len(self.tickets):04d}", self._moment(datetime(2025, 11, 10), datetime(2026, 10, 1))
        minutes = int(np.exp(self.random.normal(np.log(60), 1.2)))
        answered = opened + timedelta(minutes=minutes)
        team = TEAMS[int(self.random.integers(0, 3))]
        resolved = answered + timedelta(minutes=int(self.random.integers(30, 3000)))
        self.tickets.append(
            {"ticket_id": ticket, "customer_id": customer, "opened_at": opened, "first_response_at": answered}
            | {"resolved_at": resolved, "promised_at": opened + timedelta(hours=24), "status": "resolved", "team": team}
            | {"priority": "normal", "category": "product", "is_complaint": bool(self.random.random() < 0.2)}
            | {"channel": "phone", "employee_id": f"e{TEAMS.index(team)}", "updated_at": resolved}
        )
        if self.random.random() < 0.8:
            score = int(np.clip(5 - max(np.log2(max(minutes, 30) / 30), 0) + self.random.integers(-1, 2), 1, 5))
            about = {"ticket_id": ticket, "employee_id": f"e{TEAMS.index(team)}"}
            self._response(customer, resolved + timedelta(days=1, minutes=11), "support", csat=score, **about)

    def _contact(self, customer: str, touchpoint: str, direction: str) -> None:
        moment = self._moment(datetime(2025, 11, 10), datetime(2026, 10, 1))
        self.interactions.append(
            {"interaction_id": f"k{len(self.interactions):04d}", "customer_id": customer, "occurred_at": moment}
            | {"channel": "phone", "touchpoint": touchpoint, "direction": direction, "recorded_at": moment}
            | {"wait_seconds": int(self.random.integers(10, 400)), "promised_wait_seconds": 180}
        )
        if self.random.random() < 0.5:
            notified_at = datetime(2026, 5, 6, 9, int(self.random.integers(0, 60)))
            self.interactions.append(
                {
                    "interaction_id": f"k{len(self.interactions):04d}",
                    "customer_id": customer,
                    "occurred_at": notified_at,
                }
                | {
                    "channel": "email",
                    "touchpoint": "improvement_notice",
                    "direction": "outbound",
                    "recorded_at": notified_at,
                }
            )

    def _response(self, customer: str, moment: datetime, touchpoint: str, **answer: Any) -> None:
        if moment < END:
            self.responses.append(
                {"response_id": f"r{len(self.responses):04d}", "customer_id": customer, "responded_at": moment}
                | {"touchpoint": touchpoint, "survey_type": "csat", "recorded_at": moment, **answer}
            )
