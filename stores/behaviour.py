"""Brings selected lines into the order that `stores.windows` needs, reading only keys that can qualify at all."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, empty, integers, numbers
from core.event import EVENT_SCHEMA, HIT_SCHEMA, IP, LINE, REPEAT, SOURCE, TIME, URL
from core.key import join_keys, keys_of, split_keys
from core.selector import Selector
from core.taxonomy import AttackType
from stores.columns import PATH, column_sql
from stores.crowds import crowded
from stores.relation import ASKED, MANY_LINES, SELECTION, Relation
from stores.segment import complete
from stores.selector_sql import Query, contains_sql
from stores.windows import Ints, Mask, bursts, meanwhile, members, sequence, sessions, stretches, variety, weigh

CROWDED = "crowded_lines"
CROWD_LINES = 120
CROWD_SECONDS = 60
"""Floods of at least so many lines of one address in at most so many seconds can be looked for among all lines."""

COLUMNS = tuple(name for name in HIT_SCHEMA.names if name in EVENT_SCHEMA.names)
"""What a hit row needs of its line, in the order of `HIT_SCHEMA`."""

_LIST = ", ".join(f'"{name}"' for name in COLUMNS)

_SCHEMA = pa.schema([HIT_SCHEMA.field(name) for name in COLUMNS])


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the lines of one key must show together.

    At least `lines` events and `values` different values of the column `distinct`, with at most `tries` and at least
    `repeats` events a value (0 = any). Lines with one of `except_urls` in their URL, or a hit of a type in `besides`,
    are no part of it. Lines with a hit of `mixed` do not count, but belong to a group of which they are less than half.
    More than `share` lines of `relief` a counted event, in the time of a group, and it is not meant. So few addresses
    can `flood` that they are looked for first, among all lines.
    """

    lines: int
    distinct: str | None = None
    values: int = 0
    tries: int = 0
    repeats: int = 0
    except_urls: tuple[str, ...] = ()
    besides: tuple[AttackType, ...] = ()
    mixed: tuple[AttackType, ...] = ()
    relief: Selector | None = None
    share: float = 0.2
    flood: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines as arrays: number of the key, time in µs, place (source and line as one), events, value, set aside."""

    keys: NDArray[np.integer]
    times: Ints
    places: Ints
    weights: Ints
    values: Ints
    aside: Mask


def session_lines(relation: Relation, selector: Selector, key: str, gap_seconds: float, crowd: Crowd) -> pa.Table:
    """Rows (`COLUMNS`) of the lines in qualifying sessions, by source and line."""
    busy = _busy_keys(relation, selector, key, crowd)
    if not busy.num_rows:
        return empty(_SCHEMA)
    rows = _rows(relation, selector, key, busy, crowd)
    rows = _take(rows, np.lexsort((rows.places, rows.times, rows.keys)))
    groups = sessions(rows.keys, rows.times, _micros(gap_seconds))
    relief = _relief(relation, rows, groups, key, busy, crowd)
    return _table(relation, selector, rows.places[_in_crowd(rows, groups, relief, crowd)])


def _relief(relation: Relation, rows: Rows, groups: Ints, key: str, busy: pa.Table, crowd: Crowd) -> Ints:
    """How many relieving lines each group has in its time."""
    if crowd.relief is None:
        return np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    others = _rows(relation, crowd.relief, key, busy, replace(crowd, besides=(), mixed=()))
    return meanwhile(rows.keys, rows.times, groups, others.keys, others.times)


def burst_lines(relation: Relation, selector: Selector, key: str, window_seconds: float, crowd: Crowd) -> pa.Table:
    """Rows (`COLUMNS`) of the lines in qualifying bursts, by source and line."""
    flood = crowd.flood and key == IP and window_seconds <= CROWD_SECONDS and crowd.lines >= CROWD_LINES
    kept = _among_crowded(relation, selector) if flood else None
    busy = _bursting_keys(relation, selector, key, window_seconds, crowd, kept)
    if not busy.num_rows:
        return empty(_SCHEMA)
    rows = _rows(relation, selector, key, busy, crowd, kept)
    rows = _take(rows, np.lexsort((rows.places, rows.times, rows.keys)))
    width = _micros(window_seconds)
    chosen = bursts(rows.keys, rows.times, width, crowd.lines)
    groups = stretches(rows.keys, rows.times, width, chosen)
    relief = _relief(relation, rows, groups, key, busy, crowd)
    return _table(relation, selector, rows.places[_in_crowd(rows, groups, relief, crowd)], kept)


def _among_crowded(relation: Relation, selector: Selector) -> str | None:
    """An in-memory table of the selected lines that have many of their address around them; None if too many have."""

    if not relation.remembered(("crowded",), lambda: _keep_crowded(relation)):
        return None
    return relation.remembered(("crowded", selector), lambda: relation.selection_of(CROWDED, selector))


def _keep_crowded(relation: Relation) -> bool:
    """Whether the lines are few enough to stay in memory."""
    tails = relation.tails((IP, TIME, SOURCE, LINE))
    found = crowded(relation.folder, relation.segments, tails, CROWD_LINES, timedelta(seconds=CROWD_SECONDS))
    if len(found[0]) > MANY_LINES:
        return False
    relation.engine.keep(CROWDED, relation.at(join_keys(*found), ASKED))
    return True


def sequence_lines(
    relation: Relation, failures: Selector, successes: Selector, key: str, within_seconds: float, crowd: Crowd
) -> pa.Table:
    """Rows (`COLUMNS`) of the success lines with enough failures before them, by source and line."""
    busy = _busy_keys(relation, failures, key, crowd)
    if not busy.num_rows:
        return empty(_SCHEMA)
    succeeded = _rows(relation, successes, key, busy, replace(crowd, besides=(), mixed=()))
    both = _joined(succeeded, failed := _rows(relation, failures, key, busy, crowd))
    role: Mask = np.repeat((False, True), (len(succeeded.times), len(failed.times)))
    order = np.lexsort((role, both.places, both.times, both.keys))
    both, role = _take(both, order), role[order]
    mask = sequence(both.keys, both.times, role, _micros(within_seconds), crowd.lines, both.weights, crowd.share)
    return _table(relation, successes, both.places[mask])


def _in_crowd(rows: Rows, groups: Ints, relief: Ints, crowd: Crowd) -> Mask:
    """Lines of the groups that are enough; `relief` are the relieving lines of each group."""
    events = weigh(groups, rows.weights, ~rows.aside)
    enough = (events >= crowd.lines) & (relief <= crowd.share * events)
    if crowd.distinct is not None:
        values = variety(groups, rows.values, ~rows.aside)
        enough &= (values >= crowd.values) & (events >= crowd.repeats * values)
        if crowd.tries:
            enough &= events <= crowd.tries * values
    mixed = enough & (weigh(groups, rows.weights, rows.aside) < events)
    return members(groups, enough) & ~rows.aside | members(groups, mixed)


def _busy_keys(relation: Relation, selector: Selector, key: str, crowd: Crowd, kept: str | None = None) -> pa.Table:
    """The keys with enough lines at all, numbered: columns `key`, `number`."""
    query = Query()
    enough = f"sum(weight) >= {query.bind(crowd.lines)}"
    if crowd.values:
        enough += f" AND count(DISTINCT value) >= {query.bind(crowd.values)}"
    selected = _keyed(relation, query, selector, key, crowd, kept)
    return _numbered(relation.engine.table(f"SELECT key FROM {selected} GROUP BY key HAVING {enough}", query.params))


def _bursting_keys(
    relation: Relation, selector: Selector, key: str, window_seconds: float, crowd: Crowd, kept: str | None
) -> pa.Table:
    """The keys that can burst: a window touches two aligned ones of its size, so one of them holds half its lines."""
    busy = _busy_keys(relation, selector, key, crowd, kept)
    if not busy.num_rows:
        return busy
    query = Query()
    width, half = query.bind(_micros(window_seconds)), query.bind((crowd.lines + 1) // 2)
    selected = _keyed(relation, query, selector, key, crowd, kept)
    crowded = f'SELECT number FROM {selected} JOIN busy USING (key) GROUP BY number, epoch_us("{TIME}") // {width}'
    sql = f"SELECT DISTINCT number FROM ({crowded} HAVING count(*) >= {half})"
    found = relation.engine.table(sql, query.params, busy=busy).column("number")
    return _numbered(busy.select(["key"]).take(found))


def _numbered(keys: pa.Table) -> pa.Table:
    kind = np.uint16 if keys.num_rows < 1 << 16 else np.int32  # 16 bits are sorted by radix
    return keys.append_column("number", numbers(np.arange(keys.num_rows, dtype=kind)))


def _rows(
    relation: Relation, selector: Selector, key: str, busy: pa.Table, crowd: Crowd, kept: str | None = None
) -> Rows:
    query = Query()
    selected = _keyed(relation, query, selector, key, crowd, kept)
    columns = f'number, epoch_us("{TIME}") AS time, "{SOURCE}", "{LINE}", weight, value, aside'
    table = relation.engine.table(f"SELECT {columns} FROM {selected} JOIN busy USING (key)", query.params, busy=busy)
    return Rows(
        integers(table.column("number")),
        integers(table.column("time")),
        keys_of(table),
        integers(table.column("weight")),
        _numbers(table.column("value")) if crowd.distinct is not None else np.zeros(table.num_rows, dtype=np.int64),
        integers(table.column("aside")) > 0,
    )


def _keyed(
    relation: Relation, query: Query, selector: Selector, key: str, crowd: Crowd, kept: str | None = None
) -> str:
    """A subquery of the selected lines that have a key and a time: from a kept selection, else from the events."""
    columns = {key, *([crowd.distinct] if crowd.distinct else [])}
    if kept is None and columns <= {*SELECTION, PATH}:
        kept = relation.selection(selector)
    lines, value = kept, _kept_column
    if lines is None:
        needed = {SOURCE, LINE, TIME, REPEAT, *columns, *([URL] if crowd.except_urls or PATH in columns else [])}
        lines, value = relation.lines(query, selector, sorted(needed - {PATH})), column_sql
    chosen = f"{value(key)} AS key, {value(crowd.distinct) if crowd.distinct else 'NULL'} AS value"
    weight = f'coalesce("{REPEAT}", 1)::BIGINT AS weight'
    aside = f"{_explained(relation, query, crowd.mixed)} AS aside"
    present = f'{value(key)} IS NOT NULL AND "{TIME}" IS NOT NULL'
    if crowd.besides:
        present += f" AND NOT {_explained(relation, query, crowd.besides)}"
    if crowd.except_urls:
        present += f" AND NOT coalesce({contains_sql(query, URL, crowd.except_urls)}, FALSE)"
    return f'(SELECT "{SOURCE}", "{LINE}", "{TIME}", {chosen}, {weight}, {aside} FROM {lines} WHERE {present})'


def _kept_column(column: str) -> str:
    return f'"{column}"'


def _explained(relation: Relation, query: Query, types: tuple[AttackType, ...]) -> str:
    """Whether the line has a hit of one of the types."""
    if not types:
        return "FALSE"
    return f'("{SOURCE}", "{LINE}") IN {relation.hits(query, Selector(types=types), (SOURCE, LINE))}'


def _numbers(texts: pa.ChunkedArray) -> Ints:
    """A number for each distinct text; missing ones have number 0."""
    encoded = texts.dictionary_encode().unify_dictionaries()
    return np.concatenate([np.empty(0, np.int64), *(codes(chunk) for chunk in encoded.chunks)]) + 1


_ARRAYS = ("keys", "times", "places", "weights", "values", "aside")


def _take(rows: Rows, order: Ints) -> Rows:
    columns = {name: getattr(rows, name)[order] for name in _ARRAYS}
    return replace(rows, **columns)


def _joined(first: Rows, second: Rows) -> Rows:
    columns = {name: np.concatenate((getattr(first, name), getattr(second, name))) for name in _ARRAYS}
    return replace(first, **columns)


def _table(relation: Relation, selector: Selector, places: Ints, kept: str | None = None) -> pa.Table:
    if len(places) == 0:
        return empty(_SCHEMA)
    query = Query()
    sources, lines = split_keys(np.unique(places))
    chosen = pa.Table.from_arrays([numbers(sources.astype(np.int32)), numbers(lines)], names=[SOURCE, LINE])
    kept = kept or relation.selection(selector)
    rows = relation.lines(query, selector, COLUMNS) if kept is None else kept
    sql = f'SELECT {_LIST} FROM {rows} SEMI JOIN chosen USING ("{SOURCE}", "{LINE}")'
    table = complete(relation.engine.table(sql, query.params, chosen=chosen), _SCHEMA)
    return table.take(numbers(np.argsort(keys_of(table))))  # cheaper here, on numbers for texts, than in the engine


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
