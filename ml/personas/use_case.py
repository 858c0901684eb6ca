"""Which kinds of customers there are (D2)."""

from ml.personas.register import NAME, prepare
from ml.personas.score import score
from ml.personas.tables import CUSTOMER_PERSONAS
from ml.use_case import Model, UseCase

USE_CASE = UseCase("personas", (CUSTOMER_PERSONAS,), score, (Model(NAME, prepare),))
