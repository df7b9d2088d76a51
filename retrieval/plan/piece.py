"""What a question consists of, piece by piece, before anything is made of it."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a piece is; the first group narrows the lines, the second asks, the third joins."""

    TYPE = "type"  # attack types, comma-separated
    ATTACK = "attack"  # attacks of whatever type
    ATTACKER = "attacker"  # whoever sent them: asks for addresses
    HARMLESS = "harmless"  # lines that are no attack
    IP = "ip"
    TIME = "time"  # a window; its value is made by `times`
    PATH = "path"
    URL = "url"
    PAGE = "page"  # a page named by what it is for: login, admin, top
    USER = "user"
    AGENT = "agent"
    REFERRER = "referrer"
    RAW = "raw"
    STATUS = "status"  # "404-404"
    METHOD = "method"
    ACTION = "action"
    DATASET = "dataset"
    SOURCE = "source"
    OUTCOME = "outcome"
    RULE = "rule"
    CODE = "code"  # a word of ours with underscores
    PARSE = "parse"  # lines that were not understood

    OPERATION = "operation"
    DIMENSION = "dimension"
    LINE = "line"  # the noun for whatever is counted: requests, lines
    QUESTION = "question"  # who, when, where, why, how_many, which …
    GROUPED = "grouped"  # "per", "by", 「別」
    MOST = "most"
    SEVERAL = "several"  # 「何種類」: counts different values

    DAY = "day"
    PERIOD = "period"
    SPAN = "span"
    CLOCK = "clock"
    DATE = "date"
    ZONE = "zone"
    WHEN = "when"  # since, until, before, after, around, between, range

    NOT_BEFORE = "not_before"  # "except X"
    NOT_AFTER = "not_after"  # 「X以外」
    JOIN = "join"
    BREAK = "break"
    COMPARE = "compare"
    PRONOUN = "pronoun"
    FOLLOW = "follow"  # "and", "what about", 「じゃあ」 at the beginning
    ORDINAL = "ordinal"
    NUMBER = "number"
    MARK = "mark"  # says what a name beside it is: "user", "containing"
    FILLER = "filler"
    REFUSED = "refused"  # belongs to orders, programs and chatter, not to questions about a log
    UNREADABLE = "unreadable"  # looks like a filter that no log can answer or no calendar knows
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Piece:
    """`start` and `end` count characters of the folded question; `others` are what else the same word may be."""

    kind: Kind
    value: str
    start: int
    end: int
    others: tuple[tuple[Kind, str], ...] = ()

    def values(self, kind: Kind) -> tuple[str, ...]:
        """All values that this word may have as a piece of `kind`; empty: it cannot be one."""
        own = ((self.kind, self.value),) if self.kind is kind else ()
        return tuple(value for other, value in (*own, *self.others) if other is kind)

    def read_as(self, kind: Kind, value: str) -> "Piece":
        """The same place of the question, understood as something else."""
        return replace(self, kind=kind, value=value)


NARROWING = frozenset({
    Kind.TYPE, Kind.ATTACK, Kind.ATTACKER, Kind.HARMLESS, Kind.IP, Kind.TIME, Kind.PATH, Kind.URL, Kind.PAGE,
    Kind.USER, Kind.AGENT, Kind.REFERRER, Kind.RAW, Kind.STATUS, Kind.METHOD, Kind.ACTION, Kind.DATASET, Kind.SOURCE,
    Kind.OUTCOME, Kind.RULE, Kind.PARSE,
})  # fmt: skip
"""Kinds that say which lines are meant."""
