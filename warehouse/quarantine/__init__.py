"""Rows that are kept out of the warehouse: why, whether they may be released, and how users read them.

rules: every rule of a contract as SQL. row_checks: which landed row breaks which rule. state: the quarantine as one
night sees it. files: where entries are stored. reading: what users see. Whether a night may continue is decided in
`expectations.landed`.
"""

from warehouse.quarantine.reading import list_quarantine, show

__all__ = ["list_quarantine", "show"]
