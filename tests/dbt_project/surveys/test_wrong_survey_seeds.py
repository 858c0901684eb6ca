"""Every mistake in a survey seed is reported in a message before any table is built."""

from __future__ import annotations

import pytest

from tests.dbt_project.wrong_seeds import problems

#: File, line to replace (None: append), replacement, and the start of the message.
MISTAKES = [
    (
        "kano_evaluation",
        "1,5,one_dimensional",
        "",
        "kano_evaluation.csv has 0 categories for the answers 1 (with) and 5",
    ),
    (
        "kano_evaluation",
        "5,5,questionable",
        "5,6,questionable",
        "kano_evaluation.csv: the answers 5 and 6 are not both",
    ),
    (
        "benchmarks",
        None,
        "csat_mean,overall,all,industry,,4.5,2026,again",
        "benchmarks.csv has 2 benchmarks of industry for",
    ),
    ("benchmarks", None, "csat,overall,all,industry,,4.5,2026,typo", "benchmarks.csv: csat is not a metric"),
    ("kpi_targets", None, "nps,40,again", "kpi_targets.csv has 2 targets for nps"),
    ("servqual_dimensions", ",0.11", ",0.21", "servqual_dimensions.csv: the default weights add up to 1.1"),
    (
        "servqual_questions",
        "servqual_empathy_perception,empathy,perception",
        "",
        "servqual_questions.csv: empathy is not asked",
    ),
    (
        "keyword_spellings",
        "data_breach,zh,信息泄露\ndata_breach,zh,数据泄露",
        "",
        "keyword_spellings.csv has no spelling of data",
    ),
    ("keyword_spellings", None, "refund,en,100%", "keyword_spellings.csv: 100% has no letter or digit to search for"),
    ("survey_quotas", "family,0.25", "family,0.55", "survey_quotas.csv: the shares add up to 1.3"),
    (
        "survey_questions",
        "delivery_standard,3,",
        "delivery_standard_,3,",
        "survey_questions.csv: the standard set delivery",
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Messages of the seed tests for a project with all these mistakes."""
    mistakes = [(f"surveys/{name}.csv", line, instead) for name, line, instead, _ in MISTAKES]
    failed = problems(tmp_path_factory.mktemp("wrong_seeds"), mistakes, "path:seeds/surveys", "path:tests/seeds")
    return [sentence for sentences in failed.values() for sentence in sentences]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[3][:40])
def test_a_mistake_is_reported_in_a_sentence(found: list[str], mistake: tuple[str, str | None, str, str]) -> None:
    sentences = [problem for problem in found if problem.startswith(mistake[3])]
    assert len(sentences) == 1
    assert "; " in sentences[0]
