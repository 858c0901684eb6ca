"""Readouts of declared A/B tests."""
