"""Submit a churn model to its gate."""

from __future__ import annotations

from datetime import date

from ml.classifier import register
from ml.promotion import Submission
from ml.use_cases.churn.features import churn_target
from warehouse.core.settings import Settings


def prepare(settings: Settings, as_of: date) -> Submission:
    """Train and test on data known by `as_of`.

    Raises:
        ModelError: too little data to learn from.
    """
    return register.prepare(settings, as_of, churn_target(settings, as_of))
