"""Contact forecast: tickets and complaints of the next days, and their likely category."""
