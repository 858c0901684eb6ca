"""What moves satisfaction (E4), and what lowered the score of those who were dissatisfied (E5)."""

from ml.use_case import Model, UseCase
from ml.use_cases.satisfaction.register import NAME, prepare
from ml.use_cases.satisfaction.score import score
from ml.use_cases.satisfaction.tables import ROOT_CAUSES, SATISFACTION_DRIVERS

USE_CASE = UseCase("satisfaction", (SATISFACTION_DRIVERS, ROOT_CAUSES), score, (Model(NAME, prepare),))
