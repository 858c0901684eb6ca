"""Anticipation: who is about to open a ticket or to complain, about what, and what to tell them first."""
