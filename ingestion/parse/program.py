"""An access-log format as a small program: which column comes next, and which literal text stands before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from core.errors import InputError


class Column(IntEnum):
    """What a step reads; the compiled parser has the same numbers, so never renumber."""

    SKIP = 0
    HOST = 1  # source.ip, or a host name
    USER = 2
    TIME_CLF = 3  # 10/Oct/2000:13:55:36 -0700
    TIME_ISO = 4  # 2026-03-02T00:00:44+09:00
    TIME_EPOCH = 5  # seconds, optionally with a fraction
    TIME_EPOCH_MS = 6
    TIME_EPOCH_US = 7
    REQUEST = 8  # METHOD SP TARGET SP PROTOCOL
    METHOD = 9
    URL = 10  # path and query
    PATH = 11
    QUERY = 12
    PROTOCOL = 13
    STATUS = 14
    BYTES = 15
    REFERRER = 16
    AGENT = 17
    DOMAIN = 18
    FORWARDED = 19  # X-Forwarded-For
    OTHER = 20  # any other text a client controls


@dataclass(frozen=True, slots=True)
class Step:
    """`column` begins right behind `literal_before`; `quoted` values end at the first quote no backslash escapes."""

    column: Column
    literal_before: bytes = b""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """Steps in the order of the line, then `literal_after`; an empty one lets the last value run to the line's end."""

    steps: tuple[Step, ...]
    literal_after: bytes = b""

    @property
    def address_can_shift(self) -> bool:
        """A client's own text stands before the address with no quotes around it, so its spaces can move the address.

        A reader of such a program believes the address only when no other reading of the line fits: the client's text
        has no space but behind a comma (`a, b`), and the user name has none at all.
        """
        columns = [step.column for step in self.steps]
        before = self.steps[: columns.index(Column.HOST)] if Column.HOST in columns else ()
        return any(step.column in _CLIENT_TEXT and not step.quoted for step in before)


_CLIENT_TEXT = frozenset({Column.USER, *range(Column.REQUEST, Column.PROTOCOL + 1), Column.REFERRER, Column.AGENT})
_CLIENT_TEXT |= {Column.FORWARDED, Column.OTHER}


@dataclass(frozen=True, slots=True)
class Value:
    """A column as a format string names it: `token` is quoted in refusals."""

    column: Column
    token: str


def assemble(parts: Sequence[bytes | Value], *, escaped: bool = True) -> Program:
    """Steps from literal texts and values in line order; a value between double quotes is quoted when `escaped`.

    The first value of a column counts, a second one is skipped. Values nobody asks for at the end of the line become
    one that runs to its end: what stands there (upstream lists, `0.001, 0.002`) may hold any text. Raises
    InputError("bad_log_format", token=…) for two values without text between them, which no reader can tell apart,
    and for a format with nothing to read.
    """
    steps: list[Step] = []
    literal = b""
    for index, part in enumerate(parts):
        if isinstance(part, bytes):
            literal += part
            continue
        if steps and not literal:
            raise InputError("bad_log_format", token=part.token)
        quoted = escaped and literal.endswith(b'"') and _literal_at(parts, index + 1).startswith(b'"')
        steps.append(Step(_first_only(part.column, steps), literal, quoted))
        literal = b""
    if all(step.column is Column.SKIP for step in steps):
        raise InputError("bad_log_format", token="")
    return _rest_as_one(steps, literal)


_MANY = frozenset({Column.SKIP, Column.OTHER, Column.FORWARDED})
_TIMES = frozenset({Column.TIME_CLF, Column.TIME_ISO, Column.TIME_EPOCH, Column.TIME_EPOCH_MS, Column.TIME_EPOCH_US})


def _first_only(column: Column, steps: list[Step]) -> Column:
    """`column`, or SKIP when an earlier step has read it (any two times are the same instant)."""
    rivals = _TIMES if column in _TIMES else {column}
    taken = column not in _MANY and any(step.column in rivals for step in steps)
    return Column.SKIP if taken else column


def _literal_at(parts: Sequence[bytes | Value], start: int) -> bytes:
    """The literal text that begins at part `start` (empty when a value stands there)."""
    found = b""
    for part in parts[start:]:
        if isinstance(part, Value):
            break
        found += part
    return found


def _rest_as_one(steps: list[Step], literal_after: bytes) -> Program:
    keep = len(steps)
    while steps[keep - 1].column is Column.SKIP:
        keep -= 1
    if keep == len(steps):
        return Program(tuple(steps), literal_after)
    return Program((*steps[:keep], Step(Column.SKIP, steps[keep].literal_before)))
