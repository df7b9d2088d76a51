"""Questions worth asking next, made of this case: codes and validated values, worded by `app/`."""

from collections.abc import Collection, Iterator, Sequence

from answering.open_case import OpenCase
from core.answer import Suggestion
from core.part import Part
from core.plan import Exchange, Operation
from core.taxonomy import Outcome

MOST = 4

OPERATION_OF: dict[str, Operation] = {
    "report": Operation.REPORT,
    "succeeded": Operation.OUTCOME,
    "profile_ip": Operation.PROFILE,
    "lines_of_type": Operation.LINES,
    "top_ips": Operation.TOP,
    "top_paths": Operation.TOP,
    "timeline": Operation.TIMELINE,
    "explain_type": Operation.EXPLAIN,
    "respond": Operation.RESPOND,
    "coverage": Operation.COVERAGE,
    "first_attack": Operation.FIRST,
}
"""What the planner must understand each suggestion as; locale keys `suggest.<code>`."""


def suggestions_of(opened: OpenCase, parts: Sequence[Part], history: Sequence[Exchange]) -> tuple[Suggestion, ...]:
    """At most four, none of what was asked already; the most useful first."""
    steps = [*(step for one in history for step in one.plan.steps), *(part.step for part in parts)]
    named = {ip for step in steps for ip in step.selector.ips}
    asked = {step.operation for step in steps}
    chosen: dict[str, Suggestion] = {}
    for one in _candidates(opened, named, first=not steps):
        repeated = OPERATION_OF[one.code] in asked and not _about_another(one, named)
        if one.code not in chosen and not repeated:
            chosen[one.code] = one
    return tuple(chosen.values())[:MOST]


def _about_another(one: Suggestion, named: Collection[str]) -> bool:
    return "ip" in one.facts and one.facts["ip"] not in named


def _candidates(opened: OpenCase, named: Collection[str], first: bool) -> Iterator[Suggestion]:
    report, facts = opened.report(), opened.facts
    if not report.findings:
        yield from (Suggestion(code) for code in ("report", "coverage", "top_ips", "top_paths", "timeline"))
        return
    if first:
        yield Suggestion("report")
    if any(one.outcome in (Outcome.SUCCEEDED, Outcome.UNKNOWN) for one in report.findings):
        yield Suggestion("succeeded")
    other = next((ip for ip in facts.attackers if ip not in named), None)
    if other is not None:
        yield Suggestion("profile_ip", {"ip": other})
    yield Suggestion("respond")
    kind = report.findings[0].type
    yield Suggestion("lines_of_type", {"type": kind})
    yield Suggestion("explain_type", {"type": kind})
    yield from (Suggestion(code) for code in ("timeline", "first_attack", "top_paths", "coverage", "report"))
