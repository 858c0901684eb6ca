"""Whether the live models are still to be believed (F5)."""

from ml.monitoring.score import score
from ml.monitoring.tables import MODEL_MONITORING
from ml.use_case import UseCase

USE_CASE = UseCase("monitoring", (MODEL_MONITORING,), score, reads_scores=True)
