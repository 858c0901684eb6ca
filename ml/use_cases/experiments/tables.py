"""Score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable

EXPERIMENT_READOUTS = ScoreTable(
    "experiment_readouts",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("experiment_id", pa.string()),
            ("metric", pa.string()),
            ("treatment_count", pa.int64()),
            ("control_count", pa.int64()),
            ("treatment_mean", pa.float64()),
            ("control_mean", pa.float64()),
            ("effect", pa.float64()),
            ("effect_low", pa.float64()),
            ("effect_high", pa.float64()),
            ("p_value", pa.float64()),
            ("sample_ratio_p_value", pa.float64()),
            ("is_sample_ratio_kept", pa.bool_()),
            ("power", pa.float64()),
            ("information_share", pa.float64()),
            ("z_value", pa.float64()),
            ("z_boundary", pa.float64()),
            ("needed_count", pa.int64()),
            ("decision", pa.string()),
        ]
    ),
)
