"""Satisfaction drivers: what moves the score, how much, and which way."""
