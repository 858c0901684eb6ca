"""Effects planted in surveys, posts and journeys can be recovered from the answers."""

from __future__ import annotations

import pandas as pd

from tests.demo.sources import Sources


def net_promoters(scores: pd.Series) -> float:
    return float(((scores >= 9).mean() - (scores <= 6).mean()) * 100)


def answers_of(planted: Sources, kind: str) -> pd.DataFrame:
    answers = planted.table("answers").astype({"answer_value": float})
    asked = answers[answers["question_code"].str.startswith(kind + "_")]
    return asked.pivot(index="response_id", columns="question_code", values="answer_value")


def kano_category(functional: float, dysfunctional: float) -> str:
    """The standard evaluation table."""
    if functional == dysfunctional and functional in (1, 5):
        return "questionable"
    if functional == 1:
        return "one_dimensional" if dysfunctional == 5 else "attractive"
    if dysfunctional == 5:
        return "must_be"
    return "reverse" if functional == 5 or dysfunctional == 1 else "indifferent"


def test_kano_answers_show_the_planted_category_of_each_feature(planted: Sources) -> None:
    answers = answers_of(planted, "kano")
    assert len(answers) > 50
    for feature, truth in planted.planted()["kano"].items():
        pairs = zip(answers[f"kano_{feature}_functional"], answers[f"kano_{feature}_dysfunctional"], strict=True)
        found = pd.Series([kano_category(*pair) for pair in pairs]).mode()[0]
        assert found == truth["category"], feature


def test_servqual_answers_show_the_planted_gaps_and_weights(planted: Sources) -> None:
    answers = answers_of(planted, "servqual")
    assert len(answers) > 80
    gaps, weights = {}, {}
    truth = planted.planted()["servqual"]
    for name, dimension in truth.items():
        gaps[name] = (answers[f"servqual_{name}_perception"] - answers[f"servqual_{name}_expectation"]).mean()
        weights[name] = answers[f"servqual_{name}_importance"].mean()
        assert abs(weights[name] - dimension["importance"]) < 5, name
    points = answers[[f"servqual_{name}_importance" for name in truth]]
    assert (points.sum(axis=1) == 100).all() and (points >= 0).all(axis=None)
    assert sorted(gaps, key=gaps.__getitem__)[:2] == ["responsiveness", "reliability"]
    assert max(gaps, key=gaps.__getitem__) == "tangibles"
    level = sum(gaps[name] - dimension["gap"] for name, dimension in truth.items()) / len(truth)
    for name, dimension in truth.items():
        assert abs(gaps[name] - dimension["gap"] - level) < 0.25, name


def test_nps_dips_in_one_region_only(planted: Sources) -> None:
    dip, scores = planted.episode("nps_dip"), planted.scores().dropna(subset="nps")
    during = scores["responded_at"].between(dip["first_day"], dip["last_day"] + " 24")
    there = scores["region"] == dip["value"]
    assert (during & there).sum() >= 15
    usual = net_promoters(scores[~during]["nps"])
    assert net_promoters(scores[during & there]["nps"]) < usual - 25
    assert scores[during & there]["responded_at"].str[:10].nunique() >= 5


def test_keywords_burst_in_comments_and_posts_on_their_days_only(planted: Sources) -> None:
    posts, comments = planted.table("mentions"), planted.table("responses").dropna(subset="comment")
    for kind in ("overcharged", "data_leak"):
        episode = planted.episode(kind)
        posted = posts[posts["text"].str.contains(episode["value"])]
        mentioned = comments[comments["comment"].str.contains(episode["value"])]
        assert len(posted) >= 20 and len(mentioned) >= 1
        for days in (posted["recorded_at"].str[:10], mentioned["recorded_at"].str[:10]):
            assert days.between(episode["first_day"], episode["last_day"]).all()
        assert posted["text"].str.contains("[\u4e00-\u9fff]").any()


def test_a_wrong_bill_run_brings_billing_tickets(planted: Sources) -> None:
    episode, tickets = planted.episode("overcharged"), planted.tickets()
    billing = tickets[tickets["category"] == "billing"]["opened_at"].dt.strftime("%Y-%m-%d").value_counts()
    during = (billing.index >= episode["first_day"]) & (billing.index <= episode["last_day"])
    before = (billing.index >= "2026-09-01") & (billing.index < episode["first_day"])
    assert billing[during].mean() > 2.5 * billing[before].mean()


def test_installation_is_rated_lowest_and_journeys_end_there(planted: Sources) -> None:
    contacts, scores = planted.table("contacts"), planted.scores()
    begun = contacts[contacts["occurred_at"] < "2026-09-01"]
    steps = {step["touchpoint"]: step for step in planted.planted()["journey"]}
    taken = {step: set(begun[begun["touchpoint"] == step]["account_no"]) for step in steps}
    went_on = len(taken["first_bill"] & taken["installation"]) / len(taken["installation"])
    assert abs(went_on - steps["first_bill"]["arriving_share"]) < 0.13
    assert len(taken["installation"]) > 0.85 * len(taken["installation"] | taken["first_bill"])
    asked = scores["touchpoint"]
    bad, others = scores[asked == "installation"]["csat"], scores[asked.isin(steps) & (asked != "installation")]["csat"]
    assert len(bad) >= 20
    assert bad.mean() < others.mean() - 0.6


def test_segments_answer_as_often_as_planted(planted: Sources) -> None:
    invitations, responses = planted.table("invitations"), planted.table("responses")
    segments = planted.table("accounts").drop_duplicates("e_mail").set_index("e_mail")["segment"]
    segment = invitations["email"].str.lower().map(segments)
    share = invitations["invitation_id"].isin(responses["invitation_id"]).groupby(segment).mean()
    truth = planted.planted()["survey_answering_factor"]
    for name, factor in truth.items():
        assert abs(share[name] / share["consumer"] - factor) < 0.2, name


def test_customers_who_opted_out_are_not_invited(planted: Sources) -> None:
    accounts = planted.table("accounts").sort_values("updated_at").drop_duplicates("account_no")
    silent = accounts[accounts["is_contactable"] == "0"]
    assert len(silent) > 100
    assert not planted.table("invitations")["email"].str.lower().isin(silent["e_mail"]).any()
