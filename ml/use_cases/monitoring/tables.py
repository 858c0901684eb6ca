"""Score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

MODEL_MONITORING = ScoreTable(
    "model_monitoring",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("model", pa.string()),
            ("check_code", pa.string()),
            ("subject", pa.string()),
            ("value", pa.float64()),
            ("reference_value", pa.float64()),
            ("threshold", pa.float64()),
            ("is_alert", pa.bool_()),
            ("row_count", pa.int64()),
            ("message_en", pa.string()),
            ("message_zh", pa.string()),
            *stamp_columns(),
        ]
    ),
)
