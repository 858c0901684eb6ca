"""Score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

CONTACT_FORECAST = ScoreTable(
    "contact_forecast",
    pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("ticket_probability_48h", pa.float64()),
            ("complaint_probability_7d", pa.float64()),
            ("contact_rank", pa.int64()),
            ("is_within_budget", pa.bool_()),
            ("likely_category", pa.string()),
            ("category_probability", pa.float64()),
            *stamp_columns(),
            ("complaint_model_version", pa.string()),
            ("complaint_run_id", pa.string()),
        ]
    ),
)
