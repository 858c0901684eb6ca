"""An additional gate of the forecast: it must be better than a list of last week's contacts."""

from __future__ import annotations

from ml.use_cases.contact.evaluate import Comparison


def objections(comparison: Comparison) -> list[str]:
    """Why the model may not go live, in words; empty if it may.

    A short list has few hits, so its precision is uncertain: a higher precision or a higher AUC over all customers than
    those of the naive list is enough.
    """
    if comparison.precision > comparison.naive_precision or comparison.auc > comparison.naive_auc:
        return []
    return [
        f"it is no better than a ranking by last week's contacts: precision {comparison.precision:.1%} against "
        f"{comparison.naive_precision:.1%} among {comparison.budget}, AUC {comparison.auc:.3f} against "
        f"{comparison.naive_auc:.3f}"
    ]
