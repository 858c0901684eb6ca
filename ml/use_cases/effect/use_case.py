"""Effects of contacts, and the customers they change most (E9)."""

from ml.use_case import Model, UseCase
from ml.use_cases.effect.register import NAME, prepare
from ml.use_cases.effect.score import score
from ml.use_cases.effect.tables import INTERVENTION_EFFECTS

USE_CASE = UseCase("effect", (INTERVENTION_EFFECTS,), score, (Model(NAME, prepare),))
