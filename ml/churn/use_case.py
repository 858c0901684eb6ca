"""Who is about to leave, and why (E1, E2)."""

from ml.churn.features import NAME
from ml.churn.register import prepare
from ml.churn.score import score
from ml.churn.tables import CHURN, CHURN_REASONS
from ml.use_case import Model, UseCase

USE_CASE = UseCase("churn", (CHURN, CHURN_REASONS), score, (Model(NAME, prepare),))
