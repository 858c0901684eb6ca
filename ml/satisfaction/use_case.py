"""What moves satisfaction (E4)."""

from ml.satisfaction.register import NAME, prepare
from ml.satisfaction.score import score
from ml.satisfaction.tables import SATISFACTION_DRIVERS
from ml.use_case import Model, UseCase

USE_CASE = UseCase("satisfaction", (SATISFACTION_DRIVERS,), score, (Model(NAME, prepare),))
