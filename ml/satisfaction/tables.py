"""What this use case writes every night."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

SATISFACTION_DRIVERS = ScoreTable(
    "satisfaction_drivers",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("segment", pa.string()),
            ("outcome", pa.string()),
            ("driver_code", pa.string()),
            ("driver_en", pa.string()),
            ("driver_zh", pa.string()),
            ("importance_share", pa.float64()),
            ("share_low", pa.float64()),
            ("share_high", pa.float64()),
            ("effect", pa.float64()),
            ("direction", pa.string()),
            ("performance", pa.float64()),
            ("quadrant", pa.string()),
            ("response_count", pa.int64()),
            ("is_reportable", pa.bool_()),
            ("importance_rank", pa.int64()),
            *stamp_columns(),
        ]
    ),
)
