"""Why an absence may not be one: each reason as something to say and something to collect."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from answering.absence.asked import carriers
from answering.absence.evidence import Family, Way
from answering.absence.scope import Reading, Scope, holes, seconds_of, unread
from answering.codes import BlindSpot
from answering.coverage import PROXY_LINES, PROXY_SHARE
from core.event import IP, USER
from core.part import Note
from core.selector import Selector
from stores.lake import Lake

_ADDRESS = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]+")
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)")

TOLD_HOLES = 5
"""So many holes are named; the rest is one number."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason: `collect` is a code of `collect.toml`, `note` says what is not known (None: `collect` says it)."""

    collect: str
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one way has shown: what was looked at, or why it decides nothing."""

    seen: Note | None
    doubts: tuple[Doubt, ...]
    read: tuple[Reading, ...] = ()


def judge(lake: Lake, scope: Scope, name: str, way: Way, selector: Selector) -> Sighting:
    """Whether what the selector asks would have been seen this way, in the whole of the asked window."""
    if not way.shown_in:
        return _hidden(lake, scope, name, way)
    readings = scope.of(way.shown_in)
    if not any(one.source.accounting.parsed for one in readings):
        return Sighting(None, (Doubt(way.collect, Note(f"unseen_{name}")),))
    if way.column and not _records(lake, readings, way.column):
        return Sighting(None, (Doubt(way.collect, Note(f"unseen_{name}")),), readings)
    lines = lake.count(replace(scope.window, sources=tuple(one.source.id for one in readings)))
    return Sighting(Note(f"seen_{name}", {"lines": lines}), tuple(_uncovered(readings, selector)), readings)


def _hidden(lake: Lake, scope: Scope, name: str, way: Way) -> Sighting:
    """A way that no log shows: it matters when requests that can go this way were made."""
    readings = scope.of(carriers(way))
    if not readings:
        return Sighting(None, (Doubt(way.collect, Note(f"unseen_{name}")),))
    window = replace(scope.window, sources=tuple(one.source.id for one in readings), methods=way.methods)
    lines = lake.count(window)
    if lines == 0:
        return Sighting(Note(f"none_{name}"), (), readings)
    return Sighting(None, (Doubt(way.collect, Note(f"hidden_{name}", {"lines": lines})),), readings)


def _records(lake: Lake, readings: Sequence[Reading], column: str) -> bool:
    """Whether each of the access logs writes the column at all."""
    return all(lake.top(Selector(sources=(one.source.id,)), column, 1) for one in readings)


def _uncovered(readings: Sequence[Reading], selector: Selector) -> Iterator[Doubt]:
    """Holes in the window, in the family that has the least of them: any one family is enough.

    Sources without times cover nothing of a window.
    """
    families = {one.family for one in readings if one.covered and one.family}
    if not families:
        if selector.since or selector.until:
            yield Doubt("times", Note("absence_no_times"))
        return
    by_family = {family: holes([one for one in readings if one.family == family], selector) for family in families}
    family = min(sorted(by_family), key=lambda one: seconds_of(by_family[one]))
    found = by_family[family]
    for hole in found[:TOLD_HOLES]:
        yield Doubt("missing_time", Note(f"absence_hole_{family}", {"since": hole.since, "until": hole.until}))
    if len(found) > TOLD_HOLES:
        yield Doubt("missing_time", Note("absence_more_holes", {"more": len(found) - TOLD_HOLES}))


def of_zones(readings: Iterable[Reading], selector: Selector, offset: int) -> Iterator[Doubt]:
    """Logs that write no zone, read in another than what the others write: a window misses their lines by hours."""
    if selector.since is None and selector.until is None:
        return
    assumed = {one.source.name: one.source.zone for one in readings if one.source.zone_source == "assumed"}
    others = sum(1 for zone in assumed.values() if _seconds_east(zone) != offset)
    if others:
        yield Doubt("zone", Note("absence_zone_assumed", {"sources": others}))


def _seconds_east(zone: str) -> int:
    """The offset of an assumed zone, which is UTC or written as `+09:00`."""
    written = _ZONE.fullmatch(zone)
    if written is None:
        return 0
    sign, hours, minutes = written.groups()
    return (-1 if sign == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60)


def of_lines(lake: Lake, scope: Scope, selector: Selector) -> Iterator[Doubt]:
    """Lines and files in the scope that were not understood or not read to their end."""
    odd = unread(lake, scope, selector)
    if odd["unparsed"]:
        yield Doubt("known_format", Note("absence_unparsed", {"lines": odd["unparsed"]}))
    if odd["oversize"]:
        yield Doubt("whole_lines", Note("absence_oversize", {"lines": odd["oversize"]}))


def of_reading(blind_spots: Sequence[str], selector: Selector) -> Iterator[Doubt]:
    """What the report of the case says of the reading itself."""
    if BlindSpot.INCOMPLETE_INPUT in blind_spots:
        yield Doubt("whole_file")
    if selector.types and BlindSpot.OTHER_RULES in blind_spots:
        yield Doubt("read_again")


def of_conditions(lake: Lake, scope: Scope, selector: Selector, families: Sequence[Family]) -> Iterator[Doubt]:
    """Conditions on what these logs do not record: whose address, which account."""
    own = tuple(one.source.id for one in scope.of(families))
    if not own:
        return
    if selector.ips:
        yield from _of_addresses(lake, Selector(sources=own))
    if selector.user_contains and not lake.top(Selector(sources=own), USER, 1):
        yield Doubt("web_users", Note("absence_no_users"))


def _of_addresses(lake: Lake, own: Selector) -> Iterator[Doubt]:
    """One address for everybody, or names instead of addresses: then no address can be missed."""
    lines = lake.count(own)
    most = lake.top(own, IP, 1)
    if lines >= PROXY_LINES and most and most[0][1] >= PROXY_SHARE * lines:
        yield Doubt("real_addresses", Note("absence_proxy", {"ip": most[0][0], "lines": most[0][1]}))
    named = sum(count for ip, count in lake.per_ip(own) if ip is not None and not _is_address(ip))
    if named:
        yield Doubt("addresses", Note("absence_host_names", {"lines": named}))


def _is_address(text: str) -> bool:
    """Whether the text is an address: the lake writes them in one way, and a host's name has other characters."""
    return _ADDRESS.fullmatch(text) is not None
