"""Selectors evaluated a second way: NumPy masks over columns of the Parquet files, with no query engine in between."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, masked
from core.event import ACTION, AGENT, DATASET, IP, METHOD, RAW, REFERRER, STATUS, STATUS_CODE, TIME, URL, USER
from core.key import Keys
from core.match import contains, matches, naive_utc, network, within
from core.selector import Selector
from core.taxonomy import AttackType
from stores.byte_search import holding, needles_of
from stores.columns import PATH
from stores.lake import Lake
from stores.second_columns import NO_NUMBER, Columns, Mask, Rows

HitKeys = Callable[[Collection[AttackType], Collection[str]], Keys]
"""Keys of the lines with a hit of one of these types (none: any) and, the same hit, of one of these rules."""

REMEMBERED = 16_000_000
"""So many places of lines are remembered at most, over all selectors (8 bytes each)."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as the lake stores it


class SecondCount:
    """What selectors pick, worked out without SQL; what was asked once is remembered while the case is open.

    Raises `InputError("bad_network")` and `StorageError` as the lake does.
    """

    def __init__(self, lake: Lake, hit_keys: HitKeys) -> None:
        self.columns = Columns(lake._relation)
        self._hit_keys = hit_keys
        self._number_of = {source.id: source.number for source in lake.sources}
        self._rows: dict[Selector, Rows] = {}

    def rows(self, selector: Selector) -> Rows:
        """Places of the selected lines in the columns, sorted."""
        if selector not in self._rows:
            found = self._selected(selector)
            while self._rows and sum(map(len, self._rows.values())) + len(found) > REMEMBERED:
                del self._rows[next(iter(self._rows))]
            self._rows[selector] = found
        return self._rows[selector]

    def keys(self, selector: Selector) -> Keys:
        """Keys of the selected lines, sorted."""
        found: Keys = self.columns.keys[self.rows(selector)]
        return found

    def span(self, selector: Selector) -> tuple[datetime | None, datetime | None]:
        """First and last time among the selected lines, aware UTC."""
        times = self.times(selector)
        return (_instant(times.min()), _instant(times.max())) if len(times) else (None, None)

    def times(self, selector: Selector) -> NDArray[np.int64]:
        """Microseconds since the epoch of the selected lines that have a time."""
        times = self.columns.integers(TIME)[self.rows(selector)]
        return np.asarray(times[times != NO_NUMBER])

    def counted(self, selector: Selector, column: str, most: int | None = None) -> dict[str, int]:
        """Lines per value of a text column, of `url.path`, or of a number column (as text); nulls are left out.

        With `most`, values that are not among the so many most frequent ones may be left out.
        """
        rows = self.rows(selector)
        if column == STATUS_CODE:
            numbers = self.columns.integers(column)[rows]
            values, counts = np.unique(numbers[numbers != NO_NUMBER], return_counts=True)
            return {str(value): count for value, count in zip(values.tolist(), counts.tolist(), strict=True)}
        if column == PATH and self._few(rows):
            return self._paths_of(rows)
        coded = self.columns.coded(column)
        counts = np.bincount(coded.codes[rows] + 1, minlength=len(coded.texts) + 1)[1:]
        present = np.flatnonzero(counts)
        if most is not None and 0 < most < len(present):
            least = np.partition(counts[present], len(present) - most)[len(present) - most]
            present = np.flatnonzero(counts >= least)
        return dict(zip(coded.values(present), counts[present].tolist(), strict=True))

    def most(self, selector: Selector, column: str, limit: int | None) -> tuple[tuple[str, int], ...]:
        """The most frequent of those, most lines first, then by value."""
        counted = self.counted(selector, column, limit)
        return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])

    def distinct(self, selector: Selector, column: str) -> int:
        """How many different values they have."""
        rows = self.rows(selector)
        if column == STATUS_CODE or (column == PATH and self._few(rows)):
            return len(self.counted(selector, column))
        coded = self.columns.coded(column)
        return int(np.count_nonzero(np.bincount(coded.codes[rows] + 1, minlength=len(coded.texts) + 1)[1:]))

    def _few(self, rows: Rows) -> bool:
        """Whether it is quicker to read the URLs of these lines than the paths of all lines."""
        return not self.columns.is_read(PATH) and len(rows) <= len(self.columns) // 8

    def _paths_of(self, rows: Rows) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for urls in self.columns.looked_at(URL, rows, lambda _, urls: urls.to_pylist()):
            counts.update(url.partition("?")[0] for url in urls if url is not None)
        return dict(counts)

    def _selected(self, selector: Selector) -> Rows:
        rows = self._by_codes(selector)
        if selector.types or selector.rules:
            hit = self.columns.rows_of(self._hit_keys(selector.types, selector.rules))
            rows = hit[self._among(hit, rows)]
        if selector.paths:
            rows = self._at_paths(selector.paths, rows)
        for column, parts in ((URL, selector.url_contains), (RAW, selector.raw_contains)):
            if parts:
                rows = self._holding(column, parts, rows)
        for one in selector.without:
            rows = rows[~self._among(rows, self.rows(replace(one, without=())))]
        return rows

    def _among(self, rows: Rows, others: Rows) -> Mask:
        """Which of the rows are among the others."""
        flags = np.zeros(len(self.columns), np.bool_)
        flags[others] = True
        return np.asarray(flags[rows])

    def _by_codes(self, selector: Selector) -> Rows:
        """What columns of codes and numbers decide; those with the fewest bytes are asked first."""
        mask = np.ones(len(self.columns), np.bool_)
        if selector.sources:
            numbers = [self._number_of[one] for one in selector.sources if one in self._number_of]
            mask &= np.isin(self.columns.source_numbers(), numbers)
        if selector.statuses:
            mask &= np.isin(self.columns.integers(STATUS), [int(one) for one in selector.statuses])
        if selector.since is not None or selector.until is not None:
            mask &= self._in_window(selector)
        if selector.status_codes:
            mask &= self._in_ranges(selector.status_codes)
        for column, wanted in _wanted(selector):
            if not mask.any():
                break
            mask &= self._where(column, wanted)
        return np.flatnonzero(mask).astype(np.int64)

    def _in_window(self, selector: Selector) -> Mask:
        times = self.columns.integers(TIME)
        mask = times != NO_NUMBER
        if selector.since is not None:
            mask &= times >= _micros(selector.since)
        if selector.until is not None:
            mask &= times < _micros(selector.until)
        return np.asarray(mask)

    def _in_ranges(self, ranges: Iterable[tuple[int, int]]) -> Mask:
        status = self.columns.integers(STATUS_CODE)
        mask = np.zeros(len(status), np.bool_)
        for low, high in ranges:
            mask |= (status >= low) & (status <= high) & (status != NO_NUMBER)
        return mask

    def _where(self, column: str, wanted: Callable[[str], bool]) -> Mask:
        """Lines whose text is wanted, asked once a different text; a line without one is not."""
        coded = self.columns.coded(column)
        flags = np.array([*map(wanted, coded.texts.to_pylist()), False], np.bool_)
        return np.asarray(flags[coded.codes])

    def _at_paths(self, paths: tuple[str, ...], rows: Rows) -> Rows:
        """Asked of every path once where paths are at hand, else of the URLs that hold one of the texts anywhere."""
        asked = Selector(paths=paths)
        if self.columns.is_read(PATH):
            return rows[self._where(PATH, lambda path: matches(asked, {URL: path}))[rows]]
        starts = needles_of([path.removesuffix("*") for path in paths])
        return self._found(
            rows, URL, lambda urls: _each(urls, holding(urls, starts), lambda url: matches(asked, {URL: url}))
        )

    def _holding(self, column: str, parts: tuple[str, ...], rows: Rows) -> Rows:
        needles = needles_of(parts)
        return self._found(rows, column, lambda texts: holding(texts, needles))

    def _found(self, rows: Rows, column: str, look: Callable[[pa.Array], Mask]) -> Rows:
        found = self.columns.looked_at(column, rows, lambda places, texts: places[look(texts)])
        return np.concatenate([np.empty(0, np.int64), *found])


