"""What each touchpoint weighs, how long is too long, and what a broken promise costs (B5, B6, C4)."""

from ml.journey.score import score
from ml.journey.tables import PROMISE_SLOPES, RESPONSE_TIME_FITS, TOUCHPOINT_WEIGHTS
from ml.use_case import UseCase

USE_CASE = UseCase("journey", (TOUCHPOINT_WEIGHTS, RESPONSE_TIME_FITS, PROMISE_SLOPES), score)
