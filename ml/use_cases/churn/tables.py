"""Score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

CHURN = ScoreTable(
    "churn",
    pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("churn_probability", pa.float64()),
            ("risk_decile", pa.int64()),
            *stamp_columns(),
        ]
    ),
)

CHURN_REASONS = ScoreTable(
    "churn_reasons",
    pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("reason_rank", pa.int64()),
            ("reason_code", pa.string()),
            ("reason_en", pa.string()),
            ("reason_zh", pa.string()),
            ("contribution", pa.float64()),
            *stamp_columns(),
        ]
    ),
)
