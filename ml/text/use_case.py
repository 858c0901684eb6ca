"""How texts feel, and about what (B7)."""

from ml.text.register import NAME, prepare
from ml.text.score import score
from ml.text.tables import TEXT_ASPECTS, TEXT_SENTIMENT
from ml.use_case import Model, UseCase

USE_CASE = UseCase("text", (TEXT_SENTIMENT, TEXT_ASPECTS), score, (Model(NAME, prepare),))
