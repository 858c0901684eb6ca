"""Personas: kinds of customers by what they do."""
