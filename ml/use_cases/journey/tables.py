"""The score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable

TOUCHPOINT_WEIGHTS = ScoreTable(
    "touchpoint_weights",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("touchpoint", pa.string()),
            ("weight", pa.float64()),
            ("weight_low", pa.float64()),
            ("weight_high", pa.float64()),
            ("penalty", pa.float64()),
            ("penalty_low", pa.float64()),
            ("penalty_high", pa.float64()),
            ("reward", pa.float64()),
            ("reward_low", pa.float64()),
            ("reward_high", pa.float64()),
            ("met_answer_count", pa.int64()),
            ("bad_answer_count", pa.int64()),
            ("good_answer_count", pa.int64()),
            ("answer_count", pa.int64()),
            ("explained_share", pa.float64()),
        ]
    ),
)

RESPONSE_TIME_FITS = ScoreTable(
    "response_time_fits",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("outcome", pa.string()),
            ("case_count", pa.int64()),
            ("intercept", pa.float64()),
            ("slope_before", pa.float64()),
            ("slope_after", pa.float64()),
            ("slope_after_low", pa.float64()),
            ("slope_after_high", pa.float64()),
            ("knee_log", pa.float64()),
            ("knee_minutes", pa.float64()),
            ("knee_low", pa.float64()),
            ("knee_high", pa.float64()),
            ("has_knee", pa.bool_()),
            ("knee_p_value", pa.float64()),
            ("explained_share", pa.float64()),
        ]
    ),
)

PROMISE_SLOPES = ScoreTable(
    "promise_slopes",
    pa.schema(
        [
            ("as_of", pa.date32()),
            ("promise", pa.string()),
            ("touchpoint", pa.string()),
            ("segment", pa.string()),
            ("side", pa.string()),
            ("answer_count", pa.int64()),
            ("broken_answer_count", pa.int64()),
            ("unit_count", pa.int64()),
            ("unit_from", pa.float64()),
            ("unit_to", pa.float64()),
            ("slope", pa.float64()),
            ("slope_low", pa.float64()),
            ("slope_high", pa.float64()),
            ("plain_slope", pa.float64()),
            ("kept_score", pa.float64()),
            ("broken_score", pa.float64()),
            ("score_lost", pa.float64()),
            ("score_lost_low", pa.float64()),
            ("score_lost_high", pa.float64()),
            ("tolerated_units", pa.float64()),
        ]
    ),
)
