"""The score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable
from ml.texts.tables import PREDICTED_COLUMNS, TEXT_COLUMNS, TEXT_SENTIMENT

TEXT_ASPECTS = ScoreTable(
    "text_aspects",
    pa.schema(
        [
            *TEXT_COLUMNS,
            ("aspect_code", pa.string()),
            ("customer_key", pa.string()),
            ("occurred_at", pa.timestamp("us")),
            ("clause_count", pa.int64()),
            *PREDICTED_COLUMNS,
        ]
    ),
)
TABLES = (TEXT_SENTIMENT, TEXT_ASPECTS)
