"""An access-log format as a small program: which column comes next, and which literal text stands before it."""

from dataclasses import dataclass
from enum import IntEnum


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


class Ambiguity(ValueError):
    """Two values without text between them: no reader can tell where one ends."""


def assemble(parts: list[bytes | Column], *, escaped: bool = True) -> Program:
    """Steps from literal texts and columns in line order; a value between double quotes is quoted when `escaped`.

    Columns nobody asks for at the end of the line become one that runs to its end: what stands there (upstream lists,
    `0.001, 0.002`) may hold any text. Raises `Ambiguity`.
    """
    steps: list[Step] = []
    literal = b""
    for index, part in enumerate(parts):
        if isinstance(part, bytes):
            literal += part
            continue
        if steps and not literal:
            raise Ambiguity
        after = _literal_at(parts, index + 1)
        steps.append(Step(part, literal, escaped and literal.endswith(b'"') and after.startswith(b'"')))
        literal = b""
    return _rest_as_one(steps, literal)


def _literal_at(parts: list[bytes | Column], start: int) -> bytes:
    """The literal text that begins at part `start` (empty when a column stands there)."""
    found = b""
    for part in parts[start:]:
        if not isinstance(part, bytes):
            break
        found += part
    return found


def _rest_as_one(steps: list[Step], literal_after: bytes) -> Program:
    keep = len(steps)
    while keep and steps[keep - 1].column is Column.SKIP:
        keep -= 1
    if keep == len(steps):
        return Program(tuple(steps), literal_after)
    rest = Step(Column.SKIP, steps[keep].literal_before)
    return Program((*steps[:keep], rest))
