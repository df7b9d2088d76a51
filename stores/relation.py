"""Selected lines as SQL: read from the small hits files where those know enough, else from the events."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from glob import escape
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import masked
from core.errors import StorageError
from core.event import (
    EVENT_SCHEMA,
    HIT_SCHEMA,
    LINE,
    RAW,
    SOURCE,
)
from core.key import Keys, join_keys, keys_of, split_keys
from core.selector import Selector
from stores.engine import Engine
from stores.known_values import KnownValues
from stores.registry import Snapshot
from stores.rows import rows_at
from stores.segment import SegmentRow, complete, events_file, hits_file
from stores.selector_sql import Conditions, Query, compile_selector, conjunction, raw_sql
from stores.survey import Survey

EVENTS = "memory_events"
HITS = "memory_hits"
IGNORED = "ignored_hits"

MANY_HITS = 300_000
"""Hits up to which all of them are taken into memory (about 100 bytes each): nearly every question asks for some."""

FEW_LINES = 32
"""Lines of one segment up to which the engine finds their bytes quicker than a reader that unpacks all of them."""

MANY_LINES = 1_500_000
"""Lines above which a selection is not kept in memory (about 100 bytes each)."""

_ID = f'"{SOURCE}", "{LINE}"'

Question = tuple[Selector | str | int, ...]
Answer = TypeVar("Answer")


class Relation:
    """The files and in-memory rows of one snapshot, and the SQL that picks lines out of them."""

    def __init__(self, folder: Path, snapshot: Snapshot, engine: Engine) -> None:
        self.snapshot = snapshot
        self.engine = engine
        self.folder = folder
        self.segments = [segment for segment in snapshot.segments if not segment.tail]
        self._numbers = {source.id: source.number for source in snapshot.sources}
        self._answers: dict[Question, Any] = {}
        self._known = KnownValues(
            lambda column, most: self.remembered((column, most), lambda: self._distinct(column, most))
        )
        self.ignoring = False
        self.source_ids = {source.number: source.id for source in snapshot.sources}
        self.survey = Survey(folder, self.segments, self.tails, self.source_ids)

    def lines(self, query: Query, selector: Selector, columns: Sequence[str]) -> str:
        """A subquery with these columns, one row per selected line (a line with many hits counts once)."""
        conditions = self.compile(query, selector)
        if not conditions.hit:
            return self._events(query, selector, columns, [*conditions.shared, *conditions.event])
        if not conditions.event and set(columns) <= set(HIT_SCHEMA.names):
            return self._lines_of_hits(query, selector, columns, conditions)
        hit_lines = self._hit_sql(query, selector, _ID, [*conditions.shared, *conditions.hit])
        asked = [*conditions.shared, *conditions.event, f"({_ID}) IN {hit_lines}"]
        return self._events(query, selector, columns, asked)

    def hits(self, query: Query, selector: Selector, columns: Sequence[str]) -> str:
        """A subquery with these columns, one row per hit that the selector's types and rules name."""
        conditions = self.compile(query, selector)
        asked = [*conditions.shared, *conditions.hit]
        if conditions.event:
            chosen = self._events(query, selector, (SOURCE, LINE), [*conditions.shared, *conditions.event])
            asked.append(f"({_ID}) IN {chosen}")
        return self._hit_sql(query, selector, _names(columns), asked)

    def _keep(self, name: str, sql: str, query: Query) -> bool:
        """Whether the rows are few enough to stay in memory as the table `name`."""
        try:
            found = self.engine.select_into(name, f"{sql} LIMIT {MANY_LINES + 1}", query.params)
        except StorageError as fault:
            if fault.code != "query_too_large":
                raise
            return False
        if found > MANY_LINES:
            self.engine.drop(name)
        return found <= MANY_LINES

    def remembered(self, question: Question, answer: Callable[[], Answer]) -> Answer:
        """The answer as given before, unless a selector of the question picks by hits, which may still grow."""
        if any(isinstance(part, Selector) and part.picks_by_hits for part in question):
            return answer()
        if question not in self._answers:
            self._answers[question] = answer()
        known: Answer = self._answers[question]
        return known

    def tails(self, columns: Sequence[str]) -> pa.Table:
        """These columns of the few lines that are in no stored segment."""
        schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])
        return complete(self.engine.table(f"SELECT {_names(schema.names)} FROM {EVENTS}", {}), schema)

    def at(self, keys: NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
        """These columns of the lines with these keys, in no order; only segments that hold them are read."""
        ordered = np.unique(keys)
        held = [(segment, _lines_within(segment, ordered)) for segment in self.segments]
        held = [(segment, lines) for segment, lines in held if len(lines)]
        single = [(segment, lines) for segment, lines in held if RAW in columns and len(lines) <= FEW_LINES]
        many = [one for one in held if one not in single] if single else held
        found = rows_at(self.folder, [one for one, _ in many], [lines for _, lines in many], columns)
        if single:
            found.append(self._single(single, columns))
        if len(ordered) > sum(len(lines) for _, lines in held) or not found:
            found.append(self._in_memory(ordered, columns))
        return pa.concat_tables(found).unify_dictionaries()

    def _single(self, held: Sequence[tuple[SegmentRow, Keys]], columns: Sequence[str]) -> pa.Table:
        """A few lines of each of these segments: the engine passes over the pages that hold none of them."""
        query = Query()
        files = self._parquet(query, [events_file(segment.name) for segment, _ in held])
        asked = query.bind(np.unique(np.concatenate([lines for _, lines in held])).tolist())
        sql = f'SELECT {_names(columns)} FROM {files} WHERE "{LINE}" IN (SELECT unnest({asked}::BIGINT[]))'
        schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])
        found = complete(self.engine.table(sql, query.params), schema)
        wanted = np.concatenate([join_keys(np.full(len(lines), one.source), lines) for one, lines in held])
        return found.filter(masked(np.isin(keys_of(found), wanted)))

    def _in_memory(self, ordered: NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
        query = Query()
        sources, lines = split_keys(ordered)
        places = f"unnest({query.bind(sources.tolist())}::INTEGER[]), unnest({query.bind(lines.tolist())}::BIGINT[])"
        sql = f"SELECT {_names(columns)} FROM {EVENTS} WHERE ({_ID}) IN (SELECT {places})"
        schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])
        return complete(self.engine.table(sql, query.params), schema)

    def _lines_of_hits(self, query: Query, selector: Selector, columns: Sequence[str], conditions: Conditions) -> str:
        hits = self._hit_sql(query, selector, _names({SOURCE, LINE, *columns}), [*conditions.shared, *conditions.hit])
        chosen = ", ".join(
            f'"{column}"' if column in (SOURCE, LINE) else f'any_value("{column}") AS "{column}"' for column in columns
        )
        return f"(SELECT {chosen} FROM {hits} GROUP BY {_ID})"

    def _hit_sql(self, query: Query, selector: Selector, columns: str, conditions: Sequence[str]) -> str:
        unread = set(self._unread_hits)
        files = [name for segment in self._of(selector) if (name := hits_file(segment.name)) in unread]
        seen = [f'({_ID}, "rule.id") NOT IN (SELECT * FROM {IGNORED})'] if self.ignoring else []
        return self._union(query, HITS, files, columns, [*conditions, *seen])

    @cached_property
    def _unread_hits(self) -> tuple[str, ...]:
        """The files of hits that are not in memory: none once their few rows are read, at the first question."""
        files = tuple(hits_file(one.name) for one in self.segments if one.hits)
        if not files or sum(one.hits for one in self.segments) > MANY_HITS:
            return files
        query = Query()
        self.engine.insert(HITS, f"SELECT {_names(HIT_SCHEMA.names)} FROM {self._parquet(query, files)}", query.params)
        return ()

    def _events(self, query: Query, selector: Selector, columns: Sequence[str], conditions: Sequence[str]) -> str:
        return self._events_in(query, self._of(selector), columns, conditions)

    def _events_in(
        self, query: Query, segments: Iterable[SegmentRow], columns: Sequence[str], conditions: Sequence[str]
    ) -> str:
        files = [events_file(segment.name) for segment in segments]
        return self._union(query, EVENTS, files, _names(columns), conditions)

    def _union(self, query: Query, memory: str, files: Sequence[str], columns: str, conditions: Sequence[str]) -> str:
        where = conjunction(conditions)
        parts = [f"SELECT {columns} FROM {memory} WHERE {where}"]
        if files:
            parts.append(f"SELECT {columns} FROM {self._parquet(query, files)} WHERE {where}")
        return f"({' UNION ALL '.join(parts)})"

    def _parquet(self, query: Query, files: Sequence[str]) -> str:
        return f"read_parquet({query.bind([self._path(file) for file in files])})"

    def _path(self, file: str) -> str:
        return escape(str(self.folder / file))  # the engine would read wildcards in a folder's name

    def _of(self, selector: Selector) -> list[SegmentRow]:
        if not selector.sources:
            return self.segments
        numbers = set(self._numbers_of(selector))
        return [segment for segment in self.segments if segment.source in numbers]

    def _numbers_of(self, selector: Selector) -> list[int]:
        return [self._numbers[source] for source in selector.sources if source in self._numbers]

    def compile(self, query: Query, selector: Selector) -> Conditions:
        """SQL of the selector over this snapshot."""
        asked = compile_selector(
            selector,
            query,
            self._numbers_of(selector),
            self._known.inside,
            self._known.agents,
            self._known.actions,
            self._raw_holds,
        )
        for one in selector.without:
            sql, on_hits = self._not(query, one)
            shared, event = ((sql,), ()) if on_hits else ((), (sql,))
            asked = Conditions((*asked.shared, *shared), (*asked.event, *event), asked.hit)
        return asked

    def _not(self, query: Query, selector: Selector) -> tuple[str, bool]:
        """SQL that holds for the lines that the selector does not pick, and whether hits know enough to ask it."""
        asked = self.compile(query, replace(selector, without=()))
        picked = [*asked.shared, *asked.event]
        if asked.hit:
            picked.append(f"({_ID}) IN {self._hit_sql(query, selector, _ID, asked.hit)}")
        return f"NOT coalesce({conjunction(picked)}, FALSE)", not asked.event

    def _raw_holds(self, query: Query, parts: Sequence[str]) -> list[str]:
        """Lines are searched byte by byte once; later questions look among the lines that were found."""
        if not parts:
            return []
        name = f"holding_{len(self._answers)}"
        asked = Query()
        lines = f"SELECT * FROM {self._events(asked, Selector(), (SOURCE, LINE), [raw_sql(asked, parts)])}"
        kept = self.remembered(("raw", *parts), lambda: name if self._keep(name, lines, asked) else None)
        return [raw_sql(query, parts) if kept is None else f"({_ID}) IN (SELECT * FROM {kept})"]

    def _distinct(self, column: str, most: int) -> tuple[str, ...]:
        query = Query()
        lines = self._events(query, Selector(), (column,), ())
        limit = f" LIMIT {query.bind(most)}" if most else ""
        sql = f'SELECT DISTINCT "{column}" FROM {lines} WHERE "{column}" IS NOT NULL{limit}'
        return tuple(str(text) for (text,) in self.engine.rows(sql, query.params))


def _names(columns: Collection[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _lines_within(segment: SegmentRow, ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    first = join_keys(segment.source, segment.first_line)
    low, high = np.searchsorted(ordered, (first, first + segment.lines))
    return split_keys(ordered[low:high])[1]
