"""Selectors made of selectors: the lines of one value, or of the attack types that ended in a certain way."""

from collections.abc import Callable
from dataclasses import replace

from answering.operations.first_count import stretch
from answering.operations.inquiry import Inquiry, attacks_of
from core.dimension import SECONDS, Dimension
from core.event import AGENT, REFERRER, USER
from core.line import SourceId
from core.match import contains
from core.plan import Step
from core.selector import Selector
from core.taxonomy import AttackType

_EXACT: dict[Dimension, Callable[[Selector, str], Selector]] = {
    Dimension.IP: lambda one, value: replace(one, ips=(value,)),
    Dimension.METHOD: lambda one, value: replace(one, methods=(value,)),
    Dimension.STATUS: lambda one, value: replace(one, status_codes=((int(value), int(value)),)),
    Dimension.ACTION: lambda one, value: replace(one, actions=(value,)),
    Dimension.DATASET: lambda one, value: replace(one, datasets=(value,)),
    Dimension.SOURCE: lambda one, value: replace(one, sources=(SourceId(value),)),
    Dimension.TYPE: lambda one, value: replace(one, types=(AttackType(value),)),
    Dimension.RULE: lambda one, value: replace(one, rules=(value,)),
}
_BY_PART: dict[Dimension, tuple[str, Callable[[Selector, str], Selector]]] = {
    Dimension.AGENT: (AGENT, lambda one, value: replace(one, agent_contains=(value,))),
    Dimension.USER: (USER, lambda one, value: replace(one, user_contains=(value,))),
    Dimension.REFERRER: (REFERRER, lambda one, value: replace(one, referrer_contains=(value,))),
}


def of_value(inquiry: Inquiry, selector: Selector, by: Dimension, value: str) -> Selector | None:
    """The selected lines with this value; None where no selector picks exactly these."""
    if by in SECONDS:
        return stretch(selector, value, by)
    if by in _EXACT:
        return _EXACT[by](selector, value)
    if by is Dimension.PATH:
        return None if "?" in value or value.endswith("*") else replace(selector, paths=(value,))
    if by in _BY_PART:
        column, narrowed = _BY_PART[by]
        texts = inquiry.opened.recount.second.columns.coded(column).texts.to_pylist()
        alone = sum(contains((value,), text) for text in texts) == 1
        return narrowed(selector, value) if alone else None
    return None


def as_asked(step: Step, inquiry: Inquiry) -> Selector | None:
    """The step's selector, of the types that ended as asked only; None when no type did."""
    if not step.outcomes:
        return step.selector
    report = inquiry.report(attacks_of(step.selector))
    types = tuple(one.type for one in report.findings if one.outcome in step.outcomes)
    return replace(step.selector, types=types) if types else None
