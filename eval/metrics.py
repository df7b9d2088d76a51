"""Pure reductions over counters; None means "no data" and is never shown or summed as zero."""


def ratio(part: int, whole: int) -> float | None:
    """Share `part / whole`; None when there is nothing to share."""
    return part / whole if whole else None


def f1(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean; a missing side is no data only when both are missing.

    Something was expected and nothing reported (or the reverse) is a miss, hence 0.
    """
    if precision is None and recall is None:
        return None
    if not precision or not recall:
        return 0.0
    return 2 * precision * recall / (precision + recall)


def per_thousand(part: int, whole: int) -> float | None:
    """Rate of `part` in a thousand of `whole`; None when there is no whole."""
    return 1000 * part / whole if whole else None
