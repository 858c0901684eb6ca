"""Survey answers: scores and comments that depend on latent satisfaction."""

from __future__ import annotations

import numpy as np

from demo import comments, episodes, names
from demo.contracts import PRODUCTS
from demo.day import Day, nullable
from demo.effects import CAUSES
from demo.people import LANGUAGES, REGIONS
from demo.sampling import CHANNELS, RELATIONSHIP, TOUCHPOINTS, TYPES, known_customer_ids, known_emails
from demo.servqual import ask_more
from demo.staff import employee_ids
from demo.talk import add_talk
from demo.ticket_rows import ticket_ids
from demo.typing import Array, Columns

#: Latent score below which CSAT is 1, 2, 3 and 4.
CSAT_CUTS = np.array([-1.9, -1.35, -0.8, -0.1])


def respond(day: Day) -> None:
    """Record the answers that come in today, with scores and comments."""
    rows = day.state.take_due("responses", day.number)
    who, count = rows["who"], rows["who"].size
    random = day.random("responses")
    feeling = day.effects.survey_weight_of_satisfaction * day.satisfaction(who)
    score = feeling + day.effects.survey_weight_of_the_event_itself * rows["event"]
    csat, nps, ces = _answers(day, random, score, rows)
    language = day.state.people["language"][who]
    comment = comments.write_comments(random, language, rows["aspect"], csat <= 3)
    comment = add_talk(day, random, comment, language)
    commented = random.random(count) < 0.45 + 0.25 * (csat <= 2)
    number = day.state.number("response", count)
    ids = names.numbered("R", number, 8)
    recorded = np.where(rows["is_late"], day.moments(random, count, 1, 5), rows["responded"] + 60)
    day.write(
        "responses",
        response_id=ids,
        invitation_id=names.numbered("I", rows["invitation"], 8),
        customer_id=known_customer_ids(day, who, rows["invitation"]),
        email=known_emails(day, who, rows["invitation"]),
        responded_at=day.clock.stamps(rows["responded"]),
        survey_type=TYPES[rows["touchpoint"]],
        nps=nullable(nps, rows["touchpoint"] == RELATIONSHIP),
        csat=nullable(csat, random.random(count) < 0.97),
        ces=nullable(ces, rows["touchpoint"] != RELATIONSHIP),
        comment=nullable(comment, commented),
        language=nullable(LANGUAGES[language], commented),
        channel=CHANNELS[rows["invitation"] % 3],
        touchpoint=TOUCHPOINTS[rows["touchpoint"]],
        product=nullable(PRODUCTS[day.state.people["plan"][who]], rows["touchpoint"] == RELATIONSHIP),
        employee_id=employee_ids(rows["agent"]),
        order_id=nullable(names.numbered("O", rows["order"], 9), rows["order"] >= 0),
        ticket_id=ticket_ids(rows["ticket"]),
        recorded_at=day.clock.stamps(np.minimum(recorded, day.end - 1)),
    )
    day.defect("responses", "late", ids[rows["is_late"]].tolist(), "exported days after the answer")
    tell_answers(day, ids, score, rows)
    ask_more(day, ids, rows["touchpoint"] == RELATIONSHIP, score)


def _answers(day: Day, random: np.random.Generator, score: Array, rows: Columns) -> tuple[Array, Array, Array]:
    """CSAT, NPS and CES of the answers: the latent score, each with independent noise."""
    noise = day.effects.survey_noise_sd
    csat_score, nps_score, ces_score = (score + random.normal(0, noise, score.size) for _ in range(3))
    csat = 1 + np.searchsorted(CSAT_CUTS, csat_score)
    nps = np.clip(np.rint(8.3 + 2.1 * (nps_score + _dip(day, rows["who"]))), 0, 10).astype(np.int64)
    ces = np.clip(np.rint(5.5 + 1.1 * ces_score + 0.5 * rows["event"]), 1, 7).astype(np.int64)
    return csat, nps, ces


def tell_answers(day: Day, ids: Array, score: Array, rows: Columns) -> None:
    """Write to the truth file the latent score of each answer before noise, and each cause's part of it."""
    effects = day.effects
    columns = [ids.tolist(), [f"{value:.4f}" for value in score]]
    for cause in CAUSES:
        part = effects.survey_weight_of_satisfaction * day.state.people[f"mood_{cause}"][rows["who"]]
        part = part + effects.survey_weight_of_the_event_itself * rows[f"event_{cause}"]
        columns.append([f"{value:.4f}" for value in part])
    day.tell("answers", columns)


def _dip(day: Day, who: Array) -> Array | float:
    """Reduction of NPS in a region while a talk episode runs there."""
    region = episodes.where(day, episodes.NPS_DIP)
    if region is None:
        return 0.0
    dip: Array = episodes.NPS_DIP.size * (REGIONS[day.state.people["region"][who]] == region)
    return dip
