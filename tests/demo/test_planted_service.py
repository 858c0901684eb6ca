"""What was planted in service is in the records: the knee, the loops, the wave, the team, the improvements."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.demo.sources import Sources

#: Complaints are still being worked on in the last days.
SETTLED = "2026-10-01"


def answered_tickets(planted: Sources) -> pd.DataFrame:
    tickets = planted.tickets()
    minutes = (tickets["first_response_at"] - tickets["opened_at"]).dt.total_seconds() / 60
    served = tickets[["category", "resolved_at"]].assign(minutes=minutes, served_by=tickets["team"])
    return planted.scores().dropna(subset=["ticket_id", "csat"]).join(served, on="ticket_id")


def events_of(planted: Sources) -> pd.DataFrame:
    events = planted.table("events").drop_duplicates(["ticket_id", "event_type"], keep="last")
    events["occurred_at"] = pd.to_datetime(events["occurred_at"])
    return events.pivot_table(index="ticket_id", columns="event_type", values="occurred_at", aggfunc="max")


def test_satisfaction_falls_only_if_the_first_response_takes_longer_than_the_knee(planted: Sources) -> None:
    answered = answered_tickets(planted)
    knee = planted.planted()["effects"]["first_response_knee_minutes"]
    doublings = np.log2(answered["minutes"] / knee)
    faster, fast, slow, slower = (
        answered["csat"][doublings.between(*limits)] for limits in ((-9, -1.5), (-1.5, 0), (2.5, 3.5), (3.5, 9))
    )
    assert min(len(faster), len(fast), len(slow), len(slower)) > 35
    assert abs(faster.mean() - fast.mean()) < 0.35
    within = answered["csat"][doublings < 0].mean()
    assert slow.mean() < within - 0.4
    assert slower.mean() < slow.mean() - 0.2


def test_complaints_are_acknowledged_planned_solved_and_verified_mostly_in_time(planted: Sources) -> None:
    tickets, steps = planted.tickets(), events_of(planted)
    complaints = tickets[(tickets["is_complaint"] == "True") & (tickets["opened_at"] < SETTLED)]
    loop = steps.loc[complaints.index]
    assert len(loop) > 80
    assert loop["acknowledged"].notna().all()
    golden = loop["acknowledged"] - loop["opened"] <= pd.Timedelta(hours=2)
    overlooked = planted.planted()["effects"]["overlooked_complaint_share"]
    assert abs(1 - golden.mean() - overlooked) < 0.07
    planned_late = loop["planned"] - loop["opened"] > pd.Timedelta(hours=24)
    assert 0.03 < planned_late.mean() < 0.25
    assert 0.65 < loop["verified"].notna().mean() < 0.9
    assert (loop["verified"].dropna() > loop["resolved"][loop["verified"].notna()]).all()
    assert steps.drop(index=tickets.index[tickets["is_complaint"] == "True"])["acknowledged"].isna().all()


def test_the_clock_stops_while_the_customer_has_to_answer(planted: Sources) -> None:
    steps = events_of(planted)
    paused = steps.dropna(subset=["waiting", "customer_replied", "resolved"])
    assert 0.15 < len(paused) / len(steps.dropna(subset="resolved")) < 0.35
    assert (paused["responded"] < paused["waiting"]).all()
    assert (paused["waiting"] < paused["customer_replied"]).all()
    assert (paused["customer_replied"] < paused["resolved"]).all()


def test_a_few_tickets_are_never_answered(planted: Sources) -> None:
    tickets = planted.tickets()
    silent = tickets[tickets["first_response_at"].isna() & (tickets["opened_at"] < SETTLED)]
    assert 0.002 < len(silent) / len(tickets) < 0.03
    assert silent[["resolved_at", "closed_at", "employee_id"]].isna().all(axis=None)
    assert set(silent["priority"]) == {"low"} and set(silent["status"]) == {"new"}


def test_another_employee_continues_after_an_escalation(planted: Sources) -> None:
    events = planted.table("events")
    escalated = set(events[events["event_type"] == "escalated"]["ticket_id"])
    handlers = events.dropna(subset="employee_id").groupby("ticket_id")["employee_id"].nunique()
    assert (handlers[handlers > 1].index.isin(escalated)).all()
    assert (handlers > 1).sum() > 0.5 * len(escalated) > 10


def test_an_outage_becomes_a_wave_of_complaints_within_two_days(planted: Sources) -> None:
    wave, tickets = planted.episode("outage_wave"), planted.tickets()
    begin = pd.Timestamp(wave["first_day"])
    outage = tickets[(tickets["category"] == "outage") & (tickets["is_complaint"] == "True")]
    window = outage["opened_at"].between(begin, begin + pd.Timedelta(hours=48))
    assert window.sum() >= 30
    customers = outage[window]["customer_id"].dropna()
    regions = planted.table("accounts").drop_duplicates("account_no").set_index("account_no")["region"]
    assert (regions[customers] == wave["value"]).mean() > 0.9
    usual = outage["opened_at"].between(begin - pd.Timedelta(days=90), begin).sum() / 45
    assert window.sum() > 5 * usual


def test_the_badly_led_team_and_its_customers_are_less_satisfied(planted: Sources) -> None:
    truth = planted.planted()["employee_survey"]
    answers = planted.table("employee_responses").astype({"answer_value": float})
    for question, loss in truth["answers_lower_by"].items():
        asked = answers[answers["question_code"] == question]
        theirs = asked["team"] == truth["low_morale_team"]
        measured = asked[~theirs]["answer_value"].mean() - asked[theirs]["answer_value"].mean()
        assert abs(measured - loss) < 0.6, question
    served = answered_tickets(planted)
    theirs = served["served_by"] == truth["low_morale_team"]
    assert served[theirs]["csat"].mean() < served[~theirs]["csat"].mean() - 0.2


def test_an_improvement_raises_scores_only_where_it_was_made(planted: Sources) -> None:
    answered = answered_tickets(planted)
    columns = {"region": "region", "team": "served_by"}
    for improvement in planted.planted()["improvements"]:
        if improvement["effect"]:
            place = answered[columns[improvement["dimension"]]]
            after = answered["resolved_at"] >= improvement["started_on"]
            means = answered.groupby([place, after])["csat"].mean()
            change = means.xs(True, level=1) - means.xs(False, level=1)
            assert change[improvement["value"]] - change[improvement["control"]] > 0.3, improvement["issue"]


def test_customers_with_a_ticket_before_an_improvement_are_notified(planted: Sources) -> None:
    contacts = planted.table("contacts").query("touchpoint == 'improvement_notice'")
    days = contacts["occurred_at"].str[:10]
    assert set(contacts["direction"]) == {"outbound"}
    regions = planted.table("accounts").drop_duplicates("account_no").set_index("account_no")["region"]
    notices = contacts[days.between("2026-05-04", "2026-05-08")]
    assert len(notices) > 5 and set(regions[notices["account_no"]]) == {"west"}
