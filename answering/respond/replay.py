"""Limits played through over the lines of a log: who would have been stopped, and when."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from answering.respond.backtest import Kept
from core.arrow import codes, integers, numbers, texts
from core.event import IP, LINE, SOURCE, TIME
from core.key import Keys, keys_of
from core.selector import Selector
from stores.lake import Lake
from stores.selected import selected

MOST_LINES = 3_000_000
"""More lines than these are not played through: no rule is better than one whose effect is not known."""

_SECOND = 1_000_000

Tracks = dict[str, tuple[Keys, NDArray[np.int64]]]
"""Lines with an address and a time, by address: keys, and microseconds since 1970, in the order of time."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with an address and a time, in the order of address, time and key; `ips` are places in `names`."""

    keys: Keys
    times: NDArray[np.int64]
    ips: NDArray[np.int32]
    names: tuple[str, ...]

    @property
    def addresses(self) -> frozenset[str]:
        """Whose lines they are."""
        return frozenset(self.names[place] for place in np.unique(self.ips).tolist())

    def tracks(self) -> Tracks:
        """The same, address by address."""
        bounds = [*np.flatnonzero(np.diff(self.ips, prepend=-1)).tolist(), len(self.keys)]
        named = zip(self.ips[bounds[:-1]].tolist(), pairwise(bounds), strict=True)
        return {self.names[ip]: (self.keys[low:high], self.times[low:high]) for ip, (low, high) in named}

    def dense(self, least: int, pause_seconds: float) -> "Lines":
        """Only the runs of at least so many lines of an address with pauses shorter than these."""
        apart = (np.diff(self.ips) != 0) | (np.diff(self.times) >= pause_seconds * _SECOND)
        bounds = np.flatnonzero(np.concatenate([[True], apart, [True]])) if len(self.keys) else np.zeros(1, np.int64)
        lengths = np.diff(bounds)
        return self._where(np.repeat(lengths >= least, lengths))

    def among(self, keys: Keys) -> "Lines":
        """Only those with one of these keys."""
        return self._where(np.isin(self.keys, keys))

    def of(self, ips: Collection[str]) -> "Lines":
        """Only those of these addresses."""
        return self._where(np.array([name in ips for name in self.names], np.bool_)[self.ips])

    def _where(self, mask: NDArray[np.bool_]) -> "Lines":
        return Lines(self.keys[mask], self.times[mask], self.ips[mask], self.names)


NO_LINES = Lines(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int32), ())


def lines_of(lake: Lake, selector: Selector, most: int = MOST_LINES) -> Lines | None:
    """The selected lines that have an address and a time; None when more than `most` are selected."""
    table = selected(lake, selector, (SOURCE, LINE, TIME, IP), most)
    if table is None:
        return None
    column = table.column(IP).cast(pa.string()).dictionary_encode().unify_dictionaries()
    if not len(column):
        return NO_LINES
    ips = np.concatenate([codes(chunk) for chunk in column.chunks])
    found, times = keys_of(table), integers(table.column(TIME), -1)
    order = np.lexsort((found, times, ips))
    order = order[(ips[order] >= 0) & (times[order] >= 0)]
    return Lines(found[order], times[order], ips[order], tuple(column.chunk(0).dictionary.to_pylist()))


def keep_lines(kept: Kept | None, name: str, lines: Lines) -> None:
    """Keep them for further questions about the same state of the case."""
    if kept is not None:
        ips = pa.DictionaryArray.from_arrays(numbers(lines.ips), texts(lines.names))
        columns = [numbers(lines.keys), numbers(lines.times), ips]
        kept.keep_table(name, pa.Table.from_arrays(columns, names=["key", TIME, IP]))


def known_lines(kept: Kept | None, name: str) -> Lines | None:
    """Lines that were kept under the name; None when none were."""
    table = kept.table(name) if kept is not None else None
    if table is None:
        return None
    column = table.column(IP).unify_dictionaries()
    names = tuple(column.chunk(0).dictionary.to_pylist()) if len(column) else ()
    ips = np.concatenate([np.empty(0, np.int32), *(codes(chunk) for chunk in column.chunks)])
    return Lines(integers(table.column("key")), integers(table.column(TIME)), ips, names)


@dataclass(frozen=True, slots=True)
class Jail:
    """Who fails `retries` times within `find_seconds` is shut out for `ban_seconds`, as fail2ban 1.0 counts."""

    retries: int
    find_seconds: int
    ban_seconds: int

    def bans(self, times: Iterable[int]) -> Iterator[int]:
        """When an address that failed at these seconds, in order, is shut out; what comes meanwhile never arrives.

        Older failures are not forgotten one by one: their number is scaled to the time (`Ticket.adjustTime`).
        """
        retry, first, last, out = 0, 0, 0, -1
        for time in times:
            if time < out:
                continue
            if not retry or time - last >= self.find_seconds:
                retry, first = 0, time
            elif first < time - self.find_seconds:
                retry, first = round(retry / (time - first) * self.find_seconds), time - self.find_seconds
            last, retry = time, retry + 1
            if retry >= self.retries:
                out, retry = time + self.ban_seconds, 0
                yield time

    def within_reach(self, lines: Lines) -> Lines:
        """The lines that could shut somebody out if each were a failure: with a pause as long as the window it starts
        anew, and every failure counts one at most."""
        return lines.dense(self.retries, self.find_seconds)

    def shut_out(self, failures: Tracks) -> dict[str, tuple[int, ...]]:
        """The seconds at which each address is shut out, for those that are."""
        often = ((ip, times) for ip, (_, times) in failures.items() if len(times) >= self.retries)
        bans = {ip: tuple(self.bans((times // _SECOND).tolist())) for ip, times in often}
        return {ip: starts for ip, starts in bans.items() if starts}

    def stopped(self, bans: Mapping[str, Sequence[int]], lines: Tracks) -> Keys:
        """Keys of the lines of banned addresses in the seconds behind the one that was too much."""
        keys: list[Keys] = []
        for ip, starts in bans.items():
            found, times = lines[ip]
            seconds = times // _SECOND
            keys += [found[(seconds > start) & (seconds < start + self.ban_seconds)] for start in starts]
        return _joined(keys)


@dataclass(frozen=True, slots=True)
class Bucket:
    """nginx's `limit_req … burst nodelay`: `per_minute` requests leak out, `burst` more fit in."""

    per_minute: int
    burst: int

    def within_reach(self, lines: Lines) -> Lines:
        """The lines that could be refused or bring others to it: after a pause in which a full bucket leaks out, all
        is as in the beginning."""
        return lines.dense(self.burst + 1, (self.burst + 1) * 60 / self.per_minute)

    def stopped(self, lines: Tracks) -> Keys:
        """Keys of the lines that would have been refused (`ngx_http_limit_req_lookup`, times in milliseconds)."""
        refused = [
            keys[self._refused((times // 1000).tolist())] for keys, times in lines.values() if len(keys) > self.burst
        ]
        return _joined(refused)

    def _refused(self, times: Sequence[int]) -> NDArray[np.bool_]:
        rate, most = self.per_minute * 1000 // 60, self.burst * 1000
        excess, last, refused = 0, times[0], np.zeros(len(times), np.bool_)
        for place, time in enumerate(times[1:], 1):
            now = max(0, excess - rate * (time - last) // 1000 + 1000)
            refused[place] = now > most
            if now <= most:
                excess, last = now, time
        return refused


def _joined(parts: Sequence[Keys]) -> Keys:
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
