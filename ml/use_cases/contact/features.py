"""The targets of the forecast: a ticket within 48 hours and a complaint within 7 days, for all customers."""

from __future__ import annotations

from datetime import date

from ml.classifier.target import Economics, Target, Words, attribute_names
from ml.lake import read_thresholds
from warehouse.core.calendar import CONTACT_HORIZON_DAYS, contact_snapshots
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

TICKET, COMPLAINT = "contact_ticket", "contact_complaint"
THRESHOLDS = "contact_thresholds"


def ticket_target(settings: Settings, as_of: date) -> Target:
    """A ticket within 48 hours.

    Raises:
        ModelError: the company has no tickets.
    """
    words = Words("a customer opens a ticket within 48 hours", "callers", "others", "share with a ticket")
    return _target(settings, as_of, TICKET, "has_ticket_within_48h", words)


def complaint_target(settings: Settings, as_of: date) -> Target:
    """A complaint within 7 days.

    Raises:
        ModelError: the company has no tickets.
    """
    words = Words("a customer complains within 7 days", "complainers", "others", "share with a complaint")
    return _target(settings, as_of, COMPLAINT, "has_complaint_within_7d", words)


def _target(settings: Settings, as_of: date, name: str, label: str, words: Words) -> Target:
    snapshots = contact_snapshots(settings.config, as_of)
    if not snapshots:
        raise ModelError("there are no tickets: map ticket.tickets in the configuration")
    numbers = read_thresholds(settings, THRESHOLDS)
    return Target(
        name=name,
        words=words,
        snapshots=tuple(snapshots),
        horizon_days=CONTACT_HORIZON_DAYS,
        economics=Economics(
            numbers["message_cost_cents"], numbers["prevented_share"], settings.config.retention.list_length
        ),
        labels="contact_labels",
        label=label,
        value_cents=str(numbers[f"{name.removeprefix('contact_')}_cost_cents"]),
        attributes=attribute_names(settings.config),
    )
