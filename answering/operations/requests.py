"""Questions about requests: an error log repeats what the access log has already, so the access log alone counts."""

from dataclasses import replace

from answering.absence.evidence import family_of
from answering.operations import first_count
from answering.operations.codes import Remark
from answering.operations.inquiry import Inquiry
from answering.operations.narrow import as_asked
from core.dimension import Dimension
from core.part import Note
from core.plan import Step
from core.selector import Selector

_GROUPED = (Dimension.PATH, Dimension.METHOD, Dimension.STATUS, Dimension.AGENT, Dimension.REFERRER)
_ASKED = ("methods", "status_codes", "url_contains", "paths", "agent_contains", "referrer_contains")
_NAMED = ("types", "rules", "datasets", "sources", "actions", "raw_contains", "statuses")
"""Conditions that say themselves which lines are meant."""


def counted(step: Step, inquiry: Inquiry) -> tuple[Selector | None, tuple[Note, ...]]:
    """What `as_asked` gives, of requests their lines in access logs only, and a note when that leaves lines out."""
    selector = as_asked(step, inquiry)
    if selector is None or not _about_requests(selector, step.by):
        return selector, ()
    once = _once(selector, step.by, inquiry)
    return (selector, ()) if once is None else (once, (Note(Remark.REQUESTS_ONCE),))


def compared(sides: tuple[Selector, Selector], inquiry: Inquiry) -> tuple[tuple[Selector, Selector], tuple[Note, ...]]:
    """Both sides of a comparison, where both ask about requests: of each its lines in access logs only."""
    if not all(_about_requests(side, None) for side in sides):
        return sides, ()
    one, other = (_once(side, None, inquiry) for side in sides)
    notes = () if one is None and other is None else (Note(Remark.REQUESTS_ONCE),)
    return (one or sides[0], other or sides[1]), notes


def _about_requests(selector: Selector, by: Dimension | None) -> bool:
    """Whether it asks about requests, and neither about attacks nor about logs that it names."""
    if any(getattr(selector, name) for name in _NAMED):
        return False
    return by in _GROUPED or any(getattr(selector, name) for name in _ASKED)


def _once(selector: Selector, by: Dimension | None, inquiry: Inquiry) -> Selector | None:
    """The lines in access logs, where other lines tell of requests as well; None where all lines can be counted."""
    datasets = inquiry.opened.facts.datasets
    access = tuple(sorted(name for name in datasets if family_of(name) == "access"))
    others = replace(selector, datasets=tuple(sorted(set(datasets).difference(access))))
    if not access or not others.datasets:
        return None
    told = first_count.top(inquiry, others, by, 1) if by in _GROUPED else first_count.count(inquiry, others)
    once = replace(selector, datasets=access)
    return once if told and first_count.count(inquiry, once) else None
