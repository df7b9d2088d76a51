"""Behaviour in time over sorted arrays: runs without a pause, many lines in a short while, success after failures.

All arrays have one element a line and are sorted by (key, time, place of the line); times are microseconds. Every
function returns the mask of the lines that belong to a qualifying group.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def sessions(keys: NDArray[np.integer], times: Ints, gap: int, lines: int, paths: Ints | None, distinct: int) -> Mask:
    """Lines of runs of one key in which no pause is longer than `gap`, with enough lines and distinct `paths`."""
    if len(times) == 0:
        return np.zeros(0, dtype=np.bool_)
    pauses = np.ones(len(times), dtype=np.bool_)
    pauses[1:] = (keys[1:] != keys[:-1]) | (times[1:] - times[:-1] > gap)
    run = np.cumsum(pauses) - 1
    enough = np.bincount(run) >= lines
    if paths is not None:
        enough &= _distinct(run, paths, len(enough)) >= distinct
    return np.asarray(enough[run])


def _distinct(run: Ints, paths: Ints, runs: int) -> Ints:
    pairs = np.unique(run * (int(paths.max()) + 1) + paths)
    return np.bincount(pairs // (int(paths.max()) + 1), minlength=runs)


def bursts(keys: NDArray[np.integer], times: Ints, width: int, lines: int) -> Mask:
    """Lines of one key that lie in any stretch shorter than `width` which holds at least `lines` of them."""
    reach = max(lines, 1) - 1
    starts = max(len(times) - reach, 0)
    begins = (keys[reach:] == keys[:starts]) & (times[reach:] - times[:starts] < width)
    change = np.zeros(len(times) + 1, dtype=np.int32)
    change[:starts] += begins
    change[reach + 1 : reach + 1 + starts] -= begins
    return np.asarray(np.cumsum(change[:-1]) > 0)


def sequence(keys: NDArray[np.integer], times: Ints, failed: Mask, within: int, lines: int) -> Mask:
    """Lines that did not fail, before which the same key failed at least `lines` times within the time.

    A line that is in both roles occurs twice, as success first: it never precedes itself.
    """
    failures = np.flatnonzero(failed)
    if len(failures) < lines:
        return np.zeros(len(times), dtype=np.bool_)
    nth_last = np.cumsum(failed) - lines  # place among the failures of the oldest one that is needed
    oldest = failures[np.clip(nth_last, 0, len(failures) - 1)]
    near = (keys[oldest] == keys) & (times - times[oldest] <= within)
    return np.asarray(~failed & (nth_last >= 0) & near)
