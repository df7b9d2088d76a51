"""What the reader must know beside an answer: conditions that these logs cannot meet, and times they do not cover."""

from collections.abc import Iterable

from answering.open_case import OpenCase
from answering.operations.codes import Column, Remark, column_of
from core.dimension import Dimension
from core.event import AGENT, DOMAIN, IP, METHOD, REFERRER, STATUS_CODE, URL, USER
from core.part import Note
from core.plan import EVERYTHING, Operation, Step
from core.selector import Selector

_ASKED: tuple[tuple[str, str, Column], ...] = (
    ("ips", IP, Column.IP),
    ("methods", METHOD, Column.METHOD),
    ("status_codes", STATUS_CODE, Column.STATUS),
    ("url_contains", URL, Column.PATH),
    ("paths", URL, Column.PATH),
    ("agent_contains", AGENT, Column.AGENT),
    ("user_contains", USER, Column.USER),
    ("referrer_contains", REFERRER, Column.REFERRER),
)
_GROUPED = {
    Dimension.IP: IP,
    Dimension.METHOD: METHOD,
    Dimension.STATUS: STATUS_CODE,
    Dimension.PATH: URL,
    Dimension.AGENT: AGENT,
    Dimension.USER: USER,
    Dimension.REFERRER: REFERRER,
    Dimension.DOMAIN: DOMAIN,
}


def remarks_on(step: Step, opened: OpenCase) -> tuple[Note, ...]:
    """Notes on what the step asks for, each once; the answer is right without them, and misunderstood."""
    sides = [step.selector, *([step.against] if step.against is not None else [])]
    notes = [note for side in sides for note in (*_columns(side, opened), *_window(side, opened))]
    by = _GROUPED.get(step.by) if step.by is not None else None
    if by is not None and step.by is not None and not _recorded(opened, by):
        notes.append(Note(Remark.COLUMN_ABSENT, {"column": column_of(step.by)}))
    if step.operation is Operation.HELP:
        return ()
    return tuple({(note.code, tuple(note.facts.items())): note for note in notes}.values())


def _columns(selector: Selector, opened: OpenCase) -> Iterable[Note]:
    for name, column, code in _ASKED:
        if getattr(selector, name) and not _recorded(opened, column):
            yield Note(Remark.COLUMN_ABSENT, {"column": code})


def _recorded(opened: OpenCase, column: str) -> bool:
    """Whether any line of the case has a value there."""
    return bool(opened.lake.top(EVERYTHING, column, 1))


def _window(selector: Selector, opened: OpenCase) -> Iterable[Note]:
    facts = opened.facts
    first, last = facts.first_seen, facts.last_seen
    if first is None or last is None or (selector.since is None and selector.until is None):
        return
    covered = {"first": first, "last": last}
    before = selector.since is not None and selector.since < first
    after = selector.until is not None and selector.until > last
    too_early = selector.until is not None and selector.until <= first
    if too_early or (selector.since is not None and selector.since > last):
        yield Note(Remark.WINDOW_OUTSIDE, covered)
    elif before or after:
        yield Note(Remark.WINDOW_PARTLY, covered)
