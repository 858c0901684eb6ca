"""Each mistake in the service and complaint seeds stops the build with a message."""

from __future__ import annotations

import pytest

from tests.dbt_project.wrong_seeds import problems

#: Test, file, line, replacement, and the message for the editor.
MISTAKES = [
    (
        "every_priority_has_one_sla_per_lane",
        "service/sla_policies.csv",
        "low,standard,business,600,",
        "high,standard,business,600,",
        {
            "sla_policies.csv has no line for priority low in lane standard; write one",
            "sla_policies.csv has 2 lines for priority high in lane standard; keep the valid one",
        },
    ),
    (
        "opening_hours_do_not_overlap",
        "service/business_hours.csv",
        "office,2,08:00,18:00",
        "office,1,17:00,20:00",
        {
            "business_hours.csv: office, weekday 1 opens at 17:00 before the hours until 18:00 end; "
            "write hours that do not overlap"
        },
    ),
    (
        "one_priority_and_one_calendar_are_the_default",
        "service/business_calendars.csv",
        "long_days,Europe/Berlin,false",
        "long_days,Europe/Berlin,true",
        {"business_calendars.csv has 2 lines with is_default true; mark exactly one line as the default"},
    ),
    (
        "response_levels_begin_with_an_opened_ticket",
        "service/response_levels.csv",
        "remote,1,opened",
        "remote,1,assigned",
        {"response_levels.csv: the level of rank 1 starts with assigned; every ticket starts on it, so write opened"},
    ),
    (
        "complaint_grades_follow_each_other_without_gap",
        "complaints/complaint_grading_rules.csv",
        "systemic,L3,20,",
        "systemic,L3,600,",
        {
            "complaint_grading_rules.csv: grade L4 begins at 500 customers, the grade below at 600; "
            "write more customers for the higher grade"
        },
    ),
    (
        "every_priority_has_one_severity_of_complaints",
        "complaints/complaint_severities.csv",
        "serious,3,high",
        "serious,3,hihg",
        {
            "complaint_severities.csv has no severity for the priority high; write a line",
            "complaint_severities.csv: hihg is not a priority in ticket_priorities.csv; correct it",
        },
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Messages by test; all mistakes are made in one run."""
    mistakes = [(file, line, instead) for _, file, line, instead, _ in MISTAKES]
    names = [name for name, *_ in MISTAKES]
    return problems(tmp_path_factory.mktemp("wrong"), mistakes, "path:seeds/service", "path:seeds/complaints", *names)


@pytest.mark.parametrize(("test", "sentences"), [(name, sentences) for name, *_, sentences in MISTAKES])
def test_a_mistake_is_reported_with_a_correction(found: dict[str, list[str]], test: str, sentences: set[str]) -> None:
    assert set(found[test]) == sentences
