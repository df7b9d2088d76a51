"""What was understood of a question, in words: every step with its conditions, what each piece was taken for."""

from collections.abc import Iterator, Mapping

from app.i18n import coded, number, text
from app.inert import inert
from app.render.facts import dimension_text, operation_text, outcome_text, time_text, type_text
from core.line import SourceId
from core.plan import ANY_ATTACK, Plan, Reading, Step
from core.selector import Selector

Names = Mapping[SourceId, str]
"""Names of sources as shown, by id."""

_TEXTS = (
    "ips",
    "rules",
    "methods",
    "url_contains",
    "paths",
    "agent_contains",
    "user_contains",
    "referrer_contains",
    "raw_contains",
    "datasets",
)


def step_text(step: Step, names: Names, lang: str, offset: int) -> str:
    """`Count · attack type: SQL injection · from 2026-11-21 22:00:00 +09:00`."""
    return " · ".join((operation_text(step.operation, lang), *_details(step, names, lang, offset)))


def _details(step: Step, names: Names, lang: str, offset: int) -> Iterator[str]:
    if step.by is not None:
        yield text("plan.by", lang, value=dimension_text(step.by.value, lang))
    if step.words:
        yield text("plan.words", lang, value=inert(step.words))
    yield from conditions(step.selector, names, lang, offset)
    if step.outcomes:
        yield text("plan.outcomes", lang, value=", ".join(outcome_text(one, lang) for one in step.outcomes))
    if step.against is not None:
        yield text("plan.against", lang, value=selector_text(step.against, names, lang, offset))
    if step.limit is not None:
        yield text("plan.limit", lang, value=number(step.limit))
    if step.newest:
        yield text("plan.newest", lang)


def selector_text(selector: Selector, names: Names, lang: str, offset: int) -> str:
    """All conditions of a selector; `all lines` when it has none."""
    return " · ".join(conditions(selector, names, lang, offset)) or text("plan.all_lines", lang)


def conditions(selector: Selector, names: Names, lang: str, offset: int) -> Iterator[str]:
    """Each condition that is set, in words; values are inert."""
    for name in _TEXTS:
        values: tuple[str, ...] = getattr(selector, name)
        if values:
            yield text(f"plan.{name}", lang, value=", ".join(map(inert, values)))
    if selector.since is not None:
        yield text("plan.since", lang, value=time_text(selector.since, offset))
    if selector.until is not None:
        yield text("plan.until", lang, value=time_text(selector.until, offset))
    if set(selector.types) == set(ANY_ATTACK):
        yield text("plan.any_attack", lang)
    elif selector.types:
        yield text("plan.types", lang, value=", ".join(type_text(kind, lang) for kind in selector.types))
    if selector.status_codes:
        yield text("plan.status_codes", lang, value=", ".join(_codes(*pair) for pair in selector.status_codes))
    if selector.actions:
        yield text("plan.actions", lang, value=", ".join(inert(coded("action", one, lang)) for one in selector.actions))
    if selector.sources:
        yield text("plan.sources", lang, value=", ".join(names.get(one, one) for one in selector.sources))
    if selector.statuses:
        yield text("plan.statuses", lang, value=", ".join(one.name.lower() for one in selector.statuses))
    for one in selector.without:
        yield text("plan.without", lang, value=selector_text(one, names, lang, offset))


def _codes(low: int, high: int) -> str:
    """`404`, `4xx`, `400–451`."""
    if low == high:
        return str(low)
    return f"{low // 100}xx" if low % 100 == 0 and high == low + 99 else f"{low}–{high}"


def reading_text(reading: Reading, question: str, lang: str) -> str:
    """`“昨夜” → from: 2026-11-20 18:00`: the words of the question, and what they were taken for."""
    piece = inert(question[reading.start : reading.end].strip())
    meant = f"{coded('reading', reading.code, lang)}: {_meant(reading, lang)}"
    return f"“{piece}” → {meant}" if piece else meant


def _meant(reading: Reading, lang: str) -> str:
    """The value in words where it is a code."""
    value = reading.value
    if reading.code == "type":
        return text("plan.any_attack", lang) if value == "any" else type_text(value, lang)
    if reading.code == "outcome":
        return outcome_text(value, lang)
    if reading.code == "operation":
        return inert(coded("operation", value, lang))
    return dimension_text(value, lang) if reading.code == "by" else inert(value)


def plan_lines(plan: Plan, question: str, names: Names, lang: str, offset: int) -> tuple[str, ...]:
    """The steps, then what each piece of the question was taken for, once; the notes name words without effect."""
    steps = [f"{place}. {step_text(step, names, lang, offset)}" for place, step in enumerate(plan.steps, 1)]
    readings = list(dict.fromkeys(reading_text(reading, question, lang) for reading in plan.readings))
    return (*steps, *([" · ".join(readings)] if readings else []))
