"""Signatures' hits, computed again: lines with a stored hit are scanned once more, from their stored columns."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pyarrow as pa

from core.event import BODY_BYTES, HIT_SCHEMA, IP, LINE, SOURCE, TIME
from core.key import Keys
from core.selector import Selector
from detection.condition import columns_of
from detection.hit_table import hit_table
from detection.scanner import Scanner
from detection.stored import SCANNED, records_of
from stores.lake import Lake

NEEDED = tuple(dict.fromkeys((SOURCE, LINE, TIME, IP, BODY_BYTES, *SCANNED)))
"""Columns that a scan of stored lines reads or that a hit repeats."""

BLOCK = 16_384
"""Stored lines fetched and scanned at a time, in the order they are stored: each file is read about once."""

THREADS = 1
"""All else has the other processor: a second thread would take memory and no less time."""


class Rescan:
    """The second scan of one snapshot; it can be started before anybody needs it, and runs beside all else then."""

    def __init__(self, lake: Lake, scanner: Scanner) -> None:
        self._lake, self._scanner = lake, scanner
        asked = frozenset[str]().union(*(columns_of(one) for one in scanner.ruleset.conditions.values()))
        self._columns = (*NEEDED, *sorted(asked.difference(NEEDED)))
        self._begun = np.empty(0, np.int64)
        self._blocks: list[Future[pa.Table]] = []

    def begin(self) -> None:
        """Lets threads scan what has a stored hit by now, and is not scanned yet."""
        keys = np.setdiff1d(self._signed(), self._begun)
        threads = ThreadPoolExecutor(THREADS)
        self._blocks += [threads.submit(self._scan, block) for block in _blocks(keys)]
        threads.shutdown(wait=False)
        self._begun = np.union1d(self._begun, keys)

    def tables(self) -> list[pa.Table]:
        """HIT_SCHEMA rows of all lines with a stored hit."""
        self.begin()
        return [block.result() for block in self._blocks]

    def _signed(self) -> Keys:
        """Keys of the lines with a stored signature hit, ignored ones too: the list may change, the lines do not."""
        with self._lake.everything_seen():
            return self._lake.keys(Selector(rules=tuple(rule.id for rule in self._scanner.ruleset.rules)))

    def _scan(self, keys: Keys) -> pa.Table:
        lines = self._lake.rows(keys, self._columns)
        return _hits(lines, self._scanner)


def _hits(lines: pa.Table, scanner: Scanner) -> pa.Table:
    """HIT_SCHEMA rows of stored lines, scanned again."""
    return hit_table(scanner.scan(*records_of(lines)), lines, scanner.ruleset.rules).cast(HIT_SCHEMA)


def _blocks(keys: Keys) -> Iterator[Keys]:
    for start in range(0, len(keys), BLOCK):
        yield keys[start : start + BLOCK]
