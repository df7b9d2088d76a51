"""A line as one whole number: what columns are sorted, joined and looked up by."""

from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import integers
from core.event import LINE, SOURCE

_LINE_BITS = 40

Keys = NDArray[np.int64]
"""`source << 40 | line`, in the order of (source, line): 2^23 sources of 2^40 lines."""

Number = TypeVar("Number", int, Keys)


def join_keys(source: Number, line: Number) -> Number:
    """The keys of lines with these source numbers and line numbers."""
    return (source << _LINE_BITS) | line


def split_keys(keys: Number) -> tuple[Number, Number]:
    """Source numbers and line numbers of keys."""
    return keys >> _LINE_BITS, keys & ((1 << _LINE_BITS) - 1)


def keys_of(table: pa.Table) -> Keys:
    """The key of every row, from its `log.source` and `log.line`."""
    return join_keys(integers(table.column(SOURCE)), integers(table.column(LINE)))
