"""What the declared tests say (E10)."""

from ml.experiments.score import score
from ml.experiments.tables import EXPERIMENT_READOUTS
from ml.use_case import UseCase

USE_CASE = UseCase("experiments", (EXPERIMENT_READOUTS,), score)
