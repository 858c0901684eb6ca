"""Weights of touchpoints, tolerated response times, and the cost of broken promises (B5, B6, C4)."""

from ml.use_case import UseCase
from ml.use_cases.journey.score import score
from ml.use_cases.journey.tables import PROMISE_SLOPES, RESPONSE_TIME_FITS, TOUCHPOINT_WEIGHTS

USE_CASE = UseCase("journey", (TOUCHPOINT_WEIGHTS, RESPONSE_TIME_FITS, PROMISE_SLOPES), score)
