"""Brings selected lines into the order that `stores.windows` needs, reading only keys that can qualify at all."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.event import EVENT_SCHEMA, HIT_SCHEMA, LINE, SOURCE, TIME, URL
from core.selector import Selector
from stores.relation import PATH, SELECTION, Relation, column_sql, join_keys, split_keys
from stores.segment import complete
from stores.selector_sql import Query
from stores.windows import Mask, bursts, sequence, sessions

COLUMNS = tuple(name for name in HIT_SCHEMA.names if name in EVENT_SCHEMA.names)
"""What a hit row needs of its line, in the order of `HIT_SCHEMA`."""

_LIST = ", ".join(f'"{name}"' for name in COLUMNS)

_SCHEMA = pa.schema([HIT_SCHEMA.field(name) for name in COLUMNS])


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines as arrays: number of the key, time in µs, place (source and line as one), and number of the URL path."""

    keys: NDArray[np.integer]
    times: NDArray[np.int64]
    places: NDArray[np.int64]
    paths: NDArray[np.int64] | None


def session_lines(
    relation: Relation, selector: Selector, key: str, gap_seconds: float, lines: int, distinct_urls: int
) -> pa.Table:
    """Rows (`COLUMNS`) of the lines in qualifying sessions, by source and line."""
    busy = _busy_keys(relation, selector, key, lines, distinct_urls)
    rows = _rows(relation, selector, key, busy, with_path=distinct_urls > 0)
    rows = _take(rows, np.lexsort((rows.places, rows.times, rows.keys)))
    mask = sessions(rows.keys, rows.times, _micros(gap_seconds), lines, rows.paths, distinct_urls)
    return _table(relation, selector, rows.places[mask])


def burst_lines(relation: Relation, selector: Selector, key: str, window_seconds: float, lines: int) -> pa.Table:
    """Rows (`COLUMNS`) of the lines in qualifying bursts, by source and line."""
    busy = _bursting_keys(relation, selector, key, window_seconds, lines)
    rows = _rows(relation, selector, key, busy)
    rows = _take(rows, np.lexsort((rows.places, rows.times, rows.keys)))
    return _table(relation, selector, rows.places[bursts(rows.keys, rows.times, _micros(window_seconds), lines)])


def sequence_lines(
    relation: Relation, failures: Selector, successes: Selector, key: str, within_seconds: float, lines: int
) -> pa.Table:
    """Rows (`COLUMNS`) of the success lines with enough failures before them, by source and line."""
    busy = _busy_keys(relation, failures, key, lines, 0)
    succeeded, failed = _rows(relation, successes, key, busy), _rows(relation, failures, key, busy)
    both = _joined(succeeded, failed)
    role: Mask = np.repeat((False, True), (len(succeeded.times), len(failed.times)))
    order = np.lexsort((role, both.places, both.times, both.keys))
    both, role = _take(both, order), role[order]
    mask = sequence(both.keys, both.times, role, _micros(within_seconds), lines)
    return _table(relation, successes, both.places[mask])


def _busy_keys(relation: Relation, selector: Selector, key: str, lines: int, distinct_urls: int) -> pa.Table:
    """The keys with enough lines at all, numbered: columns `key`, `number`."""
    query = Query()
    enough = f"count(*) >= {query.bind(lines)}"
    if distinct_urls:
        enough += f" AND count(DISTINCT path) >= {query.bind(distinct_urls)}"
    selected = _keyed(relation, query, selector, key, with_path=distinct_urls > 0)
    return _numbered(relation.engine.table(f"SELECT key FROM {selected} GROUP BY key HAVING {enough}", query.params))


