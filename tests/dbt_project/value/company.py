"""A small company from a seeded generator: its landed rows and seeds, for tests that recompute results."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from typing import Any

from tests.dbt_project.small_lake import SmallLake
from warehouse.core.settings import PROJECT

NIGHT = date(2026, 3, 10)
FIRST = date(2024, 6, 1)
Row = dict[str, Any]
TABLES = [
    "crm.customers",
    "crm.subscriptions",
    "crm.orders",
    "crm.usage_daily",
    "crm.loyalty_ledger",
    "crm.interactions",
    "crm.interventions",
    "crm.employees",
    "survey.responses",
    "ticket.tickets",
]
REASONS = ("moving", "price", "poor Service", "competitor", None)
TOUCHPOINTS = ("onboarding", "first_bill", "interview", "vip_visit", "care", "billing", "winback")


def seed(path: str) -> list[Row]:
    """Lines of a seed; numbers as floats, empty cells as None."""
    with (PROJECT / "dbt_project" / "seeds" / path).open(encoding="utf-8", newline="") as file:
        return [{name: _value(text) for name, text in line.items()} for line in csv.DictReader(file)]


def thresholds(domain: str) -> dict[str, float]:
    """Values of a domain's thresholds seed by name."""
    return {line["name"]: float(line["value"]) for line in seed(f"{domain}/{domain}_thresholds.csv")}


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def at(day: date, hour: int = 12) -> datetime:
    """A time of day on a date."""
    return datetime(day.year, day.month, day.day, hour)


