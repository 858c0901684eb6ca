"""Churn: the risk that a customer leaves, and its reasons."""
