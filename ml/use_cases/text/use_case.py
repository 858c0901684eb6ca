"""Sentiment of texts and of the aspects that they name (B7)."""

from ml.use_case import Model, UseCase
from ml.use_cases.text.register import NAME, prepare
from ml.use_cases.text.score import score
from ml.use_cases.text.tables import TABLES

USE_CASE = UseCase("text", TABLES, score, (Model(NAME, prepare),))
