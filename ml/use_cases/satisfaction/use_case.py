"""Drivers of satisfaction (E4), and causes of low scores (E5)."""

from ml.drivers.model import NAME
from ml.use_case import Model, UseCase
from ml.use_cases.satisfaction.register import prepare
from ml.use_cases.satisfaction.score import score
from ml.use_cases.satisfaction.tables import ROOT_CAUSES, SATISFACTION_DRIVERS

USE_CASE = UseCase("satisfaction", (SATISFACTION_DRIVERS, ROOT_CAUSES), score, (Model(NAME, prepare),))
