"""Why a rule whose pattern is found on a line does not count there: the first thing it asks for and does not get."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import pyarrow as pa

from core import event
from core.field import Field
from core.match import in_ranges
from detection.condition import columns_of, holds
from detection.confirm import PREDICATES
from detection.explain import Explanation
from detection.pattern import compiled_pattern
from detection.precedence import yields
from detection.rule import Rule
from detection.ruleset import RuleSet
from detection.stored import decoded, fields_of


class Miss(IntEnum):
    """What stood in the way, in the order in which it is asked; the lower-case name is the code."""

    ALL = 1  # another pattern that must be there is not
    UNLESS = 2  # a pattern that must not be there is
    CONFIRM = 3  # the structure is not there
    METHOD = 4
    STATUS = 5
    CONDITION = 6  # the rest of the line does not fit
    YIELDS = 7  # a rule that names the deed itself was found as well


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One rule that came close; `detail` is the pattern, predicate or rule that decided (may be empty)."""

    rule: str
    field: Field
    matched: bytes
    miss: Miss
    detail: str


def near_misses(rules: RuleSet, columns: pa.Table, explanation: Explanation) -> tuple[NearMiss, ...]:
    """Of the rules that do not count on the first row of the columns, those of which a pattern is found."""
    counted = {hit.rule for hit in explanation.hits}
    missed = []
    for rule in rules.rules:
        if rule.id not in counted:
            found = list(_misses(rule, rules, columns, explanation))
            missed += [max(found, key=lambda one: one.miss)] if found else []  # the form that came furthest
    return tuple(missed)


def _misses(rule: Rule, rules: RuleSet, columns: pa.Table, explanation: Explanation) -> Iterator[NearMiss]:
    for field, raw in fields_of(columns, 0):
        if field not in rule.fields:
            continue
        for form in (raw, decoded(raw, field)):
            found = None if form is None else _first(rule, form)
            if form is not None and found is not None:
                miss, detail = _text_miss(rule, form, field) or _line_miss(rule, rules, columns, explanation)
                yield NearMiss(rule.id, field, found[0], miss, detail)


def _first(rule: Rule, form: bytes) -> re.Match[bytes] | None:
    matches = (compiled_pattern(pattern).search(form) for pattern in rule.match)
    return min((found for found in matches if found), key=lambda found: found.span(), default=None)


def _text_miss(rule: Rule, form: bytes, field: Field) -> tuple[Miss, str] | None:
    for pattern in rule.all_of:
        if not pattern.search(form):
            return Miss.ALL, pattern.pattern.decode("utf-8", "replace")
    for pattern in rule.unless:
        if pattern.search(form):
            return Miss.UNLESS, pattern.pattern.decode("utf-8", "replace")
    if rule.confirm is not None and not PREDICATES[rule.confirm](form, field):
        return Miss.CONFIRM, rule.confirm
    return None


def _line_miss(rule: Rule, rules: RuleSet, columns: pa.Table, explanation: Explanation) -> tuple[Miss, str]:
    method, status = (_value(columns, name) for name in (event.METHOD, event.STATUS_CODE))
    if rule.where.methods and method not in rule.where.methods:
        return Miss.METHOD, ", ".join(rule.where.methods)
    ranges = rule.where.status_codes
    if not in_ranges(ranges, status):
        return Miss.STATUS, ", ".join(f"{low}–{high}" for low, high in ranges)
    if rule.condition is not None:
        values = {name: _value(columns, name) for name in columns_of(rule.condition)}
        if not holds(rule.condition, values):
            return Miss.CONDITION, ""
    return Miss.YIELDS, _over(rule, rules, explanation)


def _over(rule: Rule, rules: RuleSet, explanation: Explanation) -> str:
    """The counted rule that this one gives way to."""
    counted = [found for hit in explanation.hits if (found := rules.rule(hit.rule)) is not None]
    named = [one.id for one in counted if yields(rule, one)]
    return next(iter(named or [one.id for one in counted]), "")


def _value(columns: pa.Table, name: str) -> object:
    return columns.column(name)[0].as_py() if name in columns.column_names else None
