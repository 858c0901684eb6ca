"""Which groups of customers there are (D2)."""

from ml.use_case import Model, UseCase
from ml.use_cases.personas.register import NAME, prepare
from ml.use_cases.personas.score import score
from ml.use_cases.personas.tables import CUSTOMER_PERSONAS

USE_CASE = UseCase("personas", (CUSTOMER_PERSONAS,), score, (Model(NAME, prepare),))
