"""Why NPS, CSAT and churn risk moved (E6)."""

from ml.movement.score import score
from ml.movement.tables import METRIC_MOVEMENTS
from ml.use_case import UseCase

USE_CASE = UseCase("movement", (METRIC_MOVEMENTS,), score)
