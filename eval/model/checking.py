"""A reply as the product checks it, without the way there: no gateway, no prompt, no second round."""

import time

from answering.model.checker import Checker
from answering.model.cited import ids_of
from answering.model.findings import Detectors
from answering.model.parse import MalformedError, parse_draft
from answering.model.review import Ground, review_all
from answering.operations.inquiry import Inquiry
from core.draft import Draft
from core.told import Told
from eval.model.plain_case import Opened
from models.chat import FaultCode
from models.fakes.lies.edit import written
from models.fakes.lies.lie import Lie

FOR_EVER = 1e12


def ground_of(case: Opened, language: str = "en") -> Ground:
    """What every reply about the case is held against; what was re-computed for one is known for the next."""
    report = case.report
    kinds = frozenset(one.type for one in report.findings)
    checker = Checker(Inquiry(case.opened, None, language, lambda _: None), time.monotonic, FOR_EVER)
    detectors = Detectors(report, case.opened.rules, {one.type: (one.selector,) for one in report.findings})
    return Ground(checker, detectors, ids_of(case.answer.parts), kinds, kinds)


def draft_in(lie: Lie) -> Draft | None:
    """The draft that a reply is, None where it is none."""
    try:
        return parse_draft(lie if isinstance(lie, str) else written(lie))
    except MalformedError:
        return None


def checked(draft: Draft | None, ground: Ground) -> Told:
    """What is shown of a reply."""
    if draft is None:
        return Told("lying", fault=FaultCode.MALFORMED)
    review = review_all(draft, ground)
    return Told(
        "lying",
        sentences=tuple(review.sentences),
        findings=review.told,
        benign=tuple(review.benign),
        claims=review.claims,
        struck=tuple(review.struck),
        omitted=review.omitted,
    )
