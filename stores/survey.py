"""Questions about every line, answered together: each file is opened once, and each column unpacked once."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.arrow import empty, integers, masked, numbers
from core.event import EVENT_SCHEMA
from core.key import join_keys, keys_of
from core.line import SourceId
from core.selector import Selector
from stores.part import NO_NUMBER, Ints, Part
from stores.rows import THREADS, opened
from stores.segment import SegmentRow, complete, events_file, notable_file

LINES = "lines"
FEW_VALUES = 1 << 20
"""Numbers below this are counted in an array of that size, others by sorting."""

Found_co = TypeVar("Found_co", covariant=True)
Found = TypeVar("Found")


class Question(Hashable, Protocol[Found_co]):
    """What is asked of every line; equal questions have equal answers."""

    def look(self, part: Part) -> Found_co:
        """What there is in these lines; called from several threads."""


class Survey:
    """The lines of one snapshot: stored segments, and the few lines that are in none (`tails` gives their columns)."""

    def __init__(
        self,
        folder: Path,
        segments: Sequence[SegmentRow],
        tails: Callable[[Sequence[str]], pa.Table],
        sources: Mapping[int, SourceId],
    ) -> None:
        self._folder, self._segments, self._tails, self._sources = folder, segments, tails, sources
        self._found: dict[Question[Any], list[Any]] = {}

    def foresee(self, questions: Iterable[Question[Any]]) -> None:
        """Answers all of them in one pass, for whoever asks one of them next."""
        asked = tuple(dict.fromkeys(one for one in questions if one not in self._found))
        if not asked:
            return

        of_parts = self._look(self._segments, lambda part: [one.look(part) for one in asked])
        self._found |= {one: [found[place] for found in of_parts] for place, one in enumerate(asked)}

    def among(self, segments: Sequence[SegmentRow], coded: pa.Schema, look: Callable[[Part], Found]) -> list[Found]:
        """What is in these segments, and in the lines that are in none; columns not in `coded` are read as texts."""
        return self._look(segments, look, coded)

    def notable(
        self, fingerprint: str, chosen: Callable[[Part], Ints], columns: Sequence[str], most: int
    ) -> pa.Table | None:
        """Notable lines of segments that watched this, and the chosen lines of all others; None where more than `most`.

        Of the former perhaps others, too. `columns` are those of `NOTABLE_SCHEMA`.
        """
        kept = [one for one in self._segments if one.watched == fingerprint]
        if sum(one.notable for one in kept) > most:
            return None
        schema = pa.schema([EVENT_SCHEMA.field(name) for name in columns])
        found: list[int] = []

        def of_part(part: Part) -> pa.Table:
            rows = chosen(part) if sum(found) <= most else np.empty(0, np.int64)
            found.append(len(rows))
            return complete(part.table(columns, rows), schema)

        def of_file(segment: SegmentRow) -> pa.Table:
            with opened(self._folder / notable_file(segment.name), schema) as file:
                return complete(file.read(columns=list(columns), use_threads=False), schema)

        others = self._look([one for one in self._segments if one.watched != fingerprint], of_part)
        with ThreadPoolExecutor(THREADS) as threads:
            tables = [*threads.map(of_file, [one for one in kept if one.notable]), *others]
        return None if sum(found) > most else pa.concat_tables([empty(schema), *tables])

    def _look(
        self, segments: Sequence[SegmentRow], look: Callable[[Part], Found], coded: pa.Schema = EVENT_SCHEMA
    ) -> list[Found]:
        def stored(segment: SegmentRow) -> Found:
            with opened(self._folder / events_file(segment.name), coded) as file:
                return look(self._part(segment, file))

        with ThreadPoolExecutor(THREADS) as threads:
            found = list(threads.map(stored, segments))
        pa.default_memory_pool().release_unused()  # what the columns took is not needed again soon
        tail = self._tail()
        return found if tail is None else [*found, look(tail)]

    def _part(self, segment: SegmentRow, file: pq.ParquetFile) -> Part:
        first = join_keys(segment.source, segment.first_line)
        return Part(
            np.arange(first, first + segment.lines, dtype=np.int64),
            self._sources,
            lambda name: file.read(columns=[name], use_threads=False).column(0),
            stored=True,
        )

    def ask(self, question: Question[Found]) -> list[Found]:
        """What there is in each part; foreseen, or looked for now. It is given away: whoever asks keeps the answer."""
        self.foresee((question,))
        return self._found.pop(question)

    def of_share(self, question: Question[Found], share: float) -> list[Found]:
        """The same of segments that hold this share of all stored lines, or a little more."""
        wanted, chosen = share * sum(one.lines for one in self._segments), list[SegmentRow]()
        for segment in self._segments:
            if sum(one.lines for one in chosen) < wanted:
                chosen.append(segment)
        return self._look(chosen, question.look)

    def knows(self, question: Question[Any]) -> bool:
        """Whether the question was foreseen, and not asked yet."""
        return question in self._found

    def _tail(self) -> Part | None:
        lines = self._tails(EVENT_SCHEMA.names)
        if not lines.num_rows:
            return None
        return Part(keys_of(lines), self._sources, lines.column)


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines per value (or pair of values) of stored columns, null too; `can_look` holds for the selector."""

    selector: Selector
    columns: tuple[str, ...]

    def look(self, part: Part) -> pa.Table:
        """The columns and `lines`."""
        rows = part.rows(self.selector)
        coded = [_numbered(part, name, rows) for name in self.columns] if len(rows) else []
        whole, size = np.zeros(len(rows), np.int64), 1
        for one in coded:
            whole, size = whole * one.size + one.numbers, size * one.size
        cells, counts = frequencies(whole, size)
        columns = []
        for one in reversed(coded):
            cells, own = np.divmod(cells, one.size)
            columns.append(one.value(own))
        names = self.columns if len(rows) else ()
        lines = numbers(counts.astype(np.int32))
        return pa.Table.from_arrays([*reversed(columns), lines], names=[*names, LINES])