def _wanted(selector: Selector) -> Iterable[tuple[str, Callable[[str], bool]]]:
    """Conditions on texts, each asked of a text by itself."""
    for column, allowed in ((METHOD, selector.methods), (ACTION, selector.actions), (DATASET, selector.datasets)):
        if allowed:
            yield column, frozenset(map(str, allowed)).__contains__
    if selector.ips:
        yield IP, _from(selector.ips)
    for column, parts in (
        (AGENT, selector.agent_contains),
        (USER, selector.user_contains),
        (REFERRER, selector.referrer_contains),
    ):
        if parts:
            yield column, partial(contains, parts)


def _from(allowed: tuple[str, ...]) -> Callable[[str], bool]:
    single = frozenset(text for text in allowed if "/" not in text)
    networks = [network(text) for text in allowed if "/" in text]
    return lambda ip: ip in single or (bool(networks) and within(ip, networks))


def _each(texts: pa.Array, asked: Mask, wanted: Callable[[str], bool]) -> Mask:
    """The texts to be asked that are wanted, of equal ones one is asked."""
    encoded = texts.filter(masked(asked)).dictionary_encode()
    flags = np.array([*map(wanted, encoded.dictionary.to_pylist()), False], np.bool_)
    found = asked.copy()
    found[asked] = flags[codes(encoded)]
    return found


def _micros(time: datetime) -> int:
    return (naive_utc(time) - _EPOCH) // timedelta(microseconds=1)


def _instant(micros: np.int64) -> datetime:
    return (_EPOCH + timedelta(microseconds=int(micros))).replace(tzinfo=UTC)