def _bursting_keys(relation: Relation, selector: Selector, key: str, window_seconds: float, lines: int) -> pa.Table:
    """The keys that can burst: a window touches two aligned ones of its size, so one of them holds half its lines."""
    busy = _busy_keys(relation, selector, key, lines, 0)
    if not busy.num_rows:
        return busy
    query = Query()
    width, half = query.bind(_micros(window_seconds)), query.bind((lines + 1) // 2)
    selected = _keyed(relation, query, selector, key, with_path=False)
    crowded = f'SELECT number FROM {selected} JOIN busy USING (key) GROUP BY number, epoch_us("{TIME}") // {width}'
    sql = f"SELECT DISTINCT number FROM ({crowded} HAVING count(*) >= {half})"
    found = relation.engine.table(sql, query.params, busy=busy).column("number")
    return _numbered(busy.select(["key"]).take(found))


def _numbered(keys: pa.Table) -> pa.Table:
    kind = np.uint16 if keys.num_rows < 1 << 16 else np.int32  # 16 bits are sorted by radix
    return keys.append_column("number", pa.array(np.arange(keys.num_rows, dtype=kind)))


def _rows(relation: Relation, selector: Selector, key: str, busy: pa.Table, with_path: bool = False) -> Rows:
    query = Query()
    selected = _keyed(relation, query, selector, key, with_path)
    path = ", path" if with_path else ""
    sql = f'SELECT number, epoch_us("{TIME}") AS time, "{SOURCE}", "{LINE}"{path} FROM {selected} JOIN busy USING (key)'
    table = relation.engine.table(sql, query.params, busy=busy)
    paths = _numbers(table.column("path")) if with_path else None
    return Rows(table.column("number").to_numpy(), table.column("time").to_numpy(), _places(table), paths)


def _keyed(relation: Relation, query: Query, selector: Selector, key: str, with_path: bool) -> str:
    """A subquery of the selected lines that have a key and a time: from a kept selection, else from the events."""
    kept = relation.selection(selector) if key in (*SELECTION, PATH) else None
    if kept is not None:
        value, path, lines = f'"{key}"', f'"{PATH}"', kept
    else:
        value, path = column_sql(key), column_sql(PATH)
        needed = {SOURCE, LINE, TIME, *([URL] if with_path else []), URL if key == PATH else key}
        lines = relation.lines(query, selector, sorted(needed))
    chosen = f"{value} AS key, {path} AS path" if with_path else f"{value} AS key"
    present = f'{value} IS NOT NULL AND "{TIME}" IS NOT NULL'
    return f'(SELECT "{SOURCE}", "{LINE}", "{TIME}", {chosen} FROM {lines} WHERE {present})'


def _numbers(texts: pa.ChunkedArray) -> NDArray[np.int64]:
    """A number for each distinct text; missing ones share a number of their own."""
    encoded = texts.dictionary_encode(null_encoding="encode").unify_dictionaries()
    chunks = [chunk.indices.to_numpy() for chunk in encoded.chunks]
    return np.concatenate([*chunks, np.zeros(0, dtype=np.int32)]).astype(np.int64)


def _take(rows: Rows, order: NDArray[np.int64]) -> Rows:
    paths = None if rows.paths is None else rows.paths[order]
    return Rows(rows.keys[order], rows.times[order], rows.places[order], paths)


def _joined(first: Rows, second: Rows) -> Rows:
    return Rows(
        np.concatenate((first.keys, second.keys)),
        np.concatenate((first.times, second.times)),
        np.concatenate((first.places, second.places)),
        None,
    )


def _table(relation: Relation, selector: Selector, places: NDArray[np.int64]) -> pa.Table:
    if len(places) == 0:
        return _SCHEMA.empty_table()
    query = Query()
    sources, lines = split_keys(np.unique(places))
    chosen = pa.table({SOURCE: sources.astype(np.int32), LINE: lines})
    kept = relation.selection(selector)
    rows = relation.lines(query, selector, COLUMNS) if kept is None else kept
    sql = f'SELECT {_LIST} FROM {rows} SEMI JOIN chosen USING ("{SOURCE}", "{LINE}")'
    table = complete(relation.engine.table(sql, query.params, chosen=chosen), _SCHEMA)
    return table.take(pa.array(np.argsort(_places(table))))  # cheaper here, on numbers for texts, than in the engine


def _places(table: pa.Table) -> NDArray[np.int64]:
    return join_keys(table.column(SOURCE).to_numpy().astype(np.int64), table.column(LINE).to_numpy())


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
