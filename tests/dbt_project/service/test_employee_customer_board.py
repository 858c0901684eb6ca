"""Employee survey, customer results, their correlations and agent scorecards, recomputed with numpy and scipy."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.dbt_project.service.conftest import Reader, threshold
from tests.dbt_project.service.small_company import ANSWERS, MIDNIGHT, STAFF_ANSWERS, TICKETS
from tests.dbt_project.surveys.statistics import Z, normal, wilson


def test_the_board_has_the_survey_and_the_customers_served_after_it(published: Reader) -> None:
    board = published("employee_customer_board", "team", "survey_month", "question_code")
    asked = pd.DataFrame(STAFF_ANSWERS)
    asked["month"] = asked["responded_at"].dt.to_period("M").dt.to_timestamp()
    teams = {row["ticket_id"]: row["team"] for row in TICKETS}
    answers = pd.DataFrame(ANSWERS).assign(team=lambda rows: rows["ticket_id"].map(teams))
    first_contact = published("int_service__first_contact_resolution")
    for (team, month), wave in asked.groupby(["team", "month"]):
        row = board.loc[(team, month, "all")]
        people = wave.groupby("employee_id")["answer_value"].mean()
        assert row["employee_score"] == pytest.approx(people.mean(), abs=1e-6)
        assert (row["employee_score_low"], row["employee_score_high"]) == pytest.approx(normal(list(people)), abs=1e-5)
        end = min(month + timedelta(days=90), pd.Timestamp(MIDNIGHT))
        heard = answers[
            (answers["team"] == team) & (answers["responded_at"] >= month) & (answers["responded_at"] < end)
        ]
        assert row["csat_count"] == len(heard)
        if len(heard) > 1:
            assert row["csat"] == pytest.approx(heard["csat"].mean(), abs=1e-6)
            assert (row["csat_low"], row["csat_high"]) == pytest.approx(normal(list(heard["csat"])), abs=1e-5)
        judged = first_contact[(first_contact["team"] == team) & first_contact["is_eligible"]]
        judged = judged[(judged["resolved_at"] >= month) & (judged["resolved_at"] < end)]
        if len(judged):
            expected = wilson(int(judged["is_first_contact_resolved"].sum()), len(judged))
            assert (row["first_contact_low"], row["first_contact_high"]) == pytest.approx(expected, abs=2e-6)
        assert bool(row["is_complete"]) == (month + timedelta(days=90) <= pd.Timestamp(MIDNIGHT))


def test_links_of_the_chain_have_pearsons_correlation_and_fishers_interval(published: Reader) -> None:
    chain = published("service_profit_chain", "cause", "effect", "comparison")
    board = published("employee_customer_board")
    board = board[board["is_complete"] & (board["question_code"] == "all")]
    for cause, effect, x, y in [
        ("employee_all", "csat", "employee_score", "csat"),
        ("employee_all", "revenue", "employee_score", "revenue_cents"),
        ("csat", "revenue", "csat", "revenue_cents"),
    ]:
        pairs = board.dropna(subset=[x, y])
        within = pairs.groupby("team")[[x, y]].transform(lambda column: column - column.mean())
        for comparison, values, spent in [
            ("pooled", pairs[[x, y]], 0),
            ("within_team", within, pairs["team"].nunique() - 1),
        ]:
            row = chain.loc[(cause, effect, comparison)]
            found = stats.pearsonr(values[x], values[y]).statistic
            ends = np.tanh(np.arctanh(found) + Z / np.sqrt(len(pairs) - spent - 3) * np.array([-1, 1]))
            assert row["team_month_count"] == len(pairs) > 10
            assert row["correlation"] == pytest.approx(found, abs=1e-5)
            assert (row["interval_low"], row["interval_high"]) == pytest.approx(tuple(ends), abs=1e-5)


def _cases() -> pd.DataFrame:
    """Answers of the last days with the kind of their case."""
    kinds = {row["ticket_id"]: row for row in reversed(TICKETS)}
    rows = pd.DataFrame(ANSWERS)
    rows = rows[rows["responded_at"] >= MIDNIGHT - timedelta(days=threshold("employees", "scorecard_days"))]
    known = {"low", "normal", "high", "urgent"}
    rows["category"] = [kinds[name]["category"] or "support" for name in rows["ticket_id"]]
    rows["priority"] = [
        kinds[name]["priority"] if kinds[name]["priority"] in known else "normal" for name in rows["ticket_id"]
    ]
    rows["channel"] = [kinds[name]["channel"] for name in rows["ticket_id"]]
    return rows


def test_scorecards_are_adjusted_for_case_mix_and_shrunk(published: Reader) -> None:
    cases = _cases()
    kinds = cases.groupby(["category", "priority", "channel"])["csat"]
    prior, mean = threshold("employees", "case_mix_prior_cases"), cases["csat"].mean()
    cases["residual"] = cases["csat"] - (kinds.transform("sum") + prior * mean) / (kinds.transform("size") + prior)
    agents = cases.groupby("employee_id")["residual"].agg(["mean", "size", "var"])
    count, total = len(agents), len(cases)
    grand = cases["residual"].mean()
    within = ((agents["size"] - 1) * agents["var"].fillna(0)).sum() / (total - count)
    between = (agents["size"] * (agents["mean"] - grand) ** 2).sum() - (count - 1) * within
    between = max(between / (total - (agents["size"] ** 2).sum() / total), 0)
    chance = within / agents["size"]
    shrinkage = (count - 3) / (count - 1) * chance / (chance + between)
    deviation = agents["mean"] - grand
    usual = np.average(chance, weights=1 / (chance + between))
    spread = 2 / (count - 3) * shrinkage**2 * deviation**2 * (usual + between) / (chance + between)
    error = np.sqrt(chance * (1 - (count - 1) / count * shrinkage) + spread)
    score = mean + (1 - shrinkage) * deviation

    card = published("agent_scorecard", "measure", "employee_id").loc["csat"]
    assert list(card.index) == list(agents.index)
    assert card["score"].to_numpy() == pytest.approx(score.to_numpy(), abs=1e-4)
    assert card["interval_low"].to_numpy() == pytest.approx((score - Z * error).clip(1).to_numpy(), abs=1e-4)
    order = (score - Z * error).sort_values(ascending=False)
    assert list(card.sort_values("score_rank").index) == list(order.index)
    assert between > 0.1


def test_good_agents_rank_at_the_top(published: Reader) -> None:
    card = published("agent_scorecard", "measure", "score_rank").loc["csat"]
    assert [str(name)[-1] for name in card["employee_id"].head(3)] == ["0", "0", "0"]
    assert [str(name)[-1] for name in card["employee_id"].tail(3)] == ["2", "2", "2"]
    assert card["as_of"].unique().tolist() == [pd.Timestamp(datetime(2026, 6, 1))]
