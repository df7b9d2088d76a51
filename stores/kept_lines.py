"""Lines of behaviours kept in memory as columns: dozens of behaviours look at the same few lines."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import integers, numbers
from core.event import (
    ACTION,
    AGENT,
    BODY_BYTES,
    DATASET,
    DOMAIN,
    EVENT_SCHEMA,
    IP,
    LINE,
    METHOD,
    REPEAT,
    SOURCE,
    STATUS_CODE,
    TIME,
    URL,
    USER,
)
from core.key import Keys, keys_of
from core.selector import Selector
from core.taxonomy import AttackType
from stores.columns import PATH
from stores.crowd import COLUMNS, SCHEMA, Crowd, Rows
from stores.notable import Watched
from stores.part import NO_NUMBER, Ints, Mask, Part
from stores.relation import Relation
from stores.segment import complete
from stores.selector_sql import Query, pattern_of

_KEPT = (SOURCE, LINE, TIME, IP, METHOD, STATUS_CODE, BODY_BYTES, URL, USER, DOMAIN, AGENT, ACTION, DATASET, REPEAT)
_SCHEMA = pa.schema([EVENT_SCHEMA.field(name) for name in _KEPT])

Codes = NDArray[np.int32]
HitKeys = Callable[[tuple[AttackType, ...]], Keys]


class KeptLines:
    """See `stores.crowd.Lines`; `busy` says of each number of a key whether it has enough lines.

    `part` has all lines that the selectors pick that are asked for, and perhaps others, in the order of their keys.
    """

    def __init__(self, part: Part, hits: HitKeys) -> None:
        self._part, self._hits = part, hits
        self._chosen: dict[Selector, Ints] = {}
        self._numbered: dict[str, Codes] = {}
        self._excepted: dict[tuple[str, ...], Mask] = {}

    def __len__(self) -> int:
        return len(self._part)

    def busy(self, selector: Selector, key: str, crowd: Crowd) -> Mask:
        """The keys with enough lines."""
        rows, of_key = self._present(selector, key, crowd), self._numbers(key)
        size = int(of_key.max(initial=-1)) + 1
        enough = np.asarray(np.bincount(of_key[rows], self._weights(rows), size) >= crowd.lines)
        if crowd.values and enough.any():
            value = self._values(crowd.distinct)
            rows = rows[enough[of_key[rows]] & (value[rows] > 0)]
            span = int(value.max(initial=0)) + 1
            pairs = np.unique(of_key[rows].astype(np.int64) * span + value[rows])
            enough &= np.bincount(pairs // span, minlength=size) >= crowd.values
        return enough

    def rows(self, selector: Selector, key: str, crowd: Crowd, busy: Mask) -> Rows:
        """The lines of these keys."""
        rows = self._present(selector, key, crowd)
        rows = rows[busy[self._numbers(key)[rows]]]
        narrow = np.cumsum(busy) - 1
        kind = np.uint16 if np.count_nonzero(busy) < 1 << 16 else np.int64  # 16 bits are sorted by radix
        return Rows(
            narrow[self._numbers(key)[rows]].astype(kind),
            self._part.integers(TIME)[rows],
            self._part.keys[rows],
            self._weights(rows),
            self._values(crowd.distinct)[rows].astype(np.int64),
            self._explained(crowd.mixed)[rows],
        )

    def table(self, places: Ints) -> pa.Table:
        """The lines at these places (sorted)."""
        return complete(self._part.table(COLUMNS, np.searchsorted(self._part.keys, places)), SCHEMA)

    def _present(self, selector: Selector, key: str, crowd: Crowd) -> Ints:
        """Selected lines that have a key and a time, but for what is no part of the crowd."""
        if selector not in self._chosen:
            self._chosen[selector] = self._part.rows(selector)
        rows = self._chosen[selector]
        kept = (self._numbers(key)[rows] >= 0) & (self._part.integers(TIME)[rows] != NO_NUMBER)
        if crowd.besides:
            kept &= ~self._explained(crowd.besides)[rows]
        if crowd.except_urls:
            kept &= ~self._with_url(crowd.except_urls)[rows]
        return np.asarray(rows[kept])

    def _weights(self, rows: Ints) -> Ints:
        """How many events each line stands for."""
        repeats = self._part.integers(REPEAT)[rows]
        return np.asarray(np.where(repeats == NO_NUMBER, 1, repeats))

    def _values(self, column: str | None) -> Codes:
        """A number for each distinct value; missing ones have number 0."""
        return np.zeros(len(self._part), np.int32) if column is None else self._numbers(column) + 1

    def _explained(self, types: tuple[AttackType, ...]) -> Mask:
        """Lines with a hit of one of the types."""
        flags = np.zeros(len(self._part), np.bool_)
        if types and len(flags):
            hit = self._hits(types)
            places = np.minimum(np.searchsorted(self._part.keys, hit), len(flags) - 1)
            flags[places[self._part.keys[places] == hit]] = True
        return flags

    def _with_url(self, parts: tuple[str, ...]) -> Mask:
        """Lines with one of the parts in their URL, asked once a distinct one."""
        if parts not in self._excepted:
            pattern, known = pattern_of(parts), self._part.named(URL)
            found = np.zeros(len(known.names) + 1, np.bool_)
            if pattern is not None:
                holds = pc.match_substring_regex(known.names, pattern).cast(pa.uint8())
                found[:-1] = integers(pa.chunked_array([holds])) > 0
            self._excepted[parts] = found[known.places]
        return self._excepted[parts]

    def _numbers(self, column: str) -> Codes:
        """A number for each distinct value, -1 where there is none."""
        if column not in self._numbered:
            self._numbered[column] = _paths(self._part) if column == PATH else _numbered(self._part, column)
        return self._numbered[column]


def _numbered(part: Part, column: str) -> Codes:
    if not pa.types.is_integer(EVENT_SCHEMA.field(column).type):
        return part.named(column).places
    given = part.integers(column)
    found = np.unique(given, return_inverse=True)[1]
    return np.where(given == NO_NUMBER, -1, found).astype(np.int32)


def _paths(part: Part) -> Codes:
    """Numbers of the URLs up to their first question mark."""
    known, numbered = part.named(URL), dict[str, int]()
    paths = (url.partition("?")[0] for url in known.names.to_pylist())
    of_url = [numbered.setdefault(path, len(numbered)) for path in paths]
    return np.array([*of_url, -1], np.int32)[known.places]


def kept_for(relation: Relation, selectors: Sequence[Selector], most: int) -> KeptLines | None:
    """All lines that one of the selectors picks; None when they may be more than `most`.

    Where the very same selectors were watched when a segment was written, its notable lines hold them.
    """
    fingerprint = Watched.of(selectors).fingerprint
    found = relation.survey.notable(fingerprint, lambda part: _any_of(part, selectors), _KEPT, most)
    return None if found is None else _kept(relation, found)


def _any_of(part: Part, selectors: Iterable[Selector]) -> Ints:
    mask = np.zeros(len(part), np.bool_)
    for one in selectors:
        mask[part.rows(one)] = True
    return np.flatnonzero(mask).astype(np.int64)


def kept_at(relation: Relation, keys: Keys) -> KeptLines:
    """The lines with these keys."""
    return _kept(relation, relation.at(keys, _KEPT))


def _kept(relation: Relation, lines: pa.Table) -> KeptLines:
    lines = complete(lines, _SCHEMA).unify_dictionaries()
    keys = keys_of(lines)
    lines = (lines if (np.diff(keys) > 0).all() else lines.take(numbers(np.argsort(keys)))).combine_chunks()
    pa.default_memory_pool().release_unused()
    part = Part(np.sort(keys), relation.source_ids, lines.column)
    return KeptLines(part, lambda types: _hit_keys(relation, types))


def _hit_keys(relation: Relation, types: tuple[AttackType, ...]) -> Keys:
    query = Query()
    hits = relation.hits(query, Selector(types=types), (SOURCE, LINE))
    return keys_of(relation.engine.table(f"SELECT * FROM {hits}", query.params))
