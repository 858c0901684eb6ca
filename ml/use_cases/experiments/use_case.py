"""Readouts of declared A/B tests (E10)."""

from ml.use_case import UseCase
from ml.use_cases.experiments.score import score
from ml.use_cases.experiments.tables import EXPERIMENT_READOUTS

USE_CASE = UseCase("experiments", (EXPERIMENT_READOUTS,), score)
