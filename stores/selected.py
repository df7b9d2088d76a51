"""Columns of selected lines in one pass over the files, where keys first and rows by key afterwards would be two."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Sequence

import pyarrow as pa

from core.selector import Selector
from stores.lake import Lake
from stores.selector_sql import Query


def selected(lake: Lake, selector: Selector, columns: Sequence[str], most: int) -> pa.Table | None:
    """These columns of `EVENT_SCHEMA` of the selected lines, in no order; None when they are more than `most`.

    Raises as the lake does.
    """
    query = Query()
    lines = lake._relation.lines(query, selector, columns)
    found = lake._relation.engine.table(f"SELECT * FROM {lines} LIMIT {query.bind(most + 1)}", query.params)
    return None if found.num_rows > most else found
