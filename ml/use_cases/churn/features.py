"""The definition of churn: label, eligible customers, and value lost with a customer."""

from __future__ import annotations

from datetime import date

from ml.classifier.target import Economics, Target, Words, attribute_names
from ml.lake import read_seed
from ml.profit import Campaign
from ml.reasons.causes import known_signs
from warehouse.core.calendar import training_snapshots
from warehouse.core.configuration import ChurnConfig
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings

NAME = "churn"
CAUSES = "churn_causes"
_ELIGIBLE = {"contract": "has_active_subscription", "lapse": "has_ordered"}


def churn_target(settings: Settings, as_of: date) -> Target:
    """Churn as `rapport.yml` defines it.

    Eligible customers by definition: `contract`, those with an active subscription; `lapse`, those with a paid order;
    `attribute`, all.

    Raises:
        ModelError: the definition is `attribute` and no attribute is named.
    """
    churn, retention = settings.config.churn, settings.config.retention
    return Target(
        name=NAME,
        words=Words(_meaning(churn), "leavers", "stayers", "share of leavers"),
        snapshots=tuple(training_snapshots(churn, as_of)),
        horizon_days=churn.horizon_days,
        economics=Economics(
            retention.contact_cost_cents,
            retention.save_share,
            retention.list_length,
            Campaign(**churn.campaign.model_dump()),
        ),
        labels="churn_labels",
        label="is_churned",
        definition=churn.definition,
        embargo_days=churn.embargo_days,
        attribute=_attribute(churn),
        eligible=_ELIGIBLE.get(churn.definition, "true"),
        attributes=attribute_names(settings.config),
        signs=known_signs(read_seed(settings, CAUSES)),
        acknowledged=tuple(churn.acknowledged_features),
        acknowledge_in="churn.acknowledged_features",
    )


def _attribute(churn: ChurnConfig) -> tuple[str, str] | None:
    if churn.definition != "attribute":
        return None
    if not churn.label_attribute or churn.label_value is None:
        raise ModelError("churn.definition is 'attribute': set churn.label_attribute and churn.label_value too")
    return churn.label_attribute, churn.label_value


def _meaning(churn: ChurnConfig) -> str:
    return {
        "contract": f"a running contract is cancelled within {churn.horizon_days} days",
        "lapse": f"a customer who has bought does not buy within {churn.horizon_days} days",
        "attribute": f"{churn.label_attribute} is {churn.label_value}",
    }[churn.definition]
