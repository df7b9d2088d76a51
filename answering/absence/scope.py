"""Which sources a question is about, and when they were silent inside the asked window."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from answering.absence.evidence import Family, family_of
from core.event import RAW, SOURCE, ParseStatus
from core.key import Keys, split_keys
from core.report import Gap
from core.selector import Selector
from core.source import Source
from stores.lake import Lake

SILENCE_LINES = 30
SILENCE_SECONDS = 900
SILENCE_FACTOR = 30
"""A pause is a hole when it lasts a quarter of an hour and 30 times what is usual, in a source of 30 lines or more.

Stricter than the gaps of a report (`answering.coverage`), which only point at what is odd: here a hole may hold the
very line that was asked for.
"""

EDGE_SECONDS = 60.0
EDGE_FACTOR = 2
EDGE_LONGEST = 3600.0
"""How late a source may begin inside the window (or how early end): twice its usual pause, a minute to an hour."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time from `since` to `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One source in the scope: what it covers (nothing without times) and how exactly its ends are known."""

    source: Source
    family: Family | None
    covered: tuple[Stretch, ...]
    silent: tuple[Stretch, ...]
    edge: timedelta


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources a selector is about; `window` is the selector without all conditions but sources and time."""

    readings: tuple[Reading, ...]
    window: Selector

    def of(self, families: Iterable[Family]) -> tuple[Reading, ...]:
        """The readings of these families."""
        wanted = set(families)
        return tuple(one for one in self.readings if one.family in wanted)


def scope_of(lake: Lake, selector: Selector) -> Scope:
    """The sources that the selector's `sources` and `datasets` leave."""
    pauses = _pauses(lake)
    readings = tuple(
        _reading(source, pauses.get(source.number, []))
        for source in lake.sources
        if (not selector.sources or source.id in selector.sources)
        and (not selector.datasets or source.dataset in selector.datasets)
    )
    window = Selector(since=selector.since, until=selector.until, sources=tuple(one.source.id for one in readings))
    return Scope(readings, window)


def holes(readings: Iterable[Reading], selector: Selector) -> tuple[Stretch, ...]:
    """Stretches of the asked window that none of the readings covers; without a window, of the time they cover."""
    timed = [one for one in readings if one.covered]
    if not timed:
        return ()
    begin = selector.since or min(one.covered[0].since for one in timed)
    end = selector.until or max(one.covered[-1].until for one in timed)
    edge = min(one.edge for one in timed)
    found, reached = [], begin
    for stretch in sorted((part for one in timed for part in one.covered), key=lambda part: part.since):
        if stretch.since > reached:
            found.append(Stretch(reached, min(stretch.since, end)))
        reached = max(reached, stretch.until)
    found.append(Stretch(reached, end))
    return tuple(one for one in found if one.until - one.since > edge)


def seconds_of(stretches: Iterable[Stretch]) -> float:
    """How long they are together."""
    return sum((one.until - one.since).total_seconds() for one in stretches)


def gaps_in(readings: Iterable[Reading], selector: Selector) -> tuple[Gap, ...]:
    """Silent stretches of single sources that reach into the asked window."""
    return tuple(
        Gap(one.source.id, part.since, part.until)
        for one in readings
        for part in one.silent
        if (selector.since is None or part.until > selector.since)
        and (selector.until is None or part.since < selector.until)
    )


def unread(lake: Lake, scope: Scope, selector: Selector) -> dict[str, int]:
    """How many lines of each parse status may hide what was asked: those in or beside the asked window.

    A line that was not understood has no time: it is placed by the lines with a time before and behind it. Where single
    IPv4 addresses are asked for, only lines that hold the text of one count.
    """
    found = {"unparsed": 0, "oversize": 0}
    for reading in scope.readings:
        account = reading.source.accounting
        if account.unparsed:
            found["unparsed"] += len(
                _naming(lake, _near(lake, reading.source, ParseStatus.UNPARSED, selector), selector)
            )
        if account.oversize:
            found["oversize"] += len(_near(lake, reading.source, ParseStatus.OVERSIZE, selector))
    return found


def _near(lake: Lake, source: Source, status: ParseStatus, window: Selector) -> Keys:
    """The lines of that status in or beside the window."""
    keys = lake.keys(Selector(sources=(source.id,), statuses=(status,)))
    low, high = _lines_around(lake, source, window)
    numbers = split_keys(keys)[1]
    return keys[(numbers > low) & (numbers < high)]


def _naming(lake: Lake, keys: Keys, selector: Selector) -> Keys:
    """Those that hold the text of an asked address; all of them where none can be looked for."""
    texts = [one.encode() for one in _addresses(selector)]
    if not texts or not len(keys):
        return keys
    raws = lake.rows(keys, (RAW,)).column(RAW).to_pylist()
    return keys[[place for place, raw in enumerate(raws) if any(text in raw for text in texts)]]


def _lines_around(lake: Lake, source: Source, window: Selector) -> tuple[float, float]:
    """Line numbers between which lines of the window lie."""
    own = Selector(sources=(source.id,))
    before = lake.refs(replace(own, until=window.since), 1, newest=True) if window.since else ()
    after = lake.refs(replace(own, since=window.until), 1) if window.until else ()
    low: float = before[0].line if before else 0
    high: float = after[0].line if after else float("inf")
    if window.since or window.until:
        inside = lake.line_numbers(replace(own, since=window.since, until=window.until)).get(source.number, [])
        low, high = min([low, *inside[:1]]), max([high, *inside[-1:]])
    return low, high


def _addresses(selector: Selector) -> tuple[str, ...]:
    """The asked addresses when each is a single IPv4 address: those are written in one way only."""
    plain = all(one.replace(".", "").isdigit() for one in selector.ips)
    return selector.ips if plain else ()


def _pauses(lake: Lake) -> dict[int, list[dict[str, object]]]:
    found: dict[int, list[dict[str, object]]] = {}
    for row in lake.activity().to_pylist():
        found.setdefault(row[SOURCE], []).append(row)
    return found


def _reading(source: Source, pauses: list[dict[str, object]]) -> Reading:
    usual = max((float(str(row["usual_seconds"] or 0)) for row in pauses), default=0.0)
    edge = timedelta(seconds=min(EDGE_LONGEST, max(EDGE_SECONDS, EDGE_FACTOR * usual)))
    silent = sorted((_stretch(row) for row in pauses if _is_hole(row)), key=lambda one: one.since)
    return Reading(source, family_of(source.dataset), _covered(source, silent), tuple(silent), edge)


def _is_hole(row: dict[str, object]) -> bool:
    seconds, usual, lines = (float(str(row[name] or 0)) for name in ("seconds", "usual_seconds", "lines"))
    return lines >= SILENCE_LINES and seconds >= max(SILENCE_SECONDS, SILENCE_FACTOR * usual)


def _stretch(row: dict[str, object]) -> Stretch:
    return Stretch(_aware(row["since"]), _aware(row["until"]))


def _aware(time: object) -> datetime:
    if not isinstance(time, datetime):
        raise TypeError(time)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _covered(source: Source, silent: Iterable[Stretch]) -> tuple[Stretch, ...]:
    if source.first_seen is None or source.last_seen is None:
        return ()
    parts, begin = [], source.first_seen
    for hole in silent:
        parts.append(Stretch(begin, hole.since))
        begin = hole.until
    return (*parts, Stretch(begin, source.last_seen))
