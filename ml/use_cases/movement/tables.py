"""The score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable

METRIC_MOVEMENTS = ScoreTable(
    "metric_movements",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("metric", pa.string()),
            ("segment", pa.string()),
            ("days", pa.int64()),
            ("before_from", pa.date32()),
            ("before_to", pa.date32()),
            ("after_from", pa.date32()),
            ("after_to", pa.date32()),
            ("part", pa.string()),
            ("part_code", pa.string()),
            ("part_en", pa.string()),
            ("part_zh", pa.string()),
            ("contribution", pa.float64()),
            ("value_before", pa.float64()),
            ("value_after", pa.float64()),
            ("change", pa.float64()),
            ("count_before", pa.int64()),
            ("count_after", pa.int64()),
            ("is_reportable", pa.bool_()),
            ("model_version_before", pa.string()),
            ("model_version_after", pa.string()),
        ]
    ),
)
