"""Is nothing found because there is nothing, or because these logs would not show it? The certificate says which."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from answering.absence.asked import families_of, ways_of
from answering.absence.collect import missing_of
from answering.absence.doubt import Doubt, judge, of_conditions, of_lines, of_reading, of_zones
from answering.absence.evidence import Way
from answering.absence.scope import Scope, gaps_in, scope_of
from answering.codes import BlindSpot
from answering.coverage import observe_coverage
from answering.open_case import OpenCase
from core.part import Certificate, Note, Sight
from core.selector import Selector
from detection.ruleset import RuleSet

_OF_WAYS = frozenset(
    {
        BlindSpot.NO_REQUEST_BODIES,
        BlindSpot.NO_OTHER_HEADERS,
        BlindSpot.NO_RESPONSE_BODIES,
        BlindSpot.NO_USER_AGENTS,
        BlindSpot.NO_ACCESS_LOG,
        BlindSpot.NO_ERROR_LOG,
        BlindSpot.NO_AUTH_LOG,
    }
)
"""What the notes say way by way, as far as the question is about it."""

_OF_TIMES = frozenset({BlindSpot.ZONE_ASSUMED, BlindSpot.YEAR_ASSUMED, BlindSpot.NO_TIMES})
"""Said only where a window is asked for."""


_SAID = {
    "seen_requests": {"seen_url"},
    "seen_web_login": {"seen_url"},
    "seen_refusals": {"seen_url", "seen_faults"},
}
"""What was looked at when the others were: requests are lines of access logs, refusals these and error logs'."""


def certify(opened: OpenCase, selector: Selector) -> Certificate:
    """What "nothing found" means for this selector, and what it rests on.

    `ABSENT` only when every source that would show it was read for the whole asked window and nothing in the scope was
    left unread; `missing` says what to collect otherwise. `PRESENT` when there are such lines after all.
    """
    lake = opened.lake
    scope = scope_of(lake, selector)
    decided, beyond = ways_of(selector, {one.family for one in scope.readings if one.source.accounting.parsed})
    families = sorted(families_of(selector))
    coverage = observe_coverage(lake, Selector(sources=scope.window.sources), 0) if scope.readings else None
    spots = tuple(coverage.blind_spots) if coverage else ()
    spots += tuple(one for one in opened.report().coverage.blind_spots if one == BlindSpot.OTHER_RULES)
    sightings = [judge(lake, scope, name, way, selector) for name, way in _in_scope(decided, scope, selector).items()]
    doubts = [
        *chain.from_iterable(one.doubts for one in sightings),
        *of_zones([one for sighting in sightings for one in sighting.read], selector, opened.facts.offset_seconds),
        *of_conditions(lake, scope, selector, families),
        *of_lines(lake, scope, selector),
        *of_reading(spots, selector),
    ]
    rules, behaviours = detectors(opened.rules, selector)
    doubts += _of_the_question(scope, selector, rules + behaviours)
    anything = bool(scope.readings) and lake.count(scope.window) > 0
    seen = [one.seen for one in sightings if anything]
    return Certificate(
        sight=_sight(lake.count(selector), doubts),
        sources=tuple(_told(scope)),
        lines=sum(one.source.accounting.lines for one in scope.readings),
        parsed=sum(one.source.accounting.parsed for one in scope.readings),
        unparsed=sum(one.source.accounting.unparsed for one in scope.readings),
        gaps=gaps_in(scope.readings, selector),
        blind_spots=_spots(spots, selector) if anything else (),
        rules=rules,
        behaviours=behaviours,
        missing=missing_of((one.collect for one in doubts), lake.sources),
        notes=_notes(opened, selector, seen, doubts, beyond if anything else ()),
    )


def detectors(rules: RuleSet, selector: Selector) -> tuple[int, int]:
    """How many rules and behaviours would have told of what is asked; none where the question names no attack."""
    if not selector.types and not selector.rules:
        return 0, 0
    named = [
        [one for one in items if (not selector.types or one.type in selector.types) and _named(one.id, selector)]
        for items in (rules.rules, rules.behaviours)
    ]
    return len(named[0]), len(named[1])


def _named(id_: str, selector: Selector) -> bool:
    return not selector.rules or id_ in selector.rules


def _in_scope(decided: dict[str, Way], scope: Scope, selector: Selector) -> dict[str, Way]:
    """Where sources or datasets were asked for, only what these can show; all of it where they can show nothing."""
    if not selector.sources and not selector.datasets:
        return decided
    asked = {one.family for one in scope.readings}
    shown = {name: way for name, way in decided.items() if asked.intersection(way.shown_in or ("access",))}
    return shown or decided


def _of_the_question(scope: Scope, selector: Selector, watching: int) -> list[Doubt]:
    doubts = (
        [] if any(one.source.accounting.lines for one in scope.readings) else [Doubt("logs", Note("absence_nothing"))]
    )
    if (selector.types or selector.rules) and not watching:
        doubts.append(Doubt("detector", Note("absence_no_detector")))
    return doubts


def _sight(found: int, doubts: Sequence[Doubt]) -> Sight:
    if found:
        return Sight.PRESENT
    return Sight.UNKNOWN if doubts else Sight.ABSENT


def _told(scope: Scope) -> Iterator[tuple[str, str, int, int, datetime | None, datetime | None]]:
    for one in scope.readings:
        source = one.source
        account = source.accounting
        yield source.name, source.dataset, account.lines, account.unparsed, source.first_seen, source.last_seen


def _spots(spots: Sequence[str], selector: Selector) -> tuple[str, ...]:
    timed = selector.since is not None or selector.until is not None
    unsaid = {BlindSpot.WINDOW_ASKED, *_OF_WAYS, *(() if timed else _OF_TIMES)}
    return tuple(str(one) for one in spots if one not in unsaid)


def _notes(
    opened: OpenCase, selector: Selector, seen: Iterable[Note | None], doubts: Iterable[Doubt], beyond: Iterable[str]
) -> tuple[Note, ...]:
    """First what is not known, then what was looked at, then what stays unseen even so.

    That nothing was looked at says nothing: what is not known says why. Nor does what the others say already.
    """
    notes = [one.note for one in doubts if one.note is not None]
    looked = {one.code: one for one in seen if one is not None and one.facts.get("lines", 1)}
    for one, said_by in _SAID.items():
        if said_by <= looked.keys():
            looked.pop(one, None)
    notes += looked.values()
    notes += [Note(f"beyond_{name}") for name in beyond]
    if selector.types or selector.rules:
        notes += _hidden_by_hand(opened, selector)
    return tuple(note for place, note in enumerate(notes) if note not in notes[:place])


def _hidden_by_hand(opened: OpenCase, selector: Selector) -> list[Note]:
    """Lines that the ignore list leaves out, and lines that only the window or the address leaves out."""
    shown = opened.lake.count(selector)
    with opened.lake.everything_seen():
        ignored = opened.lake.count(selector) - shown
    notes = [Note("absence_ignored", {"lines": ignored})] if ignored else []
    wide = Selector(types=selector.types, rules=selector.rules)
    elsewhere = 0 if shown or wide == selector else opened.lake.count(replace(wide, sources=selector.sources))
    return notes + ([Note("absence_elsewhere", {"lines": elsewhere})] if elsewhere else [])
