"""The texts of two dictionaries as one."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import numbers, values


def joined(base: pa.Array, more: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts of `base` with those of `more` that it lacks behind them, and where each text of `more` stands in it.

    No text stands twice: Parquet drops the whole dictionary of a column in which one does, and writes the column out
    row by row, in twice the room. `more` is the short one: what is made to look texts up in is made of it.
    """
    texts = more.unique()
    found = _numbers(pc.index_in(base, value_set=texts))
    known = np.flatnonzero(found >= 0)
    place = np.full(len(texts), -1, np.int32)
    place[found[known]] = known
    lacking = place < 0
    place[lacking] = np.arange(len(base), len(base) + np.count_nonzero(lacking))
    whole = pa.concat_arrays([base, texts.take(numbers(np.flatnonzero(lacking)))]) if lacking.any() else base
    return whole, numbers(place[_numbers(pc.index_in(more, value_set=texts))])


def _numbers(places: pa.Array) -> NDArray[np.int32]:
    return values(pa.chunked_array([places]), -1).astype(np.int32, copy=False)
