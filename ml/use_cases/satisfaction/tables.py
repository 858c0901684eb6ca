"""The score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

SATISFACTION_DRIVERS = ScoreTable(
    "satisfaction_drivers",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("dimension", pa.string()),
            ("dimension_value", pa.string()),
            ("segment", pa.string()),
            ("outcome", pa.string()),
            ("driver_code", pa.string()),
            ("driver_en", pa.string()),
            ("driver_zh", pa.string()),
            ("importance_share", pa.float64()),
            ("share_low", pa.float64()),
            ("share_high", pa.float64()),
            ("effect", pa.float64()),
            ("effect_low", pa.float64()),
            ("effect_high", pa.float64()),
            ("effect_per", pa.string()),
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

ROOT_CAUSES = ScoreTable(
    "root_causes",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("scope", pa.string()),
            ("customer_key", pa.string()),
            ("response_id", pa.string()),
            ("segment", pa.string()),
            ("week_start", pa.date32()),
            ("outcome", pa.string()),
            ("score", pa.float64()),
            ("cause_rank", pa.int64()),
            ("cause_code", pa.string()),
            ("cause_en", pa.string()),
            ("cause_zh", pa.string()),
            ("contribution", pa.float64()),
            ("cause_share", pa.float64()),
            ("response_count", pa.int64()),
            ("is_reportable", pa.bool_()),
            *stamp_columns(),
        ]
    ),
)
