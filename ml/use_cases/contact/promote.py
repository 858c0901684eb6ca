"""The gate of anticipation, beside that of every classifier: what last week's contacts tell already is not enough."""

from __future__ import annotations

from ml.use_cases.contact.evaluate import Comparison


def objections(comparison: Comparison) -> list[str]:
    """Why the model may not go live, in words; empty if it may.

    The precision of a short list is a matter of a few hits; so it must not be lower, or else the ranking of all
    customers must be better, than that of the naive list.
    """
    if comparison.precision > comparison.naive_precision or comparison.auc > comparison.naive_auc:
        return []
    return [
        f"it is no better than a ranking by last week's contacts: precision {comparison.precision:.1%} against "
        f"{comparison.naive_precision:.1%} among {comparison.budget}, AUC {comparison.auc:.3f} against "
        f"{comparison.naive_auc:.3f}"
    ]
