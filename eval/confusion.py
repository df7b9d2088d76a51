"""Which true type was reported as what: lines per (true, reported), with rows and columns for "nothing"."""

from collections import Counter
from collections.abc import Iterable, Mapping

from eval.judge import Judge

BENIGN = "benign"
"""The true type of a line on which every finding is a false alarm."""
NONE = "none"
"""What was reported for a line about which nothing was."""

Confusion = Mapping[tuple[str, str], int]


def confusion_of(judge: Judge) -> Confusion:
    """Lines per (true type, reported type) of one case; a line of two types counts in a cell for each.

    A line for which a type that the truth accepts was reported counts under the true type: it is right. Benign lines
    that were left alone are one number, (`benign`, `none`).
    """
    cells: Counter[tuple[str, str]] = Counter()
    for ref, incidents in judge.incidents.items():
        said = judge.at.get(ref, set())
        wrong = {str(kind) for kind in said if not any(one.accepts(kind) for one in incidents)}
        for true in {one.type for one in incidents}:
            right = any(judge.found(one, ref) for one in incidents if one.type == true)
            cells.update((true, kind) for kind in wrong)
            if right:
                cells[true, true] += 1
            elif not wrong:
                cells[true, NONE] += 1
    for ref in judge.at:
        if judge.is_benign(ref):
            cells.update((BENIGN, str(kind)) for kind in judge.at[ref])
    cells[BENIGN, NONE] = judge.benign_total() - sum(judge.is_benign(ref) for ref in judge.at)
    return {cell: lines for cell, lines in sorted(cells.items()) if lines}


def summed(confusions: Iterable[Confusion]) -> Confusion:
    """All cases together."""
    total: Counter[tuple[str, str]] = Counter()
    for confusion in confusions:
        total.update(confusion)
    return dict(sorted(total.items()))
