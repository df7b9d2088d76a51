"""Selected lines kept in memory for the length of a conversation: a question asks many things of the same few lines."""

# ruff: noqa: S608 - SQL is put together from names of our own; every value is a bound parameter

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from weakref import WeakKeyDictionary, ref

from core.event import (
    ACTION,
    AGENT,
    DATASET,
    DOMAIN,
    HIT_SCHEMA,
    IP,
    LINE,
    METHOD,
    REFERRER,
    SOURCE,
    STATUS_CODE,
    TIME,
    URL,
    USER,
)
from core.key import Keys, keys_of
from core.selector import Selector
from stores.columns import column_sql
from stores.lake import Lake
from stores.relation import HITS
from stores.selector_sql import Query

COLUMNS = (SOURCE, LINE, TIME, IP, USER, METHOD, URL, STATUS_CODE, AGENT, REFERRER, DOMAIN, ACTION, DATASET)

FEW = 200_000
"""So many lines are kept at most (some ten megabytes)."""

_TABLES = 4
"""Selections kept at a time; the oldest goes first."""

_Key = tuple[Selector, bool, int]


class Picked:
    """The selections of one snapshot that are in memory, and the same figures of them as the lake gives."""

    def __init__(self, lake: Lake) -> None:
        self._relation = lake._relation
        self._tables: dict[_Key, str] = {}
        self._counts: dict[_Key, int] = {}
        self._lake = ref(lake)
        self._made = 0

    def count(self, selector: Selector) -> int:
        """As `Lake.count`, remembered for selections by hits as well."""
        key, lake = self._key(selector), self._lake()
        if key not in self._counts and lake is not None:
            self._counts[key] = lake.count(selector)
        return self._counts[key]

    def table(self, selector: Selector) -> str:
        """The in-memory table of the selected lines; to be asked for few lines only."""
        key = self._key(selector)
        if key not in self._tables:
            while len(self._tables) >= _TABLES:
                self._relation.engine.drop(self._tables.pop(next(iter(self._tables))))
            self._made += 1
            name = f"picked_{self._made}"
            query = Query()
            lines = self._relation.lines(query, selector, COLUMNS)
            self._relation.engine.select_into(name, f"SELECT * FROM {lines}", query.params)
            self._tables[key] = name
        return self._tables[key]

    def top(self, selector: Selector, column: str, n: int) -> tuple[tuple[str, int], ...]:
        """As `Lake.top`."""
        query = Query()
        value = f"(SELECT {column_sql(column)} AS value FROM {self.table(selector)})"
        counts = f"SELECT value::VARCHAR, count(*) AS lines FROM {value} WHERE value IS NOT NULL GROUP BY 1"
        rows = self._rows(f"{counts} ORDER BY lines DESC, 1 ASC LIMIT {query.bind(n)}", query)
        return tuple((str(value), int(str(lines))) for value, lines in rows)

    def distinct(self, selector: Selector, column: str) -> int:
        """How many different values; null is none."""
        rows = self._rows(f"SELECT count(DISTINCT {column_sql(column)}) FROM {self.table(selector)}")
        return int(str(rows[0][0]))

    def span(self, selector: Selector) -> tuple[datetime | None, datetime | None]:
        """As `Lake.span`."""
        first, last = self._rows(f'SELECT min("{TIME}"), max("{TIME}") FROM {self.table(selector)}')[0]
        return _aware(first), _aware(last)

    def _rows(self, sql: str, query: Query | None = None) -> Sequence[tuple[object, ...]]:
        return self._relation.engine.rows(sql, {} if query is None else query.params)

    def keys(self, selector: Selector, limit: int, newest: bool) -> Keys:
        """Keys of the first or the last lines by time, then source and line; lines without a time come last."""
        query, way = Query(), "DESC" if newest else "ASC"
        order = f'"{TIME}" {way} NULLS LAST, "{SOURCE}" {way}, "{LINE}" {way}'
        sql = f'SELECT "{SOURCE}", "{LINE}" FROM {self.table(selector)} ORDER BY {order} LIMIT {query.bind(limit)}'
        return keys_of(self._relation.engine.table(sql, query.params))

    def _key(self, selector: Selector) -> _Key:
        """When hits are added to those in memory, selections by hits may be others."""
        hits = self._relation.engine.rows(f"SELECT count(*) FROM {HITS}", {})[0][0] if selector.picks_by_hits else 0
        return selector, self._relation.ignoring, int(hits)


_PICKED: WeakKeyDictionary[Lake, Picked] = WeakKeyDictionary()


def picked_from(lake: Lake, selector: Selector, columns: Collection[str] = COLUMNS) -> Picked | None:
    """Where figures of these lines are to be had quickly; None when they are too many to be kept.

    None, too, where the small hits files alone tell these columns of them: the lake needs nothing else then.
    """
    picked = _PICKED.setdefault(lake, Picked(lake))
    if selector == Selector() or picked.count(selector) > FEW or _told_by_hits(lake, selector, columns):
        return None
    return picked


def _told_by_hits(lake: Lake, selector: Selector, columns: Collection[str]) -> bool:
    if not selector.picks_by_hits or selector.raw_contains or not set(columns) <= set(HIT_SCHEMA.names):
        return False
    asked = lake._relation.compile(Query(), selector)
    return bool(asked.hit) and not asked.event


def _aware(time: object) -> datetime | None:
    return time.replace(tzinfo=UTC) if isinstance(time, datetime) else None


def count_of(lake: Lake, selector: Selector) -> int:
    """How many lines are selected, remembered as long as the hits do not grow."""
    return _PICKED.setdefault(lake, Picked(lake)).count(selector)
