"""The texts of two dictionaries as one."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import numbers


def joined(base: pa.Array, more: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts of `base` with those of `more` that it lacks behind them, and where each text of `more` stands in it.

    No text stands twice: Parquet drops the whole dictionary of a column in which one does, and writes the column out
    row by row, in twice the room.
    """
    places = pc.index_in(more, value_set=base)
    if not places.null_count:
        return base, places
    new = more.filter(places.is_null()).unique()
    behind = pc.add(pc.index_in(more, value_set=new), numbers(np.full(len(more), len(base), np.int32)))
    return pa.concat_arrays([base, new]), pc.coalesce(places, behind)
