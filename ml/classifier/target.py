"""What a classifier predicts, for which customers, and the value of a correct prediction: the input of a use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ml.profit import PUBLISHED, Campaign
from warehouse.core.configuration import Config

#: Columns of `customer_features` that identify or select rows and are no features.
NOT_FEATURES = ("customer_key", "as_of", "has_active_subscription", "has_ordered", "expected_value_cents")
#: Attributes that any company may have; `rapport.yml` names the company's own.
PROFILE = ("region", "segment", "country", "language", "acquisition_channel", "is_vip", "plan", "product")


@dataclass(frozen=True)
class Words:
    """Words of a target: `meaning` completes "the probability that ..."; the others name classes and outcome."""

    meaning: str
    positives: str = "positives"
    negatives: str = "negatives"
    observed: str = "observed share"


@dataclass(frozen=True)
class Economics:
    """Value of contacts: a contact costs `contact_cost_cents` and saves `saved_share` of the value of a positive.

    At most `budget` customers can be contacted per night. `campaign` holds the assumptions of expected maximum profit.
    """

    contact_cost_cents: float
    saved_share: float
    budget: int
    campaign: Campaign = PUBLISHED


@dataclass(frozen=True)
class Target:
    """The label of one classifier, its population and its economics.

    Attributes:
        name: name of the model.
        words: how the target is described to users.
        snapshots: nights to learn from.
        horizon_days: number of days after the snapshot that the label covers.
        economics: value of contacts.
        labels: table of `lake/features`, one row per eligible customer and snapshot, with the columns `customer_key`,
            `as_of`, `<label>`, `known_from` and, if several targets share the table, `definition`.
        label: label column.
        definition: selects the rows of this target.
        embargo_days: days that must pass after `known_from` before a label counts.
        attribute: (name, value of the positives) if the company brings the label as a column; then there is no table
            of labels and no horizon.
        features: table of features.
        eligible: SQL on `features` that selects the customers to score.
        value_cents: SQL on `features`, the value lost with a customer.
        excluded: columns of `features` that are no features.
        attributes: attributes that are features.
        signs: +1 for features whose growth can only raise the probability, -1 for those whose growth can only lower it.
        acknowledged: features that the gate does not refuse as a leak, however strong they are alone.
        acknowledge_in: the place in the configuration where features are acknowledged.
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
    """Attributes that may be features: the company's own and the common ones, without the label."""
    customers = config.mapping("crm.customers")
    names = [*(customers.attributes if customers else ()), *PROFILE]
    return tuple(name for name in names if name != config.churn.label_attribute)
