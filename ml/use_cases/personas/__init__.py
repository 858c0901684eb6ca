"""Personas: groups of customers with similar behaviour."""
