"""Consecutive lines of a segment as columns, each read when it is first looked at."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import codes, empty, integers, numbers, values
from core.event import ACTION, AGENT, DATASET, EVENT_SCHEMA, LINE, METHOD, SOURCE, STATUS_CODE, URL, USER
from core.key import Keys, split_keys
from core.line import SourceId
from core.match import contains
from core.selector import Selector
from stores.selector_sql import pattern_of

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NO_NUMBER = np.iinfo(np.int64).min
"""Stands for a missing number or time."""

_TEXTS = ((METHOD, "methods"), (ACTION, "actions"), (DATASET, "datasets"))
_CONTAINS = ((AGENT, "agent_contains"), (USER, "user_contains"))
_KNOWN = ("sources", "status_codes", "url_contains", *(name for _, name in (*_TEXTS, *_CONTAINS)))


def can_look(selector: Selector) -> bool:
    """Whether `Part.rows` knows all conditions of the selector."""
    return all(getattr(selector, one.name) == one.default for one in fields(selector) if one.name not in _KNOWN)


@dataclass(frozen=True, slots=True)
class Named:
    """A text column: for each line the place of its text in `names`, -1 where it has none."""

    places: NDArray[np.int32]
    names: pa.Array


@dataclass(slots=True)
class Part:
    """The lines with these keys; `sources` are the ids of source numbers, `read` reads a column of `EVENT_SCHEMA`."""

    keys: Keys
    sources: Mapping[int, SourceId]
    read: Callable[[str], pa.ChunkedArray]
    stored: bool = False
    """Whether the lines are those of one stored segment."""

    _columns: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    _named: dict[str, Named] = field(default_factory=dict)
    _numbers: dict[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def column(self, name: str) -> pa.ChunkedArray:
        """The column as it was read."""
        if name not in self._columns:
            self._columns[name] = self.read(name)
        return self._columns[name]

    def named(self, name: str) -> Named:
        """A text column."""
        if name not in self._named:
            column = self.column(name)
            coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            whole = coded if coded.num_chunks == 1 else pa.chunked_array([_joined(coded)])
            self._named[name] = Named(codes(whole.chunk(0)), whole.chunk(0).dictionary)
        return self._named[name]

    def integers(self, name: str) -> Ints:
        """A column of numbers or times (µs), NO_NUMBER where it is null."""
        if name not in self._numbers:
            self._numbers[name] = integers(self.column(name), NO_NUMBER)
        return self._numbers[name]

    def table(self, names: Sequence[str], rows: Ints) -> pa.Table:
        """These columns of these lines, texts written out: a few lines do not bring along every text of the part."""
        chosen = numbers(rows)
        columns = [self._taken(name, rows, chosen) for name in names]
        plain = [one.cast(one.type.value_type) if pa.types.is_dictionary(one.type) else one for one in columns]
        return pa.Table.from_arrays(plain, names=list(names))

    def _taken(self, name: str, rows: Ints, chosen: pa.Array) -> pa.ChunkedArray:
        """Keys need no column to be read."""
        if name in (SOURCE, LINE):
            found = pa.chunked_array([numbers(split_keys(self.keys[rows])[name == LINE])])
            return found.cast(EVENT_SCHEMA.field(name).type)
        return self.column(name).take(chosen)

    def rows(self, selector: Selector) -> Ints:
        """Places of the lines that the selector picks; `can_look` holds for it."""
        mask = self._of(selector.sources) if selector.sources else np.ones(len(self), np.bool_)
        for name, allowed in self._asked(selector):
            if mask.any():
                mask &= self._where(name, allowed)
        if selector.status_codes and mask.any():
            mask &= self._in_ranges(selector.status_codes)
        rows = np.flatnonzero(mask).astype(np.int64)
        return self._with_url(rows, selector.url_contains) if selector.url_contains else rows

    def _of(self, sources: Collection[SourceId]) -> Mask:
        wanted = [number for number, source in self.sources.items() if source in sources]
        if len(wanted) == len(self.sources):
            return np.ones(len(self), np.bool_)
        return np.isin(split_keys(self.keys)[0], wanted)

    def _asked(self, selector: Selector) -> Iterator[tuple[str, Callable[[str], bool]]]:
        """Conditions on texts, each asked of a text by itself."""
        for name, condition in _TEXTS:
            if allowed := getattr(selector, condition):
                yield name, frozenset(map(str, allowed)).__contains__
        for name, condition in _CONTAINS:
            if parts := getattr(selector, condition):
                yield name, partial(contains, parts)

    def _where(self, name: str, wanted: Callable[[str], bool]) -> Mask:
        """Lines whose text is wanted, asked once a distinct text; a line without one is not."""
        known = self.named(name)
        return np.array([*map(wanted, known.names.to_pylist()), False], np.bool_)[known.places]

    def _in_ranges(self, ranges: Iterable[tuple[int, int]]) -> Mask:
        status = self.integers(STATUS_CODE)
        mask = np.zeros(len(status), np.bool_)
        for low, high in ranges:
            mask |= (status >= low) & (status <= high)
        return mask

    def _with_url(self, rows: Ints, parts: Collection[str]) -> Ints:
        pattern = pattern_of(parts)
        if pattern is None or not len(rows):
            return rows[:0]
        found = pc.match_substring_regex(self.column(URL).take(numbers(rows)), pattern)
        return rows[values(found.cast(pa.uint8()), 0).astype(np.bool_)]


def _joined(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The chunks as one, no chunk at all as nothing."""
    chunks = column.unify_dictionaries().chunks
    return pa.concat_arrays(chunks) if chunks else pa.nulls(0, pa.dictionary(pa.int32(), pa.string()))


def nothing() -> Part:
    """No lines."""
    lines = empty(EVENT_SCHEMA)
    return Part(np.empty(0, np.int64), {}, lines.column)
