"""The sentiment of texts: written by the use case `text`, also read by `topics`."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

TEXT_COLUMNS = [("text_id", pa.string()), ("as_of", pa.date32())]
PREDICTED_COLUMNS = [
    ("sentiment", pa.int64()),
    ("probability", pa.float64()),
    ("mean_sentiment", pa.float64()),
    ("text_hash", pa.string()),
    ("seeds_version", pa.string()),
    *stamp_columns(),
]

TEXT_SENTIMENT = ScoreTable(
    "text_sentiment",
    pa.schema(
        [
            *TEXT_COLUMNS,
            ("source", pa.string()),
            ("source_id", pa.string()),
            ("customer_key", pa.string()),
            ("occurred_at", pa.timestamp("us")),
            ("language", pa.string()),
            *PREDICTED_COLUMNS,
        ]
    ),
)
