"""Why NPS, CSAT and churn risk changed (E6)."""

from ml.use_case import UseCase
from ml.use_cases.movement.score import score
from ml.use_cases.movement.tables import METRIC_MOVEMENTS

USE_CASE = UseCase("movement", (METRIC_MOVEMENTS,), score)
