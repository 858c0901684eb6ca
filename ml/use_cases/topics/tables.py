"""The score tables of this use case."""

from __future__ import annotations

import pyarrow as pa

from ml.lake import ScoreTable

#: `metric_date` is the night. A topic keeps its id while its terms stay similar.
HOT_TOPICS = ScoreTable(
    "hot_topics",
    pa.schema(
        [
            ("topic_id", pa.string()),
            ("as_of", pa.date32()),
            ("metric_date", pa.date32()),
            ("language", pa.string()),
            ("topic_name", pa.string()),
            ("terms", pa.string()),
            ("first_seen_on", pa.date32()),
            ("is_new", pa.bool_()),
            ("window_days", pa.int64()),
            ("mention_count", pa.int64()),
            ("expected_count", pa.float64()),
            ("baseline_days", pa.int64()),
            ("baseline_count", pa.int64()),
            ("volume_ratio", pa.float64()),
            ("p_value", pa.float64()),
            ("q_value", pa.float64()),
            ("is_burst", pa.bool_()),
            ("false_alarm_rate", pa.float64()),
            ("customer_count", pa.int64()),
            ("value_exposed_cents", pa.float64()),
            ("mean_sentiment", pa.float64()),
            ("negative_share", pa.float64()),
            ("quote_1", pa.string()),
            ("quote_2", pa.string()),
            ("quote_3", pa.string()),
            ("is_reportable", pa.bool_()),
        ]
    ),
)

#: Terms of earlier topics and when each was first and last seen. Read by the next run of this use case only.
TOPIC_TERMS = ScoreTable(
    "topic_terms",
    pa.schema(
        [
            ("topic_id", pa.string()),
            ("as_of", pa.date32()),
            ("language", pa.string()),
            ("term", pa.string()),
            ("weight", pa.float64()),
            ("first_seen_on", pa.date32()),
            ("last_seen_on", pa.date32()),
        ]
    ),
)
