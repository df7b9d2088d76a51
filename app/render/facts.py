"""Values of an answer as a person reads them: numbers grouped, times in the log's zone, codes worded, text inert."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from app.i18n import coded, number, text, words
from app.inert import inert
from core.dimension import Dimension
from core.part import Fact
from core.plan import Operation
from core.taxonomy import AttackType, Outcome

_LAYOUT = {"day": "%Y-%m-%d", "hour": "%Y-%m-%d %H:%M", "minute": "%Y-%m-%d %H:%M"}
_PLAIN = frozenset({"status", "year", "port", "line", "code"})
"""Numbers that are names: never grouped."""
_SECTIONS = {
    "measure": "measure",
    "section": "column",
    "operation": "operation",
    "action": "action",
    "reason": "outcome_reason",
    "explained": "outcome_explained",
    "blind_spot": "blind_spot",
    "phase": "phase",
}
"""Columns and facts that hold a code, and the section of the locales that has words for it."""


def zone_name(offset: int) -> str:
    """`UTC`, `+09:00`."""
    if not offset:
        return "UTC"
    sign, minutes = "-" if offset < 0 else "+", abs(offset) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def time_text(value: datetime | None, offset: int, layout: str = "%Y-%m-%d %H:%M:%S") -> str:
    """`2026-11-21 12:04:05 +09:00`, in the zone the log writes; a dash where there is no time."""
    if value is None:
        return "—"
    local = value.astimezone(timezone(timedelta(seconds=offset)))
    return f"{local.strftime(layout)} {zone_name(offset)}"


def fact_text(name: str, value: Fact, lang: str, offset: int) -> str:
    """The value of a fact or cell of this name, inert, with no line end in it."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        local = value.astimezone(timezone(timedelta(seconds=offset)))
        return local.strftime(_LAYOUT[name]) if name in _LAYOUT else time_text(value, offset)
    if isinstance(value, float):
        return f"{value:.1%}" if "share" in name else f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return str(value) if name in _PLAIN else number(value)
    return _code_text(name, value, lang)


def _code_text(name: str, value: str, lang: str) -> str:
    if name == "why":
        return coded("type", f"{value}.why", lang)
    if name in {"type", "types"}:
        return ", ".join(type_text(one, lang) for one in value.split(", "))
    if name in {"outcome", "outcomes"}:
        return ", ".join(outcome_text(one, lang) for one in value.split(", "))
    if name == "by":
        return dimension_text(value, lang)
    if name in _SECTIONS:
        return inert(coded(_SECTIONS[name], value, lang))
    return inert(value)


def type_text(value: str, lang: str) -> str:
    """The title of an attack type."""
    return text(f"type.{value}.title", lang) if value in set(AttackType) else inert(value)


def outcome_text(value: str, lang: str) -> str:
    """The word for an outcome."""
    return text(f"outcome.{value}.label", lang) if value in set(Outcome) else inert(value)


def dimension_text(value: str, lang: str) -> str:
    """What lines are grouped by, as the head of its column."""
    code = Dimension(value).name.lower() if value in set(Dimension) else value
    return inert(coded("column", code, lang))


def operation_text(operation: Operation, lang: str) -> str:
    """The name of an operation."""
    return coded("operation", operation.value, lang)


def sentence(section: str, code: str, facts: Mapping[str, Fact], lang: str, offset: int) -> str:
    """The words of a code with its facts filled in; a code without words shows itself and its facts, never nothing.

    A fact `value` is drawn as values of the fact `by` are.
    """
    by = str(facts.get("by", ""))
    worded = {
        name: fact_text(by if name == "value" and by else name, value, lang, offset) for name, value in facts.items()
    }
    template = words(lang).get(f"{section}.{code}")
    if template is None:
        return f"{code}: {', '.join(f'{name} {value}' for name, value in worded.items())}" if worded else code
    return template.format_map(_Known(worded))


class _Known(dict[str, str]):
    """A fact that a sentence needs and nobody brought shows as `?` instead of hiding the answer."""

    def __missing__(self, key: str) -> str:
        return "?"