def tally(survey: Survey, selector: Selector, columns: Sequence[str]) -> pa.Table | None:
    """Lines per value as they were foreseen, perhaps several rows a value; None where nobody foresaw the question."""
    question = Counts(selector, tuple(columns))
    if not survey.knows(question):
        return None
    schema = pa.schema([*(EVENT_SCHEMA.field(name) for name in columns), pa.field(LINES, pa.int64())])
    found = [complete(one, schema) for one in survey.ask(question) if one.num_rows]
    of_numbers = len(columns) == 1 and pa.types.is_integer(schema[0].type)
    return pa.concat_tables([empty(schema), *(_merged(found, schema) if of_numbers else found)])


def _merged(counts: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """One row a value where the values are small numbers: thousands of sizes in hundreds of segments."""
    total = np.zeros(FEW_VALUES, np.int64)
    for one in counts:
        values, lines = integers(one.column(0), NO_NUMBER), integers(one.column(LINES))
        small = (values >= 0) & (values < FEW_VALUES)
        total[values[small]] += lines[small]
        yield one.filter(masked(~small))
    present = np.flatnonzero(total)
    yield complete(pa.Table.from_arrays([numbers(present), numbers(total[present])], names=schema.names), schema)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A column as numbers from 0 (null) up to `size`, and the value of a number."""

    numbers: Ints
    size: int
    value: Callable[[Ints], pa.Array]


def _numbered(part: Part, name: str, rows: Ints) -> _Numbered:
    chosen = slice(None) if len(rows) == len(part) else rows
    if pa.types.is_dictionary(EVENT_SCHEMA.field(name).type):
        known = part.named(name)
        return _Numbered(
            known.places[chosen].astype(np.int64) + 1,
            len(known.names) + 1,
            lambda found: known.names.take(numbers(np.maximum(found - 1, 0), found == 0)),
        )
    given = part.integers(name)[chosen]
    missing = given == NO_NUMBER
    low = int(given[~missing].min(initial=0))
    plain = np.where(missing, 0, given - low + 1)
    return _Numbered(plain, int(plain.max(initial=0)) + 1, lambda found: numbers(found - 1 + low, found == 0))


def frequencies(values: Ints, size: int) -> tuple[Ints, Ints]:
    """The different values (below `size`), and how often each occurs."""
    if size > FEW_VALUES:
        return np.unique(values, return_counts=True)
    counts = np.bincount(values, minlength=1)
    present = np.flatnonzero(counts)
    return present.astype(np.int64), counts[present].astype(np.int64)
