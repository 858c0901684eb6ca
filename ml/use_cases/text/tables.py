"""What this use case writes every night."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

_TEXT = [("text_id", pa.string()), ("as_of", pa.date32())]
_SAID = [
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
            *_TEXT,
            ("source", pa.string()),
            ("source_id", pa.string()),
            ("customer_key", pa.string()),
            ("occurred_at", pa.timestamp("us")),
            ("language", pa.string()),
            *_SAID,
        ]
    ),
)

TEXT_ASPECTS = ScoreTable(
    "text_aspects",
    pa.schema(
        [
            *_TEXT,
            ("aspect_code", pa.string()),
            ("customer_key", pa.string()),
            ("occurred_at", pa.timestamp("us")),
            ("clause_count", pa.int64()),
            *_SAID,
        ]
    ),
)
