"""Text: the sentiment of each comment, message and post, and of the aspects it names."""
