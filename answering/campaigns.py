"""Addresses that act as one: the same list of paths, tool or target, at the same time.

A shared network (/24, /64) supports a campaign that something else shows; neighbours alone are no evidence.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from answering.hit_lines import NO_TIME, NO_VALUE, HitLines, instant
from answering.site import refs_of
from core.event import AGENT, URL
from core.finding import IpCount
from core.report import Campaign
from core.taxonomy import AttackType
from stores.lake import Lake

LOOKED_AT = 20_000
"""So many lines are read at most, the first ones of each address: enough to know a list by."""

LIST_PATHS = 3
LIST_MARKS = 3
"""A list of paths has so many; fewer are shared by chance. Its smallest checksums, three in a row, are its marks."""

TOOL_PATHS = 20
"""Many use the same tool; at one time at one path they are likely one."""

APART = 3600 * 1_000_000
"""An hour (µs) without any of them ends a campaign."""

MAX_SHOWN = 5

_TOGETHER = frozenset({"bf-ssh-distributed", "bf-web-distributed", "cs-web-form", "cs-web-login", "dos-target"})
"""Behaviours over one target and many addresses: these act together by what was found."""

_BROWSERS = ("Mozilla/", "Opera/")
"""Everybody calls himself a browser; only other names tell a tool."""

Key = tuple[str, ...]


@dataclass(slots=True)
class _Address:
    """What one address did; times in µs."""

    name: str
    lines: int
    first: int
    last: int
    types: frozenset[str]
    paths: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)


def campaigns_of(lake: Lake, hits: HitLines) -> tuple[Campaign, ...]:
    """Campaigns among the hits' addresses, most lines first; cost grows with the hits, reading is bounded."""
    lines = hits.distinct()
    lines = lines.where((lines.ips != NO_VALUE) & (lines.times != NO_TIME))
    addresses = _addresses(hits, lines)
    if len(addresses) < 2:
        return ()
    _look(lake, lines, addresses)
    shared: dict[Key, list[int]] = defaultdict(list)
    for key, code in (*_own_keys(addresses), *_found_together(hits, addresses)):
        shared[key].append(code)
    groups = _Groups(list(addresses))
    for key, members in shared.items():
        for part in _at_one_time([(code, addresses[code]) for code in members]):
            groups.join(key, part)
    found = [_campaign([addresses[code] for code in codes], keys) for codes, keys in groups.found()]
    return tuple(sorted(found, key=lambda one: (-one.lines, one.source_ips[0].ip)))


