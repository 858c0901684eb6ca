"""Churn: who is about to leave, how surely, and why."""
