"""Text: how each comment, message and post feels, and about what."""
