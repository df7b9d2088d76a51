"""Behaviour in time over sorted arrays: runs without a pause, many lines in a short while, success after failures.

All arrays have one element a line and are sorted by (key, time, place of the line); times are microseconds. A line
weighs as many events as it stands for ("message repeated 5 times"). Groups are numbered from 0; NO_GROUP is none.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NO_GROUP = -1


def sessions(keys: NDArray[np.integer], times: Ints, gap: int) -> Ints:
    """The number of each line's run of one key in which no pause is longer than `gap`."""
    if len(times) == 0:
        return np.zeros(0, dtype=np.int64)
    begins = np.ones(len(times), dtype=np.bool_)
    begins[1:] = (keys[1:] != keys[:-1]) | (times[1:] - times[:-1] > gap)
    return np.asarray(np.cumsum(begins) - 1)


def bursts(keys: NDArray[np.integer], times: Ints, width: int, lines: int) -> Mask:
    """Lines of one key that lie in any stretch shorter than `width` which holds at least `lines` of them."""
    reach = max(lines, 1) - 1
    starts = max(len(times) - reach, 0)
    begins = (keys[reach:] == keys[:starts]) & (times[reach:] - times[:starts] < width)
    change = np.zeros(len(times) + 1, dtype=np.int32)
    change[:starts] += begins
    change[reach + 1 : reach + 1 + starts] -= begins
    return np.asarray(np.cumsum(change[:-1]) > 0)


def stretches(keys: NDArray[np.integer], times: Ints, width: int, chosen: Mask) -> Ints:
    """The number of each chosen line's group: chosen lines of one key with no pause of `width` or more."""
    groups = np.full(len(times), NO_GROUP, dtype=np.int64)
    groups[chosen] = sessions(keys[chosen], times[chosen], width - 1)
    return groups


def weigh(groups: Ints, weights: Ints, counted: Mask) -> Ints:
    """The weight of the counted lines of each group."""
    chosen = counted & (groups != NO_GROUP)
    found = np.bincount(groups[chosen], weights=weights[chosen], minlength=_number_of(groups))
    return np.asarray(np.rint(found).astype(np.int64))


def variety(groups: Ints, values: Ints, counted: Mask) -> Ints:
    """How many different values the counted lines of each group have."""
    chosen = counted & (groups != NO_GROUP)
    if not chosen.any():
        return np.zeros(_number_of(groups), dtype=np.int64)
    span = int(values.max()) + 1
    pairs = np.unique(groups[chosen] * span + values[chosen])
    return np.asarray(np.bincount(pairs // span, minlength=_number_of(groups)))


def meanwhile(
    keys: NDArray[np.integer], times: Ints, groups: Ints, other_keys: NDArray[np.integer], other_times: Ints
) -> Ints:
    """How many others of its key (in any order) each group has between its first and its last line."""
    rows = np.flatnonzero(groups != NO_GROUP)
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    firsts = rows[np.flatnonzero(np.diff(groups[rows], prepend=NO_GROUP))]
    lasts = np.append(rows[np.searchsorted(rows, firsts[1:]) - 1], rows[-1])
    base = int(min(times.min(), other_times.min(initial=times.min())))
    span = int(max(times.max(), other_times.max(initial=times.max()))) - base + 1
    others = np.sort(other_keys.astype(np.int64) * span + (other_times - base))
    low = keys[firsts].astype(np.int64) * span + (times[firsts] - base)
    high = keys[lasts].astype(np.int64) * span + (times[lasts] - base)
    return np.asarray(np.searchsorted(others, high, side="right") - np.searchsorted(others, low))


def members(groups: Ints, qualifying: Mask) -> Mask:
    """Lines of the qualifying groups."""
    inside = groups != NO_GROUP
    mask = np.zeros(len(groups), dtype=np.bool_)
    mask[inside] = qualifying[groups[inside]]
    return mask


def _number_of(groups: Ints) -> int:
    return int(groups.max()) + 1 if len(groups) else 0


def sequence(
    keys: NDArray[np.integer], times: Ints, failed: Mask, within: int, lines: int, weights: Ints, share: float
) -> Mask:
    """Lines that did not fail, before which the same key failed at least `lines` times within the time.

    Where other successes in that time are more than `share` of the failures, people are at work, and nothing follows
    from one more. A line that is in both roles occurs twice, as success first: it never precedes itself.
    """
    total = np.concatenate(([0], np.cumsum(np.where(failed, weights, 0))))
    worked = np.concatenate(([0], np.cumsum(~failed)))
    starts = _starts(keys, times, within)
    places = np.arange(len(times))
    failures, successes = total[places] - total[starts], worked[places] - worked[starts]
    return np.asarray(~failed & (failures >= lines) & (successes <= share * failures))


def _starts(keys: NDArray[np.integer], times: Ints, within: int) -> Ints:
    """For each line the first line of its key that is at most `within` older."""
    if len(times) == 0:
        return np.zeros(0, dtype=np.int64)
    base = int(times.min())
    span = int(times.max()) - base + within + 1
    spread = keys.astype(np.int64) * span + (times - base)
    first_of_key = np.searchsorted(keys, keys)
    return np.asarray(np.maximum(np.searchsorted(spread, spread - within), first_of_key))
