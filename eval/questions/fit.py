"""Whether a planned step is about the lines that are asked for: the same, wider for want of a condition, or others."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.plan import ANY_ATTACK, Step
from core.selector import Selector
from eval.questions.schema import ANY, Picked, Planned


class Fit(StrEnum):
    """How a step's lines relate to the lines that are asked for."""

    SAME = "same"
    WIDER = "wider"  # a condition of the question is missing, and the sentence reads as if it answered the question
    OTHER = "other"  # a condition differs or was added; the sentence names it, so the reader sees the misreading


def fit(step: Step, planned: Planned | None) -> Fit:
    """Compare a step with what is expected of it; where nothing is, it is taken for the same (the strict side)."""
    if planned is None:
        return Fit.SAME
    found = {_selectors(planned.selector, step.selector), *_beside(step, planned)}
    for worst in (Fit.OTHER, Fit.WIDER):
        if worst in found:
            return worst
    return Fit.SAME


def same_lines(picked: Picked, selector: Selector) -> bool:
    """Whether the selector says exactly what the question does."""
    return _selectors(picked, selector) is Fit.SAME


def _beside(step: Step, planned: Planned) -> Iterator[Fit]:
    """The rest of a step; of it only what the question names is compared."""
    if planned.without is not None:
        yield _many(planned.without, step.selector.without)
    if planned.against is not None:
        yield _selectors(planned.against, step.against or Selector())
    if planned.by is not None:
        yield Fit.SAME if step.by == planned.by else Fit.OTHER
    if planned.limit is not None:
        yield _values(planned.limit, step.limit)
    if planned.outcomes is not None:
        yield _values(frozenset(planned.outcomes), frozenset(step.outcomes))


def _many(wanted: tuple[Picked, ...], got: tuple[Selector, ...]) -> Fit:
    if len(wanted) == len(got) and all(any(same_lines(one, other) for other in got) for one in wanted):
        return Fit.SAME
    return Fit.OTHER if got else Fit.WIDER


def _selectors(picked: Picked, selector: Selector) -> Fit:
    wanted, got = _conditions(picked), _conditions(selector)
    found = {_values(wanted.get(name), got.get(name)) for name in wanted.keys() | got.keys()}
    if Fit.OTHER in found:
        return Fit.OTHER
    return Fit.WIDER if Fit.WIDER in found else Fit.SAME


def _values(wanted: object, got: object) -> Fit:
    if wanted == got:
        return Fit.SAME
    return Fit.OTHER if got else Fit.WIDER


def _conditions(one: Picked | Selector) -> dict[str, Any]:
    """Conditions that are set, made comparable: order and letter case mean nothing, nor whether a path is whole."""
    paths = set(one.paths) | set(one.url_contains if isinstance(one, Selector) else ())
    types = ANY_ATTACK if one.types == ANY else one.types
    raw: dict[str, object] = {
        "ips": frozenset(one.ips),
        "since": _instant(one.since),
        "until": _instant(one.until),
        "types": frozenset(types),
        "rules": frozenset(one.rules),
        "methods": frozenset(one.methods),
        "status_codes": frozenset(tuple(pair) for pair in one.status_codes),
        "paths": frozenset(path.rstrip("*").lower() for path in paths),
        "datasets": frozenset(one.datasets),
        "actions": frozenset(one.actions),
    }
    for name in ("agent_contains", "user_contains", "referrer_contains", "raw_contains"):
        raw[name] = frozenset(text.lower() for text in getattr(one, name))
    return {name: value for name, value in raw.items() if value}


def _instant(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()
