"""The score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable, stamp_columns

CUSTOMER_PERSONAS = ScoreTable(
    "customer_personas",
    pa.schema(
        [
            ("customer_key", pa.string()),
            ("as_of", pa.date32()),
            ("persona_id", pa.int64()),
            ("persona_en", pa.string()),
            ("persona_zh", pa.string()),
            ("profile_en", pa.string()),
            ("profile_zh", pa.string()),
            ("distance", pa.float64()),
            ("silhouette", pa.float64()),
            ("persona_share", pa.float64()),
            ("persona_count", pa.int64()),
            *stamp_columns(),
        ]
    ),
)
