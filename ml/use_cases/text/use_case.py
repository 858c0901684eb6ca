"""How texts feel, and about what (B7)."""

from ml.use_case import Model, UseCase
from ml.use_cases.text.register import NAME, prepare
from ml.use_cases.text.score import score
from ml.use_cases.text.tables import TEXT_ASPECTS, TEXT_SENTIMENT

USE_CASE = UseCase("text", (TEXT_SENTIMENT, TEXT_ASPECTS), score, (Model(NAME, prepare),))
