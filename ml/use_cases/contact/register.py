"""Submit the forecast models to their gates: that of all classifiers, and the comparison with last week's contacts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ml.classifier import register
from ml.classifier.examples import Examples
from ml.classifier.register import Trained
from ml.classifier.target import Target
from ml.lake import connect, partition, read_thresholds, relation
from ml.promotion import Submission
from ml.use_cases.contact.categories import SITUATION, Categories, hit_rates, learn
from ml.use_cases.contact.evaluate import Comparison, compare
from ml.use_cases.contact.features import THRESHOLDS, complaint_target, ticket_target
from ml.use_cases.contact.promote import objections
from warehouse.core.settings import Settings


def prepare_ticket(settings: Settings, as_of: date) -> Submission:
    """Train and test the model of tickets within 48 hours.

    Raises:
        ModelError: there are no tickets, or too few to learn from.
    """
    return _prepare(settings, as_of, ticket_target(settings, as_of))


def prepare_complaint(settings: Settings, as_of: date) -> Submission:
    """Train and test the model of complaints within 7 days.

    Raises:
        ModelError: there are no tickets, or too few complaints to learn from.
    """
    return _prepare(settings, as_of, complaint_target(settings, as_of))


def _prepare(settings: Settings, as_of: date, target: Target) -> Submission:
    trained = register.train(settings, as_of, target)
    submission = trained.submission()
    tickets, prior = _tickets(settings, as_of, target), read_thresholds(settings, THRESHOLDS)["prior_tickets"]
    last = tickets["as_of"] == tickets["as_of"].max()
    comparison = _compared(settings, trained)
    hits = hit_rates(tickets[~last], tickets[last], prior)
    return replace(
        submission,
        metrics={**submission.metrics, **comparison.metrics(), **hits},
        card=f"{submission.card}\n**Compared with last week's contacts.** {comparison.sentence()}\n",
        headline=f"{submission.headline}; precision {comparison.precision:.1%} among {comparison.budget} "
        f"(last week's contacts {comparison.naive_precision:.1%})",
        write=partial(_write, submission=submission, categories=learn(tickets, prior)),
        objections=lambda champion: [*submission.objections(champion), *objections(comparison)],
    )


def _write(folder: Path, submission: Submission, categories: Categories) -> None:
    submission.write(folder)
    categories.save(folder)


def _compared(settings: Settings, trained: Trained) -> Comparison:
    """The hold-out twin against the naive list, on the last snapshot."""
    held_out = trained.examples.where(trained.examples.days == trained.examples.days.max())
    rows = _last_week(settings, trained.target, held_out)
    predicted = trained.evaluation.model.probabilities(held_out.matrix)
    return compare(rows, predicted, trained.target.economics.budget)


def _last_week(settings: Settings, target: Target, held_out: Examples) -> pd.DataFrame:
    """The rows with `last_week`, the number of contacts and tickets in the week before the snapshot."""
    night = date(1970, 1, 1) + timedelta(days=int(held_out.days[0]))
    rows = pd.DataFrame({"customer_key": held_out.keys, "truth": held_out.truth})
    file = partition(settings.features / target.features, night)
    contacted = connect().execute(
        f"select customer_key, coalesce(contacts_7d, 0) + coalesce(tickets_7d, 0) as last_week from {relation([file])}"
    )
    return rows.merge(contacted.df(), on="customer_key", how="left", validate="one_to_one").fillna({"last_week": 0.0})


def _tickets(settings: Settings, as_of: date, target: Target) -> pd.DataFrame:
    """First tickets within the horizon of each snapshot: `as_of`, `situation` before it and `category`."""
    nights = [
        night
        for night in target.snapshots
        if partition(settings.features / target.labels, night).exists()
        and partition(settings.features / target.features, night).exists()
    ]
    features, labels = (
        relation([partition(settings.features / table, night) for night in nights])
        for table in (target.features, target.labels)
    )
    found = connect().execute(
        f"select as_of, {SITUATION} as situation, first_category as category "
        f"from {features} as f join {labels} as l using (customer_key, as_of) "
        f"where first_category is not null and known_from <= date '{as_of}' order by as_of, customer_key"
    )
    rows = found.df()
    return rows.assign(as_of=rows["as_of"].astype(np.dtype("datetime64[ns]")))
