"""Columns of all lines of a snapshot, read straight from the Parquet files, one by one as they are asked for."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, integers, numbers, texts
from core.event import EVENT_SCHEMA, LINE, SOURCE, URL
from core.key import Keys, join_keys, keys_of, split_keys
from stores.columns import PATH
from stores.relation import Relation
from stores.rows import THREADS, opened
from stores.segment import SegmentRow, events_file

Mask = NDArray[np.bool_]
Part = TypeVar("Part")

Rows = NDArray[np.int64]
"""Places of lines in the columns, sorted."""

NO_NUMBER = np.iinfo(np.int64).min
"""Stands for a missing time or status."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column: for each line the place of its text in `texts`, -1 where it has none."""

    codes: NDArray[np.int32]
    texts: pa.Array

    def values(self, places: NDArray[np.integer]) -> list[str]:
        """The texts at these places of the dictionary."""
        found: list[str] = self.texts.take(numbers(places.astype(np.int64))).to_pylist()
        return found


@dataclass(frozen=True, slots=True)
class _Block:
    """Consecutive lines: those of a segment, or one line that is in none yet (`tail` is its row among those)."""

    first: int
    lines: int
    segment: SegmentRow | None
    tail: int = 0


class Columns:
    """The columns, in the order of (source, line); each is remembered once read (4 to 8 bytes a line)."""

    def __init__(self, relation: Relation) -> None:
        self._relation = relation
        self._coded: dict[str, Coded] = {}
        self._numbers: dict[str, NDArray[np.int64]] = {}

    def __len__(self) -> int:
        return sum(block.lines for block in self._blocks)

    @cached_property
    def keys(self) -> Keys:
        """The key of every line; a segment holds consecutive lines."""
        spans = [np.arange(one.first, one.first + one.lines, dtype=np.int64) for one in self._blocks]
        return np.concatenate([np.empty(0, np.int64), *spans])

    def source_numbers(self) -> NDArray[np.int64]:
        """The number of every line's source."""
        return split_keys(self.keys)[0]

    def rows_of(self, keys: Keys) -> Rows:
        """Where lines with these keys stand; keys of no line are passed over."""
        wanted = np.unique(keys)
        places = np.searchsorted(self.keys, wanted)
        known = places < len(self.keys)
        known[known] = self.keys[places[known]] == wanted[known]
        return places[known].astype(np.int64)

    def coded(self, column: str) -> Coded:
        """A text column of `EVENT_SCHEMA`, or `url.path`."""
        if column not in self._coded:
            self._coded[column] = self._paths() if column == PATH else self._load_coded(column)
        return self._coded[column]

    def is_read(self, column: str) -> bool:
        """Whether a text column is at hand already."""
        return column in self._coded

    def integers(self, column: str) -> NDArray[np.int64]:
        """A number column, or microseconds of a time; NO_NUMBER where it is null."""
        if column not in self._numbers:
            parts = self._each(lambda block: integers(self._column(block, column), NO_NUMBER))
            self._numbers[column] = np.concatenate([np.empty(0, np.int64), *parts])
        return self._numbers[column]

    def looked_at(self, column: str, rows: Rows, look: Callable[[Rows, pa.Array], Part]) -> list[Part]:
        """What `look` makes of these rows and their texts or bytes, group by group of the files that hold any.

        In the order of the rows; two files are read at once, and nothing is remembered.
        """
        held = []
        start = 0
        for block in self._blocks:
            low, high = np.searchsorted(rows, (start, start + block.lines))
            if low < high:
                held.append((block, start, rows[low:high] - start))
            start += block.lines

        def of_block(one: tuple[_Block, int, Rows]) -> list[Part]:
            block, start, places = one
            return [look(found + start, texts) for found, texts in self._groups(block, column, places)]

        if len(held) < THREADS:
            return [part for one in held for part in of_block(one)]
        with ThreadPoolExecutor(THREADS) as threads:
            return [part for parts in threads.map(of_block, held) for part in parts]

    def _groups(self, block: _Block, column: str, places: Rows) -> Iterator[tuple[Rows, pa.Array]]:
        if block.segment is None:
            yield places, self._column(block, column).combine_chunks().take(numbers(places))
            return
        start = 0
        with opened(self._relation.folder / events_file(block.segment.name), _only(column)) as file:
            for group in range(file.num_row_groups):
                rows = file.metadata.row_group(group).num_rows
                low, high = np.searchsorted(places, (start, start + rows))
                if low < high:
                    found = _one(file.read_row_group(group, columns=[column], use_threads=False).column(0))
                    all_of_them = high - low == rows
                    yield places[low:high], found if all_of_them else found.take(numbers(places[low:high] - start))
                start += rows

    def _load_coded(self, column: str) -> Coded:
        parts = self._each(lambda block: self._column(block, column).cast(EVENT_SCHEMA.field(column).type))
        chunks = [chunk for part in parts for chunk in part.chunks if len(chunk)]
        if not chunks:
            return Coded(np.empty(0, np.int32), texts([]))
        whole = pa.chunked_array(chunks).unify_dictionaries()
        return Coded(np.concatenate([codes(chunk) for chunk in whole.chunks]), whole.chunk(0).dictionary)

    def _paths(self) -> Coded:
        """The URL up to its first question mark, each different URL looked at once a group of lines."""
        every = np.arange(len(self), dtype=np.int64)
        numbered: dict[str, int] = {}
        parts = [np.empty(0, np.int32)]
        for encoded in self.looked_at(URL, every, lambda _, urls: urls.dictionary_encode()):
            paths = [url.partition("?")[0] for url in encoded.dictionary.to_pylist()]
            known = np.array([*(numbered.setdefault(path, len(numbered)) for path in paths), -1], np.int32)
            parts.append(known[codes(encoded)])
        return Coded(np.concatenate(parts), texts(list(numbered)))

    def _each(self, read: Callable[[_Block], Part]) -> list[Part]:
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(read, self._blocks))

    def _column(self, block: _Block, column: str) -> pa.ChunkedArray:
        if block.segment is None:
            return self._tails.column(column).slice(block.tail, 1)
        with opened(self._relation.folder / events_file(block.segment.name), _only(column)) as file:
            return file.read(columns=[column], use_threads=False).column(0)

    @cached_property
    def _tails(self) -> pa.Table:
        return self._relation.tails(EVENT_SCHEMA.names)

    @cached_property
    def _blocks(self) -> list[_Block]:
        stored = [_Block(join_keys(one.source, one.first_line), one.lines, one) for one in self._relation.segments]
        tails = keys_of(self._tails.select([SOURCE, LINE])).tolist()
        alone = [_Block(key, 1, None, place) for place, key in enumerate(tails)]
        return sorted([*stored, *alone], key=lambda block: block.first)


def _only(column: str) -> pa.Schema:
    return pa.schema([EVENT_SCHEMA.field(column)])


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
