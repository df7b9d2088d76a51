"""A Sigma detection as a condition on a line, and the texts one of which is found wherever the condition holds.

The fields are those of Sigma's webserver and linux taxonomies (https://sigmahq.io/docs/basics/log-sources.html). What a
log line does not record, or what has no meaning for a single line, is refused with its name; nothing is left out.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

import re2
from sigma import conditions as sigma
from sigma import types as sigma_types

from core import event
from core.field import Field
from detection.condition import PATH, QUERY, Between, Condition, Every, From, Not, OneOf, Present, Some, Text
from detection.pattern import bounded

PARTS = {
    "cs-uri-query": QUERY,
    "c-uri-query": QUERY,
    "cs-uri-stem": PATH,
    "c-uri-stem": PATH,
    "cs-uri": event.URL,
    "c-uri": event.URL,
    "cs-method": event.METHOD,
    "sc-status": event.STATUS_CODE,
    "sc-bytes": event.BODY_BYTES,
    "cs-user-agent": event.AGENT,
    "c-useragent": event.AGENT,
    "cs-referer": event.REFERRER,
    "cs-referrer": event.REFERRER,
    "cs-username": event.USER,
    "cs-host": event.DOMAIN,
    "c-ip": event.IP,
    "src_ip": event.IP,
    "message": event.MESSAGE,
}
"""Sigma field -> the part of the line; compared in lower case."""

_NUMBERS = frozenset({event.STATUS_CODE, event.BODY_BYTES})
_FIELDS: dict[str, frozenset[Field]] = {
    PATH: frozenset({Field.PATH}),
    QUERY: frozenset({Field.QUERY}),
    event.URL: frozenset({Field.PATH, Field.QUERY, Field.REQUEST}),
    event.AGENT: frozenset({Field.USER_AGENT}),
    event.REFERRER: frozenset({Field.REFERRER}),
    event.USER: frozenset({Field.USER}),
    event.MESSAGE: frozenset({Field.MESSAGE}),
    event.HEADERS: frozenset({Field.OTHER}),
}
"""Where the scanner sees a part; what is not here it does not look at."""

_ANYWHERE = (event.URL, event.AGENT, event.REFERRER, event.USER, event.MESSAGE, event.HEADERS)
"""What a keyword, which names no field, is looked for in."""

_CODES = range(100, 1000)


class Untranslatable(ValueError):  # noqa: N818 - what it says of the construct
    """A construct that no single log line can answer; the text names it."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A condition, and the patterns one of which is found in one of the fields wherever it holds (None: none is)."""

    condition: Condition
    fields: frozenset[Field] = frozenset()
    patterns: frozenset[str] | None = None


def translated(item: object) -> Translated:
    """The condition tree of pySigma as ours. Raises Untranslatable."""
    match item:
        case sigma.ConditionAND():
            return _every([translated(one) for one in item.args])
        case sigma.ConditionOR():
            return some([translated(one) for one in item.args])
        case sigma.ConditionNOT():
            return Translated(Not(translated(item.args[0]).condition))
        case sigma.ConditionFieldEqualsValueExpression(field=name, value=value):
            part = PARTS.get(name.lower())
            if part is None:
                raise Untranslatable(name)
            return _leaf((part,), value, name)
        case sigma.ConditionValueExpression(value=value):
            return _leaf(_ANYWHERE, value, "keywords")
    raise Untranslatable(type(item).__name__)


def some(parts: Iterable[Translated]) -> Translated:
    """One of these holds: any of their patterns may be the one that is found."""
    known = list(parts)
    condition = Some(tuple(one.condition for one in known))
    if any(one.patterns is None for one in known):
        return Translated(condition)
    fields = frozenset[Field]().union(*(one.fields for one in known))
    return Translated(condition, fields, frozenset[str]().union(*(one.patterns or () for one in known)))


def _every(parts: list[Translated]) -> Translated:
    """All of these hold: the one whose patterns are rarest is looked for."""
    condition = Every(tuple(one.condition for one in parts))
    best = max((one for one in parts if one.patterns), key=_rareness, default=None)
    return Translated(condition) if best is None else Translated(condition, best.fields, best.patterns)


def _rareness(one: Translated) -> tuple[int, bool, int]:
    """Longer texts are rarer; of equals, what every request has a path for is found most often."""
    patterns = one.patterns or frozenset()
    return min(map(len, patterns), default=0), Field.PATH not in one.fields, -len(patterns)


def _leaf(parts: tuple[str, ...], value: object, name: str) -> Translated:
    match value:
        case sigma_types.SigmaExpansion():
            return some([_leaf(parts, one, name) for one in value.values])
        case sigma_types.SigmaNull():
            return Translated(Not(_present(parts)))
        case sigma_types.SigmaExists():
            present = _present(parts)
            return Translated(present if value else Not(present))
        case sigma_types.SigmaCIDRExpression() if parts == (event.IP,):
            return Translated(From((value.network,)))
        case sigma_types.SigmaCompareExpression() if set(parts) <= _NUMBERS:
            return Translated(_compared(parts[0], value))
        case sigma_types.SigmaTimestampPart():
            raise Untranslatable(f"{name}|{value.timestamp_part.name.lower()}")
        case sigma_types.SigmaNumber() if set(parts) <= _NUMBERS:
            return Translated(Between(parts[0], value.number, value.number))
        case sigma_types.SigmaNumber():
            return _string(parts, sigma_types.SigmaString(str(value)), name)
        case sigma_types.SigmaRegularExpression():
            return _regex(parts, value, name)
        case sigma_types.SigmaString():
            return _string(parts, value, name)
    raise Untranslatable(f"{name}: {type(value).__name__.removeprefix('Sigma')}")


