"""Statistics of journeys that SQL is the wrong tool for: weights, knees and robust slopes with their intervals."""
