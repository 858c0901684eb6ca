"""What contacting changed, and for whom most (E9)."""

from ml.effect.register import NAME, prepare
from ml.effect.score import score
from ml.effect.tables import INTERVENTION_EFFECTS
from ml.use_case import Model, UseCase

USE_CASE = UseCase("effect", (INTERVENTION_EFFECTS,), score, (Model(NAME, prepare),))
