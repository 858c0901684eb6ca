"""Score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

CUSTOMER_VALUE = ScoreTable(
    "customer_value",
    pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("model", pa.string()),
            ("p_alive", pa.float64()),
            ("expected_purchases", pa.float64()),
            ("expected_purchase_cents", pa.float64()),
            ("expected_contract_months", pa.float64()),
            ("purchase_value_cents", pa.float64()),
            ("contract_value_cents", pa.float64()),
            ("value_cents", pa.float64()),
            ("value_decile", pa.int64()),
            ("previous_value_cents", pa.float64()),
            ("value_change_cents", pa.float64()),
            ("horizon_months", pa.int64()),
            *stamp_columns(),
        ]
    ),
)
