"""Satisfaction: what moves the score, and what lowered the scores of dissatisfied customers."""
