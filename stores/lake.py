"""The reader of a case: one unchanging snapshot of its lines and hits, asked with selectors only."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from core.arrow import empty, numbers
from core.errors import CaseError, InputError
from core.event import EVENT_SCHEMA, HIT_SCHEMA, IP, LINE, SOURCE, TIME
from core.key import Keys, join_keys, keys_of, split_keys
from core.line import LineRef
from core.selector import Selector
from core.source import Accounting, Source
from stores.account import total_of
from stores.activity import Minutes, activity_of
from stores.behaviour import Behaviours, flood_cells
from stores.busiest import Busiest, dominant_candidates
from stores.cases import SEGMENTS
from stores.closing import Closing
from stores.columns import column_sql, stored_column
from stores.company import company_of, followed_by
from stores.crowd import Crowd
from stores.digest import digest_of
from stores.ignoring import everything_seen, leave_out
from stores.lines import EvidenceLine, evidence_lines
from stores.relation import HITS, Relation
from stores.rows import hits_in_order
from stores.segment import complete
from stores.selector_sql import Query
from stores.snapshot import load, written_files
from stores.state import state_of
from stores.survey import LINES, Counts, Question, tally

_OLDEST_FIRST = f'"{TIME}" ASC NULLS LAST, "{SOURCE}", "{LINE}"'
_NEWEST_FIRST = f'"{TIME}" DESC NULLS LAST, "{SOURCE}" DESC, "{LINE}" DESC'
_PLACE = (SOURCE, LINE, TIME)


class Lake(Closing):
    """What a case holds at one instant; open with `Lake.open`, any number of them beside one writer.

    All figures count distinct physical lines. Times are aware UTC; tables carry naive UTC as `EVENT_SCHEMA` does.
    Raises `InputError` for a selector that cannot be asked and `StorageError` for a damaged or vanished case.
    """

    def __init__(self, relation: Relation) -> None:
        self._engine = relation.engine
        self._relation = relation
        self._behaviours = Behaviours(relation)
        self.sources: tuple[Source, ...] = relation.snapshot.sources
        self.state: str = state_of(relation.snapshot)
        self.files: tuple[str, ...] = written_files(relation.snapshot, relation.folder)
        self._ids = {source.number: source.id for source in self.sources}
        self._numbers = {source.id: source.number for source in self.sources}

    @classmethod
    def open(cls, case_dir: Path) -> "Lake":
        """A reader on the newest committed state; `CaseError("unknown_case")` when there is no such case."""
        folder = case_dir.resolve() / SEGMENTS
        if not folder.is_dir():
            raise CaseError("unknown_case", case=case_dir.name, known=())
        return cls(load(folder))

    def close(self) -> None:
        """Frees the engine."""
        self._engine.close()

    def add_hits(self, table: pa.Table) -> None:
        """Joins further hits (`HIT_SCHEMA`) to this snapshot, in memory only."""
        if table.num_rows:
            self._engine.keep(HITS, complete(table, HIT_SCHEMA))

    def ignore(self, selectors: Sequence[Selector]) -> tuple[int, ...]:
        """Hits that a selector picks are not seen from now on; the number of lines each of them concerns."""
        return leave_out(self._relation, selectors)

    def everything_seen(self) -> AbstractContextManager[None]:
        """A `with` block in which nothing is ignored."""
        return everything_seen(self._relation)

    def accounting(self) -> Accounting:
        """Where the physical lines of all sources went."""
        return total_of(source.accounting for source in self.sources)

    def count(self, selector: Selector) -> int:
        """How many lines are selected."""
        return self._relation.remembered(("count", selector), lambda: self._count(selector))

    def _count(self, selector: Selector) -> int:
        if (foreseen := tally(self._relation.survey, selector, ())) is not None:
            return sum(foreseen.column(LINES).to_pylist())
        query = Query()
        sql = f"SELECT count(*) FROM {self._relation.lines(query, selector, (LINE,))}"
        return int(str(self._engine.rows(sql, query.params)[0][0]))

    def per_ip(self, selector: Selector) -> tuple[tuple[str | None, int], ...]:
        """Lines per address, most first, then by address; lines without one are counted under None, last of equals."""
        return tuple(self._relation.remembered(("per ip", selector), lambda: self._grouped(selector, IP)))

    def dominant_ip(self, share: float) -> str | None:
        """The address with at least this share (more than 0.75) of the lines that have one or not; None without it."""
        return self._relation.remembered(("dominant", str(share)), lambda: self._dominant_ip(share))

    def _dominant_ip(self, share: float) -> str | None:
        everything = self.count(Selector())
        candidates = dominant_candidates(self._relation, share)
        return next((ip for ip in candidates if self.count(Selector(ips=(ip,))) >= share * everything), None)

    def per_rule(self, selector: Selector) -> tuple[tuple[str, int], ...]:
        """Lines per rule id among the hits that the selector's types and rules name, most first, then by id."""
        query = Query()
        hits = self._relation.hits(query, selector, ("rule.id", SOURCE, LINE))
        sql = f'SELECT "rule.id", count(*) FROM (SELECT DISTINCT * FROM {hits}) GROUP BY 1 ORDER BY 2 DESC, 1'
        return tuple(self._engine.rows(sql, query.params))

    def span(self, selector: Selector) -> tuple[datetime | None, datetime | None]:
        """First and last time among the selected lines."""
        query = Query()
        sql = f'SELECT min("{TIME}"), max("{TIME}") FROM {self._relation.lines(query, selector, (TIME,))}'
        first, last = self._engine.rows(sql, query.params)[0]
        return _aware(first), _aware(last)

    def refs(self, selector: Selector, limit: int | None = None, newest: bool = False) -> tuple[LineRef, ...]:
        """Selected lines by time, then source and line; lines without a time come last."""
        keys = self._ordered_keys(selector, _NEWEST_FIRST if newest else _OLDEST_FIRST, limit, 0)
        return tuple(self._refs(keys))

    def keys(self, selector: Selector) -> Keys:
        """The keys of the selected lines, sorted."""
        query = Query()
        lines = self._relation.lines(query, selector, (SOURCE, LINE))
        return np.sort(keys_of(self._engine.table(f"SELECT * FROM {lines}", query.params)))

    def line_numbers(self, selector: Selector) -> dict[int, list[int]]:
        """Sorted line numbers per source number."""
        sources, lines = split_keys(self.keys(selector))
        return {int(number): lines[sources == number].tolist() for number in np.unique(sources)}

    def digest(self, selector: Selector) -> tuple[int, str]:
        """Number of selected lines and the SHA-256 over "source id:line LF", sorted by source id, then line."""
        return digest_of(self.keys(selector), self._numbers)

    def lines(self, refs: Sequence[LineRef]) -> tuple[EvidenceLine, ...]:
        """The lines in the order asked; `InputError("unknown_line")` when one does not exist."""
        names = {source.number: (source.id, source.name) for source in self.sources}
        return tuple(evidence_lines(self.events(refs), names))

    def events(self, refs: Sequence[LineRef], columns: Sequence[str] = EVENT_SCHEMA.names) -> pa.Table:
        """Rows of the lines in the order asked, with these columns of `EVENT_SCHEMA`.

        Raises `InputError("unknown_line")` when a line does not exist.
        """
        return self.rows(np.array([self._key(ref) for ref in refs], dtype=np.int64), columns)

    def rows(self, keys: Keys, columns: Sequence[str] = EVENT_SCHEMA.names) -> pa.Table:
        """The same for lines given by their keys."""
        schema = pa.schema([field for field in EVENT_SCHEMA if field.name in columns])
        if len(keys) == 0:
            return empty(schema)
        table = self._relation.at(keys, list(dict.fromkeys((SOURCE, LINE, *schema.names))))
        found = keys_of(table)
        order = np.argsort(found)
        place = np.searchsorted(found, keys, sorter=order)
        known = place < len(found)
        known[known] = found[order[place[known]]] == keys[known]
        if not known.all():
            raise InputError("unknown_line", asked=len(keys), found=int(known.sum()))
        return complete(table.take(numbers(order[place])), schema)

    def page(self, selector: Selector, limit: int, offset: int = 0) -> pa.Table:
        """`EVENT_SCHEMA` rows `offset` to `offset + limit` of the selected lines by time, source and line."""
        return self.rows(self._ordered_keys(selector, _OLDEST_FIRST, limit, offset))

    def hits(self, selector: Selector) -> pa.Table:
        """`HIT_SCHEMA` rows of the selected lines (of the named types and rules only, when there are any)."""
        query = Query()
        hits = self._relation.hits(query, selector, HIT_SCHEMA.names)
        return hits_in_order(complete(self._engine.table(f"SELECT * FROM {hits}", query.params), HIT_SCHEMA))

    def histogram(self, selector: Selector, seconds: int, by_type: bool = False) -> pa.Table:
        """Lines per time bucket: `@timestamp` (start), `lines`, and with `by_type` also `akashi.type`."""
        query = Query()
        width = query.bind(seconds)
        groups = f'time_bucket(to_seconds({width}), "{TIME}", TIMESTAMP \'1970-01-01\') AS "{TIME}"'
        if by_type:
            groups += ', "akashi.type"'
            hits = self._relation.hits(query, selector, (SOURCE, LINE, TIME, "akashi.type"))
            rows = f"(SELECT DISTINCT * FROM {hits})"
        else:
            rows = self._relation.lines(query, selector, (TIME,))
        sql = f'SELECT {groups}, count(*) AS lines FROM {rows} WHERE "{TIME}" IS NOT NULL GROUP BY ALL ORDER BY ALL'
        return self._engine.table(sql, query.params)

    def top(self, selector: Selector, column: str, n: int) -> tuple[tuple[str, int], ...]:
        """The `n` most frequent values of a column (or of `url.path`), most first, then by value."""
        counts = self._relation.remembered((column, n, selector), lambda: self._grouped(selector, column, n + 1))
        return tuple((value, lines) for value, lines in counts if value is not None)[:n]

    def prepare(self, selectors: Iterable[Selector]) -> None:
        """Says what `sessions`, `bursts` and `sequence` will be asked for: one pass over the lines serves them all."""
        self._behaviours.prepare(selectors)

    def foresee(
        self, counts: Iterable[tuple[Selector, Sequence[str]]], confirmed: Iterable[Selector], crowds: bool
    ) -> None:
        """Says what will be asked of every line, so that one pass answers it all; nothing else changes.

        `counts` are selectors (of which `can_look` holds) and columns that their lines will be counted by, `confirmed`
        what `company` will be asked for; `crowds`: whether bursts of floods will be.
        """
        relation = self._relation
        questions: list[Question[Any]] = [Counts(selector, tuple(columns)) for selector, columns in counts]
        questions += [Minutes(), Busiest(), followed_by(relation, tuple(confirmed))]
        relation.survey.foresee([*questions, *([flood_cells(relation)] if crowds else [])])

    def sessions(self, selector: Selector, key: str, gap_seconds: float, crowd: Crowd) -> pa.Table:
        """Lines of runs of one key whose pauses are at most the gap, where they are a crowd."""
        return self._behaviours.sessions(selector, key, gap_seconds, crowd)

    def bursts(self, selector: Selector, key: str, window_seconds: float, crowd: Crowd) -> pa.Table:
        """Lines of one key in any stretch shorter than the window with `crowd.lines` of them, if a crowd."""
        return self._behaviours.bursts(selector, key, window_seconds, crowd)

    def sequence(
        self, failures: Selector, successes: Selector, key: str, within_seconds: float, crowd: Crowd
    ) -> pa.Table:
        """Success lines preceded, for the same key and within the time, by at least `crowd.lines` failed events."""
        return self._behaviours.sequence(failures, successes, key, within_seconds, crowd)

    def company(self, confirmed: Iterable[Selector]) -> pa.Table:
        """All requests, in no order, of the addresses with a few lines that one of the selectors picks."""
        asked = tuple(confirmed)
        rules = ",".join(sorted({rule for one in asked for rule in one.rules}))
        question = ("company", int(self._relation.ignoring), rules)
        return self._relation.remembered(question, lambda: company_of(self._relation, asked))

    def activity(self) -> pa.Table:
        """The ten longest silent stretches of each source, longest first.

        Columns: `log.source`, `since`, `until`, `seconds`, `usual_seconds` (95 % of the pauses between minutes with
        lines are no longer), `lines` (of the source, with a time).
        """
        return self._relation.remembered(("activity",), lambda: activity_of(self._relation))

    def pairs(self, selector: Selector, first: str, second: str) -> tuple[tuple[str | None, str | None, int], ...]:
        """Lines per pair of values of two columns, in no order."""
        query = Query()
        counts, given = self._counts(query, selector, (first, second))
        return tuple((one, two, int(count)) for one, two, count in self._engine.rows(counts, query.params, **given))

    def _grouped(self, selector: Selector, column: str, n: int | None = None) -> list[tuple[str | None, int]]:
        query = Query()
        counts, given = self._counts(query, selector, (column,))
        limit = "" if n is None else f" LIMIT {query.bind(n)}"
        sql = f"SELECT one::VARCHAR, lines FROM ({counts}) ORDER BY lines DESC, 1 ASC NULLS LAST{limit}"
        return [(value, int(lines)) for value, lines in self._engine.rows(sql, query.params, **given)]

    def _counts(self, query: Query, selector: Selector, columns: Sequence[str]) -> tuple[str, dict[str, pa.Table]]:
        """A SELECT of lines per value (columns `one`, `two`, `lines`), and the table it needs if this was foreseen."""
        values = ", ".join(
            f"{column_sql(column)} AS {name}" for column, name in zip(columns, ("one", "two"), strict=False)
        )
        foreseen = tally(self._relation.survey, selector, columns)
        if foreseen is not None:
            return f"SELECT {values}, sum(lines) AS lines FROM foreseen GROUP BY ALL", {"foreseen": foreseen}
        lines = self._relation.lines(query, selector, tuple(dict.fromkeys(map(stored_column, columns))))
        return f"SELECT {values}, count(*) AS lines FROM {lines} GROUP BY ALL", {}

    def _ordered_keys(self, selector: Selector, order: str, limit: int | None, offset: int) -> Keys:
        query = Query()
        lines = self._relation.lines(query, selector, _PLACE)
        page = "" if limit is None else f" LIMIT {query.bind(limit)} OFFSET {query.bind(offset)}"
        return keys_of(self._engine.table(f"SELECT * FROM {lines} ORDER BY {order}{page}", query.params))

    def _key(self, ref: LineRef) -> int:
        return join_keys(self._numbers.get(ref.source, 0), ref.line)

    def _refs(self, keys: Keys) -> list[LineRef]:
        sources, lines = split_keys(keys)
        return [LineRef(self._ids[source], line) for source, line in zip(sources.tolist(), lines.tolist(), strict=True)]


_VALUES = ("one", "two")


def _aware(time: object) -> datetime | None:
    return time.replace(tzinfo=UTC) if isinstance(time, datetime) else None
