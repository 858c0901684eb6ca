"""Put a churn model before the gate."""

from __future__ import annotations

from datetime import date

from ml.classifier import register
from ml.promotion import Submission
from ml.use_cases.churn.features import churn_target
from warehouse.core.settings import Settings


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and evaluate on what was known by `as_of`.

    Raises:
        ModelError: where there is too little to learn from.
    """
    return register.prepare(settings, as_of, churn_target(settings, as_of))
