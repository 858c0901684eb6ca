"""Rows that were kept out of the warehouse: why, whether they may come back, and how they are read.

rules: every rule of a contract as SQL. judging: which landed row breaks which rule. files: where entries are kept.
reading: what the user sees of them. Whether a night may go on is decided in `expectations.landed`.
"""

from warehouse.quarantine.reading import list_quarantine, show

__all__ = ["list_quarantine", "show"]
