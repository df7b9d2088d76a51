"""The ordered table of operations, and the one function that runs a step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from answering.operations import (
    compare,
    count,
    coverage,
    explain,
    help,  # noqa: A004 - the operation is called so
    lines,
    outcome,
    point,
    profile,
    report,
    respond,
    search,
    timeline,
    top,
)
from answering.operations.codes import Remark
from answering.operations.inquiry import Inquiry
from answering.operations.remarks import remarks_on
from core.claim import VerdictStatus
from core.part import Note, Part
from core.plan import Operation, Step

Run = Callable[[Step, Inquiry], Part]

OPERATIONS: Mapping[Operation, Run] = MappingProxyType(
    {
        Operation.REPORT: report.run,
        Operation.COUNT: count.run,
        Operation.TOP: top.run,
        Operation.FIRST: point.run,
        Operation.LAST: point.run,
        Operation.TIMELINE: timeline.run,
        Operation.LINES: lines.run,
        Operation.PROFILE: profile.run,
        Operation.COMPARE: compare.run,
        Operation.OUTCOME: outcome.run,
        Operation.EXPLAIN: explain.run,
        Operation.RESPOND: respond.run,
        Operation.SEARCH: search.run,
        Operation.COVERAGE: coverage.run,
        Operation.HELP: help.run,
    }
)


def run_step(step: Step, inquiry: Inquiry) -> Part:
    """The part, with the notes that any operation needs; `InputError` for a selector that cannot be asked."""
    part = OPERATIONS[step.operation](step, inquiry)
    notes = list(remarks_on(step, inquiry.opened))
    refuted = sum(one.verdict.status is VerdictStatus.REFUTED for one in part.claims)
    if refuted:
        notes.append(Note(Remark.CLAIMS_CORRECTED, {"count": refuted}))
    return replace(part, notes=(*part.notes, *notes)) if notes else part
