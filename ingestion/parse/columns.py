"""The columns of one segment while it is parsed: preallocated arrays, filled block by block, then turned into Arrow."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingestion.parse.intern import intern
from ingestion.parse.values import SLOTS

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@dataclass(slots=True)
class Texts:
    """The distinct texts of one slot: `codes[row]` is the number of the row's text, -1 when it has none."""

    slot: int
    codes: Ints
    places: Ints
    lengths: Ints
    table: Ints
    known: int = 0

    @classmethod
    def of(cls, slot: int, rows: int) -> "Texts":
        """Room for `rows` distinct texts."""
        size = 1 << max(4, (2 * rows - 1).bit_length())
        return cls(
            slot,
            np.empty(rows, np.int32),
            np.empty(rows, np.int32),
            np.empty(rows, np.int32),
            np.full(size, -1, np.int32),
        )

    def add(self, data: Bytes, spans: Ints, first: int, last: int) -> None:
        """Number the texts of rows `first:last`."""
        self.known = intern(
            data, spans, self.slot, first, last, self.table, self.codes, self.places, self.lengths, self.known
        )

    def text(self, data: Bytes, number: int) -> bytes:
        """The bytes of one distinct text."""
        start = int(self.places[number])
        return data[start : start + int(self.lengths[number])].tobytes()


@dataclass(slots=True)
class Columns:
    """What the kernel writes, a row a line: see `ingestion.parse.kernel.parse_lines`."""

    rows: int
    starts: Ints = field(init=False)
    ends: Ints = field(init=False)
    states: Bytes = field(init=False)
    spans: Ints = field(init=False)
    times: Longs = field(init=False)
    codes: NDArray[np.uint16] = field(init=False)
    sizes: Longs = field(init=False)

    def __post_init__(self) -> None:
        self.starts = np.empty(self.rows, np.int32)
        self.ends = np.empty(self.rows, np.int32)
        self.states = np.empty((self.rows, 3), np.uint8)
        self.spans = np.empty((self.rows, 2 * SLOTS), np.int32)
        self.times = np.empty(self.rows, np.int64)
        self.codes = np.empty(self.rows, np.uint16)
        self.sizes = np.empty(self.rows, np.int64)
