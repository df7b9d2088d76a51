"""D: instants, orders and stretches of time that are not so."""

# ruff: noqa: ARG001, ARG005 - every operator is given what any of them needs

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from core.draft import Draft, Statement, StatementKind
from models.fakes.lies import edit
from models.fakes.lies.counts import wrong
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

_ENDS = (StatementKind.FIRST, StatementKind.LAST, StatementKind.PEAK)
_SPANS = (StatementKind.DURATION, StatementKind.GAP)
_STAMP = re.compile(r"(?<!^)\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d|(?<=.)\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d")
_FORMATS = ("%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%b/%Y:%H:%M:%S")

Change = Callable[[str], Iterable[str]]


def retimed(draft: Draft, change: Change) -> list[Lie]:
    """Every instant that a field tells, changed."""
    return [
        *edit.findings(
            draft, lambda one: ({"first_seen": t} for t in change(one.first_seen)) if one.first_seen else ()
        ),
        *edit.findings(draft, lambda one: ({"last_seen": t} for t in change(one.last_seen)) if one.last_seen else ()),
        *edit.statements(draft, _ENDS, lambda one: ({"time": t} for t in change(one.time)) if one.time else ()),
    ]


def shifted(draft: Draft, *by: timedelta) -> list[Lie]:
    """Every instant, and every instant in the text, by so much."""

    def moved(text: str) -> Iterable[str]:
        return ((datetime.fromisoformat(text) + one).isoformat() for one in by)

    def in_text(text: str) -> Iterable[str]:
        for stamp in re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", text):
            for one in by:
                yield text.replace(stamp, (datetime.fromisoformat(stamp) + one).isoformat(), 1)

    return [*retimed(draft, moved), *edit.sentences(draft, in_text)]


def _d1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    by = timedelta(seconds=random.choice((1, 60, 3600, 86_400)))
    return shifted(draft, by, -by, timedelta(microseconds=1))


def _d2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    ends = edit.findings(draft, lambda one: [{"first_seen": one.last_seen, "last_seen": one.first_seen}])
    minus = edit.statements(draft, _SPANS, lambda one: [{"number": -(one.number or 1)}])
    return [*ends, *minus]


def _d3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The clock of another zone with the same label."""
    return shifted(draft, timedelta(hours=9), timedelta(hours=-9))


def _d4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The clock of the log, with no zone or with the wrong one."""

    def bare(text: str) -> Iterable[str]:
        local = datetime.fromisoformat(text) + timedelta(hours=9)
        yield local.replace(tzinfo=None).isoformat()
        yield local.replace(tzinfo=None).isoformat() + "Z"

    return retimed(draft, bare)


def _d5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return shifted(draft, timedelta(hours=1), timedelta(hours=-1))


def _d6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return shifted(draft, timedelta(days=365), timedelta(days=-365))


def _d7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def swapped(text: str) -> Iterable[str]:
        year, month, day = text[:4], text[5:7], text[8:10]
        if month != day:
            yield f"{year}-{day}-{month}{text[10:]}"

    return retimed(draft, swapped)


def _d8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    odd = retimed(draft, lambda text: (text[:11] + "24:00:00Z", text[:11] + "23:59:60Z", text[:11] + "03:00 PM"))
    return [*shifted(draft, timedelta(hours=12), timedelta(hours=-12)), *odd]


def _turned(one: Statement) -> Iterable[edit.Changes]:
    if one.against is not None:
        yield {"selector": one.against, "against": one.selector}


def _d9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, (StatementKind.ORDER, StatementKind.SEQUENCE), _turned)]


def _d10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """One finding before the other, in the text and as a statement, though they overlap or are of two clocks."""
    lies = list[Lie](edit.statements(draft, (StatementKind.SEQUENCE,), lambda _: [{"kind": StatementKind.ORDER}]))
    for one, other in zip(draft.findings, draft.findings[1:], strict=False):
        text = facts.words(
            f"First came {other.title}, then {one.title}.", f"{other.title}の後に{one.title}が起きました。"
        )
        lies.append(edit.saying(draft, text, one.id, other.id))
    return lies


