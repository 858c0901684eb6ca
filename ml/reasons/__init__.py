"""Reasons in words: features grouped by cause, and the causes that push a customer towards an outcome."""
