"""Future value of each customer (D4)."""

from ml.use_case import Model, UseCase
from ml.use_cases.value.register import CONTRACTS, PURCHASES, prepare_contracts, prepare_purchases
from ml.use_cases.value.score import score
from ml.use_cases.value.tables import CUSTOMER_VALUE

USE_CASE = UseCase(
    "value", (CUSTOMER_VALUE,), score, (Model(PURCHASES, prepare_purchases), Model(CONTRACTS, prepare_contracts))
)
