"""Show a hit on the raw line: which bytes matched, what they decode to, and every rule that fires."""

import re
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from core import event
from core.field import Field
from detection.condition import qualified
from detection.pattern import compiled_pattern
from detection.rounds import rounds
from detection.rule import Rule
from detection.scanner import Check, Scanner, candidate_check
from detection.stored import decoded, fields_of, records_of

MAX_MAPPED = 2048
"""Longest field whose decoded offsets are mapped back byte by byte; of a longer one the whole field is shown."""


@dataclass(frozen=True, slots=True)
class FieldForms:
    """One field as logged, and what each round of decoding made of it (none: nothing is encoded)."""

    field: Field
    raw: bytes
    rounds: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class HitPlace:
    """One rule that fires on the line: in which field, and which bytes of the raw line."""

    rule: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the scanner saw of one line and what it made of it."""

    fields: tuple[FieldForms, ...]
    hits: tuple[HitPlace, ...]


def explain(scanner: Scanner, columns: pa.Table, row: int = 0) -> Explanation:
    """Every field form and every hit of one row of EVENT_SCHEMA columns (RAW included)."""
    one = columns.slice(row, 1)
    raw = one.column(event.RAW)[0].as_py()
    hits = qualified(scanner.scan(*records_of(one)), one, scanner.ruleset.conditions)
    places = []
    for index, number in zip(hits.rules.tolist(), hits.fields.tolist(), strict=True):
        rule = scanner.ruleset.rules[index]
        start, end = match_span(rule, raw, one, field=Field(number))
        places.append(HitPlace(rule.id, Field(number), start, end))
    forms = tuple(FieldForms(field, text, rounds(text, field)) for field, text in fields_of(one, 0))
    return Explanation(forms, tuple(places))


def match_span(rule: Rule, raw: bytes, columns: pa.Table, row: int = 0, field: Field | None = None) -> tuple[int, int]:
    """(start, end) of the first part of `raw` that the rule matches; (0, 0) when the rule matches nothing.

    `columns` are EVENT_SCHEMA columns of the line. A match in the decoded form is mapped back to the bytes that decode
    to it; where that is not possible the whole field is given.
    """
    for candidate, text in fields_of(columns, row):
        if candidate not in rule.fields or (field is not None and candidate != field):
            continue
        at = _offset(raw, columns, row, candidate, text)
        if at < 0:
            continue
        if (span := _first(rule, text, candidate)) is not None:
            return at + span[0], at + span[1]
        form = decoded(text, candidate)
        if form is not None and (span := _first(rule, form, candidate)) is not None:
            start, end = _undecoded(text, form, span, candidate)
            return at + start, at + end
    return 0, 0


def _offset(raw: bytes, columns: pa.Table, row: int, field: Field, text: bytes) -> int:
    """Where the field begins in the raw line, or -1. User agent and referrer stand at the end, the target before."""
    if field in (Field.USER_AGENT, Field.REFERRER):
        return raw.rfind(text)
    if field in (Field.PATH, Field.QUERY):
        url = str(columns.column(event.URL)[row].as_py()).encode("utf-8", "surrogateescape")
        at = raw.find(url)
        if at < 0:
            return -1
        return at + url.find(b"?") + 1 if field == Field.QUERY else at
    return raw.find(text)


def _first(rule: Rule, text: bytes, field: Field) -> tuple[int, int] | None:
    """The leftmost, longest match. A structural rule reads whole values, so its match grows to the value's bounds."""
    check = _check(rule)
    if check is not None and not check(text, field):
        return None
    found = [match.span() for pattern in _patterns(rule.match) if (match := pattern.search(text)) is not None]
    span = min(found, key=lambda span: (span[0], -span[1]), default=None)
    if span is None or rule.confirm is None:
        return span
    if field not in (Field.QUERY, Field.REFERRER):
        return 0, len(text)
    start = max(text.rfind(b"&", 0, span[0]), text.rfind(b"=", 0, span[0]), text.rfind(b"?", 0, span[0])) + 1
    end = text.find(b"&", span[1])
    return start, end if end >= 0 else len(text)


@lru_cache(maxsize=1024)
def _check(rule: Rule) -> Check | None:
    return candidate_check(rule)


@lru_cache(maxsize=1024)
def _patterns(match: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    return tuple(compiled_pattern(pattern) for pattern in match)


def _undecoded(text: bytes, form: bytes, span: tuple[int, int], field: Field) -> tuple[int, int]:
    """The bytes of `text` that decode to `form[span]`: prefixes are decoded until they reach both ends of the span."""
    if len(text) > MAX_MAPPED:
        return 0, len(text)
    start, end = 0, len(text)
    for cut in range(len(text) + 1):
        prefix = decoded(text[:cut], field) or text[:cut]
        if not form.startswith(prefix):
            continue  # the cut is inside an escape
        if len(prefix) <= span[0]:
            start = cut
        if len(prefix) >= span[1]:
            end = cut
            break
    return start, end
