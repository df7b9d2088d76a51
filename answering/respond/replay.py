"""Limits played through over the lines of a log: who would have been stopped, and when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.answer import Backtest
from core.arrow import integers
from core.event import IP, LINE, SOURCE, TIME
from core.key import Keys, keys_of
from core.plan import ANY_ATTACK
from core.selector import Selector
from stores.lake import Lake

MOST_LINES = 3_000_000
"""More lines than these are not played through: no rule is better than one whose effect is not known."""

_SECOND = 1_000_000

Tracks = dict[str, tuple[Keys, NDArray[np.int64]]]
"""Lines with an address and a time, by address: keys, and microseconds since 1970, in the order of time."""


def tracks_of(lake: Lake, keys: Keys) -> Tracks:
    """The lines of these keys."""
    table = lake.rows(keys, (SOURCE, LINE, TIME, IP))
    found, times, ips = keys_of(table), integers(table.column(TIME), -1), table.column(IP).to_pylist()
    places: dict[str, list[int]] = {}
    for place in np.lexsort((found, times)).tolist():
        ip = ips[place]
        if ip is not None and times[place] >= 0:
            places.setdefault(ip, []).append(place)
    return {ip: (found[own], times[own]) for ip, own in places.items()}


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

    def stopped(self, failures: Tracks, lines: Tracks) -> tuple[Keys, frozenset[str]]:
        """Keys of the lines of banned addresses behind the line that was one too many, and those addresses."""
        keys: list[Keys] = []
        banned: set[str] = set()
        for ip, (_, failed) in failures.items():
            for start in self.bans((failed // _SECOND).tolist()):
                banned.add(ip)
                found, times = lines[ip]
                inside = (times // _SECOND > start) & (times // _SECOND < start + self.ban_seconds)
                keys.append(found[inside])
        return _joined(keys), frozenset(banned)


@dataclass(frozen=True, slots=True)
class Bucket:
    """nginx's `limit_req … burst nodelay`: `per_minute` requests leak out, `burst` more fit in."""

    per_minute: int
    burst: int

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


def judged(lake: Lake, stopped: Keys, asked: Selector) -> Backtest:
    """What was stopped: attack lines of any type and others, and how much of the asked attack."""
    attacks = np.isin(stopped, lake.keys(Selector(types=ANY_ATTACK)), assume_unique=True)
    whole = lake.keys(replace(asked, types=asked.types or ANY_ATTACK))
    share = float(np.isin(whole, stopped, assume_unique=True).sum()) / len(whole) if len(whole) else None
    return Backtest(int(attacks.sum()), int((~attacks).sum()), share)


def _joined(parts: Sequence[Keys]) -> Keys:
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
