"""Who is about to leave, and why (E1, E2)."""

from ml.churn.features import NAME, churn_target
from ml.churn.register import prepare
from ml.churn.score import score
from ml.churn.tables import CHURN, CHURN_REASONS
from ml.use_case import Model, UseCase, Watched

USE_CASE = UseCase(
    "churn", (CHURN, CHURN_REASONS), score, (Model(NAME, prepare, Watched(churn_target, CHURN, "churn_probability")),)
)
