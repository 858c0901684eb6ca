"""What contacting really changed, from every recorded random assignment, and for whom it changes most."""
