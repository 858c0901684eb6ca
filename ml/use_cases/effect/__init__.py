"""Effects of contacts from every recorded random assignment, and the customers they change most."""
