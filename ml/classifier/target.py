"""What a classifier foretells, of whom, and what a right guess is worth: all that a use case has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ml.profit import PUBLISHED, Campaign
from warehouse.core.configuration import Config

#: Columns of `customer_features` that say who, when or what for, not how the customer is.
NOT_FEATURES = ("customer_key", "as_of", "has_active_subscription", "has_ordered", "expected_value_cents")
#: Attributes that every company may have; its own are those of `rapport.yml`.
PROFILE = ("region", "segment", "country", "language", "acquisition_channel", "is_vip", "plan", "product")


@dataclass(frozen=True)
class Words:
    """How people speak of it: "<meaning>" completes "the probability that ..."; the rest names both kinds."""

    meaning: str
    positives: str = "positives"
    negatives: str = "negatives"
    happened: str = "share that came true"


@dataclass(frozen=True)
class Economics:
    """What contacting is worth: a contact costs `contact_cost_cents`, and saves `saved_share` of the value of a
    positive; at most `budget` customers a night can be contacted. `campaign` is what expected maximum profit assumes.
    """

    contact_cost_cents: float
    saved_share: float
    budget: int
    campaign: Campaign = PUBLISHED


@dataclass(frozen=True)
class Target:
    """The label of one classifier.

    `labels` is a table of `lake/features` with the columns `customer_key, as_of, <label>, known_from` and, where
    several targets share the table, `definition`; a row of it is one customer who was in question on one past night.
    `snapshots` are the nights that may be learnt from; a label counts once `known_from` lies `embargo_days` back.
    `horizon_days` is how far the label looks ahead. `attribute` is the label instead where the company brings it as a
    column: (name, value of the positives); then there is no table and no looking ahead.
    `eligible` and `value_cents` are SQL on `features`: who is in question on a night, and what is lost with whom.
    `signs` says of features known to speak for it (+1) or against it (-1) the more there is of them.
    `acknowledged` are features that may decide alone although that looks like a leak; `acknowledge_in` is where the
    configuration says so.
    """

    name: str
    words: Words
    snapshots: tuple[date, ...]
    horizon_days: int
    economics: Economics
    labels: str = ""
    label: str = "label"
    definition: str = ""
    embargo_days: int = 0
    attribute: tuple[str, str] | None = None
    features: str = "customer_features"
    eligible: str = "true"
    value_cents: str = "coalesce(expected_value_cents, 0)"
    excluded: tuple[str, ...] = NOT_FEATURES
    attributes: tuple[str, ...] = ()
    signs: Mapping[str, int] = field(default_factory=dict)
    acknowledged: tuple[str, ...] = ()
    acknowledge_in: str = ""


def attribute_names(config: Config) -> tuple[str, ...]:
    """Attributes that may be features: the company's own and the common ones, never the label."""
    customers = config.mapping("crm.customers")
    names = [*(customers.attributes if customers else ()), *PROFILE]
    return tuple(name for name in names if name != config.churn.label_attribute)
