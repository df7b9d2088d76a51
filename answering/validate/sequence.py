"""SEQUENCE: a line of one selection is followed by one of another from the same address."""

import numpy as np
from numpy.typing import NDArray

from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, NO_OTHER_SIDE, canonical, judge, unverifiable
from core.claim import Claim, Verdict
from core.event import IP, TIME
from core.selector import Selector
from stores.second_columns import NO_NUMBER

FOLLOWED, NOT_FOLLOWED = "followed", "not_followed"


def check_sequence(claim: Claim, recount: Recount) -> Verdict:
    """`followed`: later by time, or further down in the same source at the same instant.

    Lines without a time or an address follow nothing. A side without lines makes it neither true nor false.
    """
    if claim.against is None:
        return unverifiable(claim, recount, NO_OTHER_SIDE)
    sides = canonical(claim), claim.against
    if not all(len(recount.second.rows(side)) for side in sides):
        return unverifiable(claim, recount, NO_LINES)
    here, there = (_known(recount, side) for side in sides)
    first = _earliest(here)
    late = there[np.isin(there[:, 0], here[:, 0])]
    begin = first[np.searchsorted(first[:, 0], late[:, 0])] if len(late) else late
    later = bool((late[:, 1] > begin[:, 1]).any()) or _same_instant(here, there)
    return judge(claim, FOLLOWED if later else NOT_FOLLOWED, recount)


def _known(recount: Recount, selector: Selector) -> NDArray[np.int64]:
    """(address code, time, source, key) of the lines that have an address and a time."""
    columns, rows = recount.second.columns, recount.second.rows(selector)
    found = np.stack(
        [
            columns.coded(IP).codes[rows].astype(np.int64),
            columns.integers(TIME)[rows].astype(np.int64),
            columns.source_numbers()[rows].astype(np.int64),
            columns.keys[rows].astype(np.int64),
        ],
        axis=1,
    )
    return np.asarray(found[(found[:, 0] >= 0) & (found[:, 1] != NO_NUMBER)])


def _earliest(lines: NDArray[np.int64]) -> NDArray[np.int64]:
    """The earliest line of each address, by address."""
    ordered = lines[np.lexsort((lines[:, 1], lines[:, 0]))]
    _, first = np.unique(ordered[:, 0], return_index=True)
    return np.asarray(ordered[first])


def _same_instant(here: NDArray[np.int64], there: NDArray[np.int64]) -> bool:
    """Whether a line there stands below one here of the same address, instant and source."""
    lowest: dict[tuple[int, ...], int] = {}
    common = np.intersect1d(here[:, 1], there[:, 1])
    for address, time, source, key in here[np.isin(here[:, 1], common)].tolist():
        place = (address, time, source)
        lowest[place] = min(key, lowest.get(place, key))
    below = there[np.isin(there[:, 1], common)].tolist()
    return any(key > lowest.get((address, time, source), key) for address, time, source, key in below)
