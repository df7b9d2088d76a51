"""What a whole line must show besides the text that matched: a small tree of conditions over its columns.

A rule's patterns look at one field of a line at a time. Some rules say more: this in the query *and* that in the user
agent, *unless* the address is one of ours. Such a rule carries a condition; it is asked only of the lines on which one
of the rule's patterns was found, so a pattern must be found wherever the condition holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core import event
from core.arrow import numbers
from core.field import Field
from core.match import within
from detection.records import Hits
from detection.stored import decoded

QUERY = "url.query"
PATH = "url.path"
Values = Mapping[str, object]
"""Column name -> value of one line (None = the line has none)."""


class Searchable(Protocol):
    """A compiled pattern over bytes, of any engine."""

    def search(self, text: bytes, /) -> object | None:
        """A match, or None."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One of the parts of the line, as logged or decoded, is matched by the pattern."""

    parts: tuple[str, ...]
    pattern: Searchable


@dataclass(frozen=True, slots=True)
class Present:
    """The part is there: not null, not empty, not the `-` that logs write for nothing."""

    part: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """The column holds one of the values."""

    column: str
    values: frozenset[str] | frozenset[int]


@dataclass(frozen=True, slots=True)
class Between:
    """The number is in the range, ends included."""

    column: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class From:
    """The client address is inside one of the networks."""

    networks: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class During:
    """The line is of one of the days from `first` to `last` (UTC)."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    of: "Condition"


Condition = Text | Present | OneOf | Between | From | During | Every | Some | Not

_FIELD = {
    PATH: Field.PATH,
    QUERY: Field.QUERY,
    event.AGENT: Field.USER_AGENT,
    event.REFERRER: Field.REFERRER,
    event.USER: Field.USER,
    event.MESSAGE: Field.MESSAGE,
    event.METHOD: Field.METHOD,
    event.HEADERS: Field.OTHER,
}
"""How a part is decoded; parts that are not here are taken as logged."""


def holds(condition: Condition, values: Values) -> bool:
    """Whether the condition holds for the line; a condition on something the line lacks is false."""
    match condition:
        case Every(of):
            return all(holds(one, values) for one in of)
        case Some(of):
            return any(holds(one, values) for one in of)
        case Not(of):
            return not holds(of, values)
        case Text(parts, pattern):
            return any(pattern.search(form) for part in parts for form in _forms(part, values))
        case Present(part):
            return _part(part, values) not in (None, "", "-")
        case OneOf(column, allowed):
            return values.get(column) in allowed
        case Between(column, low, high):
            number = values.get(column)
            return isinstance(number, int) and low <= number <= high
        case From(networks):
            address = values.get(event.IP)
            return isinstance(address, str) and within(address, networks)
        case During(first, last):
            time = values.get(event.TIME)
            day = time.date() if isinstance(time, datetime) else time
            return isinstance(day, date) and first <= day <= last


def columns_of(condition: Condition) -> frozenset[str]:
    """Columns of `EVENT_SCHEMA` that the condition reads."""
    match condition:
        case Every(of) | Some(of):
            return frozenset().union(*(columns_of(one) for one in of))
        case Not(of):
            return columns_of(of)
        case Text(parts, _):
            return frozenset(_column(part) for part in parts)
        case Present(part):
            return frozenset({_column(part)})
        case OneOf(column) | Between(column):
            return frozenset({column})
        case From():
            return frozenset({event.IP})
        case During():
            return frozenset({event.TIME})


def qualified(hits: Hits, lines: pa.Table, conditions: Mapping[int, Condition]) -> Hits:
    """The hits whose rules ask nothing more of their line, or whose condition holds; `lines` row i is row i of hits.

    `conditions` are those of the rules that have one, by index.
    """
    keep = np.ones(len(hits.rows), np.bool_)
    for rule, condition in conditions.items():
        at = np.flatnonzero(hits.rules == rule)
        if len(at):
            keep[at] = _verdicts(condition, lines, hits.rows[at])
    return hits if keep.all() else Hits(hits.rows[keep], hits.rules[keep], hits.fields[keep])


def _verdicts(condition: Condition, lines: pa.Table, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """One verdict a row; lines repeat in what a condition reads, so each combination is asked once."""
    names = sorted(columns_of(condition))
    columns = [_values(lines, name, rows) for name in names]
    known: dict[tuple[object, ...], bool] = {}
    verdicts = np.zeros(len(rows), np.bool_)
    for i, line in enumerate(zip(*columns, strict=True) if columns else [()] * len(rows)):
        if line not in known:
            known[line] = holds(condition, dict(zip(names, line, strict=True)))
        verdicts[i] = known[line]
    return verdicts


def _values(lines: pa.Table, name: str, rows: NDArray[np.int32]) -> list[object]:
    if name not in lines.column_names:
        return [None] * len(rows)
    taken = lines.column(name).take(numbers(rows))
    if name == event.TIME:
        taken = taken.cast(pa.date32(), safe=False)  # a day is all that conditions ask: more would never repeat
    values: list[object] = taken.to_pylist()
    return values


def _column(part: str) -> str:
    return event.URL if part in (PATH, QUERY) else part


def _part(part: str, values: Values) -> object:
    value = values.get(_column(part))
    if part not in (PATH, QUERY) or not isinstance(value, str):
        return value
    path, mark, query = value.partition("?")
    return path if part == PATH else query if mark else None


def _forms(part: str, values: Values) -> Iterator[bytes]:
    """The part as logged, and decoded where that differs."""
    value = _part(part, values)
    if not isinstance(value, str) or value in ("", "-"):
        return
    raw = value.encode("utf-8", "surrogateescape")
    yield raw
    form = _decoded_url(raw) if part == event.URL else decoded(raw, _FIELD[part]) if part in _FIELD else None
    if form is not None:
        yield form


def _decoded_url(raw: bytes) -> bytes | None:
    """Path and query are decoded each in its own way (`+` is a space in a query only)."""
    path, mark, query = raw.partition(b"?")
    forms = decoded(path, Field.PATH), decoded(query, Field.QUERY)
    return None if forms == (None, None) else (forms[0] or path) + mark + (forms[1] or query)