def _addresses(hits: HitLines, lines: HitLines) -> dict[int, _Address]:
    codes, first, counts = np.unique(lines.ips, return_index=True, return_counts=True)
    last = len(lines) - 1 - np.unique(lines.ips[::-1], return_index=True)[1]
    types: dict[int, set[str]] = defaultdict(set)
    pairs = np.unique(hits.ips * len(hits.type_names) + hits.types) if len(hits) else np.empty(0, np.int64)
    for pair in pairs.tolist():
        types[pair // len(hits.type_names)].add(hits.type_names[pair % len(hits.type_names)])
    spans = zip(codes.tolist(), counts.tolist(), lines.times[first].tolist(), lines.times[last].tolist(), strict=True)
    return {
        code: _Address(lines.ip_names[code], count, start, end, frozenset(types[code]))
        for code, count, start, end in spans
    }


def _look(lake: Lake, lines: HitLines, addresses: dict[int, _Address]) -> None:
    """Reads the first lines of each address: what it asked for, and what it calls itself."""
    chosen = _first_lines(lines.ips, max(LOOKED_AT // len(addresses), 1))[:LOOKED_AT]
    rows = lake.events(refs_of(lake, lines.keys[chosen].tolist()), (URL, AGENT))
    texts = zip(lines.ips[chosen].tolist(), rows.column(URL).to_pylist(), rows.column(AGENT).to_pylist(), strict=True)
    for code, url, agent in texts:
        if url:
            addresses[code].paths.add(url.partition("?")[0])
        if agent:
            addresses[code].agents.add(agent)


def _first_lines(ips: NDArray[np.int64], each: int) -> NDArray[np.int64]:
    """Places of the first `each` lines of every address."""
    order = np.argsort(ips, kind="stable")
    starts = np.flatnonzero(np.diff(ips[order], prepend=-1))
    rank = np.arange(len(ips)) - np.repeat(starts, np.diff(starts, append=len(ips)))
    return np.sort(order[rank < each])


def _own_keys(addresses: dict[int, _Address]) -> Iterator[tuple[Key, int]]:
    for code, one in addresses.items():
        if len(one.paths) >= LIST_PATHS:
            marks = sorted(crc32(path.encode("utf-8", "surrogateescape")) for path in one.paths)
            for start in range(min(len(marks) - LIST_PATHS + 1, LIST_MARKS)):
                yield ("path_list", *map(str, marks[start : start + LIST_PATHS])), code
        for agent in one.agents:
            if not agent.startswith(_BROWSERS):
                for path in sorted(one.paths)[:TOOL_PATHS]:
                    yield ("tool", agent, path), code


def _found_together(hits: HitLines, addresses: dict[int, _Address]) -> Iterator[tuple[Key, int]]:
    for rule in sorted(_TOGETHER.intersection(hits.rule_names)):
        for code in np.unique(hits.of_rule(rule).ips).tolist():
            if code in addresses:
                yield ("target", rule), code


def _at_one_time(members: Iterable[tuple[int, _Address]]) -> Iterator[list[int]]:
    """Members in parts between which nobody was active for an hour; parts of one are nothing."""
    part: list[int] = []
    end = 0
    for code, one in sorted(members, key=lambda pair: (pair[1].first, pair[0])):
        if part and one.first > end + APART:
            if len(part) > 1:
                yield part
            part = []
        end = max(end, one.last) if part else one.last
        part.append(code)
    if len(part) > 1:
        yield part


class _Groups:
    """Addresses joined step by step, with what joins them."""

    def __init__(self, codes: list[int]) -> None:
        self._parent = {code: code for code in codes}
        self._keys: list[tuple[Key, int]] = []

    def join(self, key: Key, members: list[int]) -> None:
        """One group of all members' groups."""
        for code in members[1:]:
            self._parent[self._root(code)] = self._root(members[0])
        self._keys.append((key, members[0]))

    def found(self) -> Iterator[tuple[list[int], list[Key]]]:
        """The groups that something joins, and what."""
        keys: dict[int, list[Key]] = defaultdict(list)
        for key, code in self._keys:
            keys[self._root(code)].append(key)
        members: dict[int, list[int]] = defaultdict(list)
        for code in self._parent:
            members[self._root(code)].append(code)
        return ((members[root], joined) for root, joined in keys.items())

    def _root(self, code: int) -> int:
        while self._parent[code] != code:
            self._parent[code] = self._parent[self._parent[code]]
            code = self._parent[code]
        return code


def _campaign(members: list[_Address], keys: list[Key]) -> Campaign:
    shared = {key[0] for key in keys} | ({"network"} if _neighbours(members) else set())
    paths = Counter(path for one in members for path in one.paths)
    targets = [path for path, count in sorted(paths.items(), key=lambda pair: (-pair[1], pair[0])) if count > 1]
    return Campaign(
        source_ips=tuple(
            IpCount(one.name, one.lines) for one in sorted(members, key=lambda one: (-one.lines, one.name))
        ),
        types=tuple(kind for kind in AttackType if any(kind in one.types for one in members)),
        lines=sum(one.lines for one in members),
        first_seen=instant(min(one.first for one in members)),
        last_seen=instant(max(one.last for one in members)),
        shared=tuple(sorted(shared)),
        tools=tuple(sorted({key[1] for key in keys if key[0] == "tool"}))[:MAX_SHOWN],
        targets=tuple(targets[:MAX_SHOWN]),
    )


def _neighbours(members: list[_Address]) -> bool:
    """Whether half of the addresses have a neighbour in the same /24 or /64."""
    networks = Counter(network for one in members if (network := _network(one.name)))
    return 2 * sum(count for count in networks.values() if count > 1) >= len(members)


def _network(address: str) -> str:
    """The network of an address; nothing for a host name."""
    try:
        width = 24 if ip_address(address).version == 4 else 64
    except ValueError:
        return ""
    return str(ip_network(f"{address.partition('%')[0]}/{width}", strict=False))