def _present(parts: tuple[str, ...]) -> Condition:
    return Some(tuple(Present(part) for part in parts))


_COMPARED: dict[sigma_types.CompareOperators, Callable[[float], tuple[float, float]]] = {
    sigma_types.CompareOperators.LT: lambda number: (-inf, number - 1),
    sigma_types.CompareOperators.LTE: lambda number: (-inf, number),
    sigma_types.CompareOperators.GT: lambda number: (number + 1, inf),
    sigma_types.CompareOperators.GTE: lambda number: (number, inf),
}


def _compared(column: str, value: sigma_types.SigmaCompareExpression) -> Condition:
    number = value.number.number
    if value.op is sigma_types.CompareOperators.NEQ:
        return Not(Between(column, number, number))
    return Between(column, *_COMPARED[value.op](number))


def _string(parts: tuple[str, ...], value: sigma_types.SigmaString, name: str) -> Translated:
    """A text with wildcards is the whole part (`contains` and its like have put wildcards around it)."""
    if any(isinstance(piece, sigma_types.Placeholder) for piece in value.s):
        raise Untranslatable(f"{name}|expand")
    if not value.s:
        return Translated(Not(_present(parts)))
    # a keyword is a part of the line, never all of it
    pieces: Iterable[object] = value.s if parts != _ANYWHERE else _around(value.s)
    source = b"".join(_piece(piece) for piece in pieces)
    cased = isinstance(value, sigma_types.SigmaCasedString)
    pattern = _compiled(rb"\A(?:" + source + rb")\z", name, cased=cased, dot_all=True)
    if set(parts) <= _NUMBERS:
        return Translated(OneOf(parts[0], frozenset(code for code in _CODES if pattern.search(str(code).encode()))))
    return _looked_for(Text(parts, pattern), [piece for piece in pieces if isinstance(piece, str)])


def _around(pieces: Iterable[object]) -> list[object]:
    wild = sigma_types.SpecialChars.WILDCARD_MULTI
    return [wild, *pieces, wild]


def _piece(piece: object) -> bytes:
    if piece is sigma_types.SpecialChars.WILDCARD_MULTI:
        return b".*"
    if piece is sigma_types.SpecialChars.WILDCARD_SINGLE:
        return b"."
    return b"".join(_letter(letter) for letter in str(piece))


def _letter(letter: str) -> bytes:
    """Bytes beyond ASCII are taken as they are: folding their case as single bytes would make other letters of them."""
    raw = letter.encode("utf-8", "surrogateescape")
    return re.escape(raw) if letter.isascii() else b"(?-i:" + raw + b")"


def _looked_for(text: Text, literals: Iterable[str]) -> Translated:
    """The longest run of letters that lies inside one field as the scanner sees it."""
    runs = [run for literal in literals for run in re.split(r"[?\x00-\x1f]", literal) if run.strip()]
    fields = _fields_of(text.parts)
    if not runs or not fields:
        return Translated(text)
    return Translated(text, fields, frozenset({re.escape(max(runs, key=len))}))


def _fields_of(parts: tuple[str, ...]) -> frozenset[Field]:
    return frozenset[Field]().union(*(_FIELDS.get(part, frozenset()) for part in parts))


def _regex(parts: tuple[str, ...], value: sigma_types.SigmaRegularExpression, name: str) -> Translated:
    source = str(value.regexp)
    flags = value.flags
    cased = sigma_types.SigmaRegularExpressionFlag.IGNORECASE not in flags
    if sigma_types.SigmaRegularExpressionFlag.MULTILINE in flags:
        raise Untranslatable(f"{name}|re|m")
    dot_all = sigma_types.SigmaRegularExpressionFlag.DOTALL in flags
    text = Text(parts, _compiled(source.encode(), name, cased=cased, dot_all=dot_all))
    fields = _fields_of(parts)
    if event.URL in parts or not fields:  # it may reach across the question mark, where the scanner sees two fields
        return Translated(text)
    try:
        bounded(source)
    except ValueError as error:
        raise Untranslatable(f"{name}|re: {error}") from error
    return Translated(text, fields, frozenset({source}))


def _compiled(source: bytes, name: str, *, cased: bool, dot_all: bool) -> "re2._Regexp":
    """By an engine whose time is linear in the text: the text is hostile."""
    options = re2.Options()
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = cased
    options.dot_nl = dot_all
    try:
        return re2.compile(source, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else error
        raise Untranslatable(f"{name}|re: {reason}") from error
