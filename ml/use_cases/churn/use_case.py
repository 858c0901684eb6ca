"""Churn risk and its reasons (E1, E2)."""

from ml.use_case import Model, UseCase, Watched
from ml.use_cases.churn.features import NAME, churn_target
from ml.use_cases.churn.register import prepare
from ml.use_cases.churn.score import score
from ml.use_cases.churn.tables import CHURN, CHURN_REASONS

USE_CASE = UseCase(
    "churn", (CHURN, CHURN_REASONS), score, (Model(NAME, prepare, Watched(churn_target, CHURN, "churn_probability")),)
)
