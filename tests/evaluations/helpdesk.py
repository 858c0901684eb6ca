"""Help desk: remaining time of an open ticket, predicted from its events so far, compared with the usual time.

An evaluation of the learner on ticket events: the night publishes no remaining times. The data set has a single
customer, so nothing can be predicted of who opens the next ticket.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from ml import booster as boosting
from ml.booster import SEED, Candidate
from ml.feature_set import FeatureSet, discover
from tests.evaluations import Evaluation
from warehouse.core.settings import settings_from_environment

FILE = "helpdesk/helpdesk_named.csv"
#: Tickets opened after this share of all are predicted; those solved before are the training data.
LEARNT_SHARE = 0.7
ABSOLUTE_ERROR = {"objective": "reg:absoluteerror"}
CANDIDATE = Candidate(depth=4, eta=0.05, rounds=200)
NOT_FEATURES = ("line", "ticket", "at", "opened_at", "closed_at", "remaining_days")
RESAMPLES = 500


def evaluate(work: Path) -> Evaluation:
    """Mean absolute error in days after each event of tickets opened after all tickets in training were closed."""
    del work
    rows = prefixes(read_log(settings_from_environment().datasets / FILE))
    training, later = out_of_time(rows)
    connection = duckdb.connect()
    connection.register("training", training)
    connection.register("later", later)
    features = discover(connection, "training", NOT_FEATURES, ["last_event", "who"])
    target = training["remaining_days"].to_numpy()
    booster = boosting.fit(_matrix(connection, "training", features), target, features, CANDIDATE, ABSOLUTE_ERROR)
    predicted = np.maximum(boosting.predict(booster, _matrix(connection, "later", features), features), 0)
    truth = later["remaining_days"].to_numpy()
    errors = {
        "model": np.abs(predicted - truth),
        "mean": np.abs(target.mean() - truth),
        "median": np.abs(np.median(target) - truth),
        "usual": np.abs(usual(training, later) - truth),
    }
    figures = {f"mae_{name}": float(error.mean()) for name, error in errors.items()}
    gained = errors["usual"] - errors["model"]
    figures |= dict(zip(("gain", "gain_low", "gain_high"), _by_ticket(gained, later["ticket"].to_numpy()), strict=True))
    figures |= {
        "tickets_learnt": float(training["ticket"].nunique()),
        "tickets": float(later["ticket"].nunique()),
        "n": float(len(later)),
    }
    return Evaluation("Help desk: remaining time of open tickets", figures, _text(figures))


def read_log(file: Path) -> pd.DataFrame:
    """Events in the order of time: ticket, at, event, who."""
    raw = pd.read_csv(file)
    events = pd.DataFrame(
        {
            "ticket": raw["case:concept:name"],
            "at": pd.to_datetime(raw["time:timestamp"], utc=True).dt.tz_localize(None),
            "event": raw["Activity"],
            "who": raw["Resource"],
        }
    )
    return events.reset_index(names="line").sort_values(["ticket", "at", "line"], ignore_index=True)


def prefixes(events: pd.DataFrame) -> pd.DataFrame:
    """A row after each event but the last of a ticket: what was known then, and the days to its last event."""
    by_ticket = events.groupby("ticket", sort=False)
    opened, closed = by_ticket["at"].transform("min"), by_ticket["at"].transform("max")
    rows = pd.DataFrame(
        {
            "ticket": events["ticket"],
            "at": events["at"],
            "opened_at": opened,
            "closed_at": closed,
            "remaining_days": _days(closed - events["at"]),
            "event_count": by_ticket.cumcount() + 1,
            "elapsed_days": _days(events["at"] - opened),
            "days_since_event": _days(by_ticket["at"].diff()).fillna(0.0),
            "hour": events["at"].dt.hour,
            "weekday": events["at"].dt.weekday,
            "handoffs": (events["who"] != by_ticket["who"].shift()).groupby(events["ticket"]).cumsum(),
            "attributes": [
                f'{{"last_event": "{event}", "who": "{who}"}}'
                for event, who in zip(events["event"], events["who"], strict=True)
            ],
            "last_event": events["event"],
        }
    )
    for name in ("Wait", "Resolve ticket", "Require upgrade"):
        predicted = (events["event"] == name).groupby(events["ticket"]).cumsum()
        rows[f"count_{name.lower().replace(' ', '_')}"] = predicted
    return rows[by_ticket.cumcount(ascending=False) > 0].reset_index(drop=True)


def _days(passed: pd.Series) -> pd.Series:
    days: pd.Series = passed.dt.total_seconds() / 86_400
    return days


def out_of_time(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tickets solved before a moment, and tickets opened after it: no label in training lies later."""
    moment = rows.drop_duplicates("ticket")["opened_at"].quantile(LEARNT_SHARE)
    training, later = rows["closed_at"] < moment, rows["opened_at"] >= moment
    return rows[training].reset_index(names="line"), rows[later].reset_index(names="line")


def usual(training: pd.DataFrame, later: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The naive prediction: the median remaining time after the same event at the same position."""
    kind = ["last_event", "event_count"]
    exact = training.groupby(kind)["remaining_days"].median().rename("exact")
    event = training.groupby("last_event")["remaining_days"].median().rename("event")
    found = later[kind].join(exact, on=kind).join(event, on="last_event")
    everybody = float(training["remaining_days"].median())
    return np.asarray(found["exact"].fillna(found["event"]).fillna(everybody), dtype=np.float64)


def _matrix(connection: duckdb.DuckDBPyConnection, rows: str, features: FeatureSet) -> npt.NDArray[np.float32]:
    table = connection.execute(f"select {features.select()} from {rows} order by line").to_arrow_table()
    return features.matrix({name: table.column(name).to_numpy() for name in table.column_names})


def _by_ticket(gained: npt.NDArray[np.float64], tickets: npt.NDArray[np.object_]) -> tuple[float, float, float]:
    """Mean gain with its 95 % interval, from resampling whole tickets (their events belong together)."""
    _, positions = np.unique(tickets, return_inverse=True)
    totals, counts = np.bincount(positions, weights=gained), np.bincount(positions)
    drawn = np.random.default_rng(SEED).integers(0, len(totals), (RESAMPLES, len(totals)))
    means = totals[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(gained.mean()), float(low), float(high)


def _text(figures: dict[str, float]) -> str:
    return f"""Days that an open ticket will still take, predicted after each of its events
({figures["n"]:,.0f} events of {figures["tickets"]:,.0f} tickets, all opened after the
{figures["tickets_learnt"]:,.0f} in training were closed). The
night publishes no such figure; this measures the learner on ticket events. The data have a single customer, so the
customer of the next ticket cannot be predicted from them.

| | mean absolute error, days |
|---|---|
| XGBoost on the events so far | {figures["mae_model"]:.2f} |
| median after the same event and the same number of events | {figures["mae_usual"]:.2f} |
| median of all | {figures["mae_median"]:.2f} |
| mean of all | {figures["mae_mean"]:.2f} |

Better than the usual time after the same event by {figures["gain"]:.2f} days
(95 % {figures["gain_low"]:.2f} to {figures["gain_high"]:.2f}, tickets resampled).
"""
