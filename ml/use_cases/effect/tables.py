"""Score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable

INTERVENTION_EFFECTS = ScoreTable(
    "intervention_effects",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("experiment_id", pa.string()),
            ("metric", pa.string()),
            ("is_primary", pa.bool_()),
            ("treatment_assigned_count", pa.int64()),
            ("control_assigned_count", pa.int64()),
            ("treatment_count", pa.int64()),
            ("control_count", pa.int64()),
            ("treatment_mean", pa.float64()),
            ("control_mean", pa.float64()),
            ("effect", pa.float64()),
            ("effect_low", pa.float64()),
            ("effect_high", pa.float64()),
            ("p_value", pa.float64()),
            ("planned_treatment_share", pa.float64()),
            ("sample_ratio_p_value", pa.float64()),
            ("treatment_contacted_share", pa.float64()),
            ("control_contacted_share", pa.float64()),
            ("contacted_effect", pa.float64()),
            ("contacted_effect_low", pa.float64()),
            ("contacted_effect_high", pa.float64()),
            ("smallest_effect", pa.float64()),
            ("power", pa.float64()),
            ("detectable_effect", pa.float64()),
            ("needed_count", pa.int64()),
            ("status", pa.string()),
            ("contacted_status", pa.string()),
            ("uplift_status", pa.string()),
            ("qini", pa.float64()),
            ("qini_low", pa.float64()),
            ("qini_high", pa.float64()),
            ("uplift_model_version", pa.string()),
        ]
    ),
)
