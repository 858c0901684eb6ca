"""What customers talk about, and what suddenly more of them do (B8)."""

from ml.topics.score import score
from ml.topics.tables import HOT_TOPICS, TOPIC_TERMS
from ml.use_case import UseCase

USE_CASE = UseCase("topics", (HOT_TOPICS, TOPIC_TERMS), score)
