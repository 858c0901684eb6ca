"""What moves satisfaction (E4), and what lowered the score of those who were dissatisfied (E5)."""

from ml.satisfaction.register import NAME, prepare
from ml.satisfaction.score import score
from ml.satisfaction.tables import ROOT_CAUSES, SATISFACTION_DRIVERS
from ml.use_case import Model, UseCase

USE_CASE = UseCase("satisfaction", (SATISFACTION_DRIVERS, ROOT_CAUSES), score, (Model(NAME, prepare),))