def _d11(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    text = facts.words("All of it happened within 5 seconds.", "すべて5秒以内に起きました。")
    shrunk = edit.statements(draft, _SPANS, lambda one: ({"number": n} for n in wrong(one.number or 0, random)))
    return [*shrunk, edit.saying(draft, text)]


def _d12(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    still = facts.words("The attack is still going on.", "攻撃は現在も続いています。")
    later = retimed(draft, lambda text: [(datetime.fromisoformat(text) + timedelta(days=30)).isoformat()])
    longer = edit.statements(
        draft, (StatementKind.DURATION,), lambda one: [{"number": (one.number or 0) + 30 * 86_400}]
    )
    return [*later, *longer, edit.saying(draft, still)]


def _d13(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    without = edit.statements(draft, (StatementKind.GAP,), lambda one: ({"number": n} for n in (0, 1, 60)))
    text = facts.words("It went on without a break of even 1 second.", "1秒の中断もなく続きました。")
    return [*without, edit.saying(draft, text)]


def _d14(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Nothing happened in a year of which nothing was collected."""
    before = {"since": "2001-01-01T00:00:00+00:00", "until": "2002-01-01T00:00:00+00:00"}
    return [
        edit.added(draft, one, selector=one.selector.model_copy(update=before))
        for one in edit.of_kind(draft, StatementKind.ABSENCE)
    ]


def _d15(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """When the file was read."""
    read = datetime(2026, 11, 21, 12, 0, tzinfo=UTC).isoformat()
    return retimed(draft, lambda _: [read])


def _d16(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def epoch(text: str) -> Iterable[str]:
        seconds = int(datetime.fromisoformat(text).timestamp())
        yield f"{seconds}"
        yield f"{seconds * 1000}"
        yield datetime.fromtimestamp(seconds / 1000, UTC).isoformat()

    spans = edit.statements(draft, _SPANS, lambda one: [{"number": 1000 * (one.number or 1)}])
    return [*retimed(draft, epoch), *spans]


def _d17(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """An instant that stands in the middle of a line, where a client can write it."""
    stamps = (
        stamp
        for lines in facts.lines.values()
        for line in lines
        for stamp in _STAMP.findall(line.decode("utf-8", "replace")[40:])
    )
    found = list(dict.fromkeys(stamps))[:3] or ["2026-11-09T03:14:15"]
    return retimed(draft, lambda _: [_iso(stamp) for stamp in found])


def _iso(stamp: str) -> str:
    for form in _FORMATS:
        try:
            return datetime.strptime(stamp, form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return stamp


_D, _C, _ = Decidable
TIMES = (
    Operator("D1", "wrong first or last instant", _D, _d1),
    Operator("D2", "beginning and end exchanged", _D, _d2),
    Operator("D3", "the clock of another zone", _D, _d3),
    Operator("D4", "a clock without a zone", _C, _d4),
    Operator("D5", "an hour of summer time", _C, _d5),
    Operator("D6", "another year", _C, _d6),
    Operator("D7", "day and month exchanged", _D, _d7),
    Operator("D8", "twelve hours off, or no time of day", _D, _d8),
    Operator("D9", "order turned round", _D, _d9),
    Operator("D10", "an order that two clocks do not tell", _C, _d10),
    Operator("D11", "all at once", _D, _d11),
    Operator("D12", "longer than anything was logged", _D, _d12),
    Operator("D13", "without a break", _D, _d13),
    Operator("D14", "quiet where nothing was collected", _D, _d14),
    Operator("D15", "the time of reading", _D, _d15),
    Operator("D16", "seconds and milliseconds", _D, _d16),
    Operator("D17", "a time that an attacker wrote", _D, _d17),
)
