"""Monitoring of the champions (F5)."""

from ml.use_case import UseCase
from ml.use_cases.monitoring.score import score
from ml.use_cases.monitoring.tables import MODEL_MONITORING

USE_CASE = UseCase("monitoring", (MODEL_MONITORING,), score, reads_scores=True)
