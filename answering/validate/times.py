"""FIRST and LAST: the earliest and the latest time of the selected lines, ISO 8601 in UTC."""

from datetime import datetime

from answering.claims import iso
from answering.hit_lines import NO_TIME, instant
from answering.validate.recount import Recount
from answering.validate.verdict import judge
from core.claim import Claim, Verdict


def check_first(claim: Claim, recount: Recount) -> Verdict:
    """The earliest time; None when no selected line has one."""
    return judge(claim, iso(_span(claim, recount)[0]), recount)


def check_last(claim: Claim, recount: Recount) -> Verdict:
    """The latest time; None when no selected line has one."""
    return judge(claim, iso(_span(claim, recount)[1]), recount)


def _span(claim: Claim, recount: Recount) -> tuple[datetime | None, datetime | None]:
    if claim.type is None:
        return recount.second.span(claim.selector)
    times = recount.selected(claim.selector, claim.type).times
    timed = times[times != NO_TIME]
    return (instant(int(timed.min())), instant(int(timed.max()))) if len(timed) else (None, None)