class Company:
    """Rows by table. Customers 1 to 45 have contracts, 46 to 90 purchases only, 91 to 95 neither."""

    def __init__(self) -> None:
        self.draw = random.Random(7)
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.rows["crm.employees"] = [
            {"employee_id": f"e{number}", "role": role, "contacts_per_day": 5, "hired_at": at(FIRST), "left_at": left}
            for number, (role, left) in enumerate(
                [("account_manager", None), ("account_manager", None), ("agent", None), ("agent", at(date(2025, 1, 1)))]
            )
        ]
        for number in range(1, 96):
            self._customer(number)

    def land(self, lake: SmallLake) -> None:
        """Land every table in one load of the night."""
        for table, rows in self.rows.items():
            lake.land(table, NIGHT, rows)

    def _day(self, first: date = FIRST, last: date = NIGHT - timedelta(1)) -> date:
        return first + timedelta(self.draw.randint(0, (last - first).days))

    def _customer(self, number: int) -> None:
        created = self._day(FIRST, date(2026, 2, 20))
        customer = f"c{number:02d}"
        self.rows["crm.customers"].append(
            {
                "customer_id": customer,
                "name": f"Customer {number}",
                "created_at": at(created),
                "updated_at": at(created),
                "birth_date": date(1970 + number % 30, 2 + number % 2, 1 + number % 28),
                "is_vip": number % 9 == 0,
                "segment": "business" if number % 4 == 0 else "consumer",
                "owner_id": f"e{number % 4}",
                "is_contactable": number % 11 != 0,
            }
        )
        if number <= 45:
            self._contracts(customer, created)
            self._use(customer, created)
        elif number <= 90:
            self._orders(customer, created)
        self._care(customer, created)

    def _contracts(self, customer: str, created: date) -> None:
        began = created + timedelta(self.draw.randint(0, 20))
        for turn in range(self.draw.choice((1, 1, 2))):
            ends = began + timedelta(365)
            gone = began + timedelta(self.draw.randint(60, 500))
            is_gone = self.draw.random() < 0.5 and gone < NIGHT
            raised = began + timedelta(self.draw.randint(30, 300))
            row = {
                "subscription_id": f"{customer}-{turn}",
                "customer_id": customer,
                "plan": "basic",
                "started_at": at(began),
                "ends_at": at(max(ends, NIGHT + timedelta(self.draw.randint(-30, 150)))),
                "monthly_price_cents": self.draw.choice((1500.0, 4000.0, 12000.0)),
                "term_months": 12,
                "updated_at": at(began),
            }
            self.rows["crm.subscriptions"].append(row)
            versions = [row]
            if raised < min(gone, NIGHT) and self.draw.random() < 0.5:
                dearer = {"updated_at": at(raised), "monthly_price_cents": row["monthly_price_cents"] * 1.1}
                versions.append(row | dearer)
                self.rows["crm.subscriptions"].append(versions[-1])
            if is_gone:
                left = {"cancelled_at": at(gone), "cancel_reason": self.draw.choice(REASONS), "updated_at": at(gone)}
                self.rows["crm.subscriptions"].append(versions[-1] | left)
                began = gone + timedelta(self.draw.choice((5, 14, 15, 80)))
            if not is_gone or began >= NIGHT:
                return

    def _use(self, customer: str, created: date) -> None:
        level = self.draw.uniform(20, 90)
        fading = self.draw.choice((1.0, 1.0, 0.93, 1.05))
        day = created
        while day < NIGHT:
            if self.draw.random() < 0.9:
                minutes = round(level * self.draw.uniform(0.8, 1.2), 1)
                self.rows["crm.usage_daily"].append(
                    {"customer_id": customer, "usage_date": day, "sessions": 2, "minutes": minutes, "feature": "app"}
                )
            level *= fading
            day += timedelta(7)

    def _orders(self, customer: str, created: date) -> None:
        gap = self.draw.choice((20, 45, 70, 120))
        day, number = created, 0
        while day < NIGHT and number < 25:
            amount = float(self.draw.randint(900, 30000))
            late = self.draw.random() < 0.2
            order = {
                "order_id": f"{customer}-{number}",
                "line_id": "1",
                "customer_id": customer,
                "ordered_at": at(day),
                "amount_cents": amount,
                "promised_at": at(day + timedelta(3)),
                "delivered_at": at(day + timedelta(5 if late else 2)),
                "updated_at": at(day),
            }
            self.rows["crm.orders"].append(order)
            if self.draw.random() < 0.15:
                back = {"line_id": "2", "amount_cents": -amount / 2, "delivered_at": None, "promised_at": None}
                self.rows["crm.orders"].append(order | back)
            self._points(customer, order["order_id"], day, int(amount // 100))
            day += timedelta(max(int(self.draw.gauss(gap, gap / 3)), 1))
            number += 1

    def _points(self, customer: str, order: str, day: date, points: int) -> None:
        entries = [("earn", points, day, day + timedelta(self.draw.choice((200, 365))))]
        if self.draw.random() < 0.4:
            entries.append(("burn", -int(points * 0.7), day + timedelta(1), None))
        for number, (kind, moved, when, expires) in enumerate(entries):
            if when < NIGHT:
                self.rows["crm.loyalty_ledger"].append(
                    {
                        "entry_id": f"{order}-{number}",
                        "customer_id": customer,
                        "entry_at": at(when),
                        "entry_type": kind,
                        "points": moved,
                        "expires_at": at(expires) if expires else None,
                    }
                )

    def _care(self, customer: str, created: date) -> None:
        for number in range(self.draw.randint(0, 5)):
            day = self._day(created)
            touchpoint = self.draw.choice(TOUCHPOINTS)
            direction = "inbound" if touchpoint == "billing" else "outbound"
            contact = {"interaction_id": f"k{customer}{number}", "customer_id": customer, "occurred_at": at(day)}
            self.rows["crm.interactions"].append(contact | {"touchpoint": touchpoint, "direction": direction})
        for number in range(self.draw.randint(0, 3)):
            day = self._day(created)
            solved = day + timedelta(self.draw.randint(0, 20))
            self.rows["ticket.tickets"].append(
                {
                    "ticket_id": f"t{customer}{number}",
                    "customer_id": customer,
                    "opened_at": at(day),
                    "resolved_at": at(solved) if solved < NIGHT and self.draw.random() < 0.8 else None,
                    "is_complaint": self.draw.random() < 0.4,
                    "category": "billing",
                    "updated_at": at(day),
                }
            )
        for number in range(self.draw.randint(0, 3)):
            day = self._day(created)
            answer = {"response_id": f"r{customer}{number}", "customer_id": customer, "responded_at": at(day)}
            comment = self.draw.choice((None, "too expensive", "没人负责", "fine"))
            score = self.draw.randint(1, 5)
            self.rows["survey.responses"].append(answer | {"csat": score, "nps": score * 2, "comment": comment})
        if self.draw.random() < 0.3:
            day = self._day(created)
            self.rows["crm.interventions"].append(
                {
                    "intervention_id": f"i{customer}",
                    "customer_id": customer,
                    "assigned_at": at(day, 9),
                    "contacted_at": at(day),
                    "channel": "phone",
                    "outcome": "refused",
                    "updated_at": at(day),
                }
            )
