"""Topics that customers talk about, and topics that suddenly grow (B8)."""

from ml.use_case import UseCase
from ml.use_cases.topics.score import score
from ml.use_cases.topics.tables import HOT_TOPICS, TOPIC_TERMS

USE_CASE = UseCase("topics", (HOT_TOPICS, TOPIC_TERMS), score)
