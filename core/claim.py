"""Typed statements that can be re-computed over all lines, and what the re-computation said."""

from dataclasses import dataclass
from enum import StrEnum

from core.dimension import Dimension
from core.line import LineRef
from core.selector import Selector
from core.taxonomy import AttackType

ClaimValue = str | int | None | tuple[str, ...] | tuple[tuple[str, int], ...]


class ClaimKind(StrEnum):
    """What a claim states about the lines its selector picks."""

    COUNT = "count"  # value: int, number of distinct physical lines
    PER_IP = "per_ip"  # value: ((ip, count), …) in report order
    SET = "set"  # value: (ip, …) sorted, exactly these addresses
    FIRST = "first"  # value: ISO 8601 UTC
    LAST = "last"  # value: ISO 8601 UTC
    TYPE = "type"  # value: attack type; every line matches a rule or behaviour of it when scanned again
    OUTCOME = "outcome"  # value: outcome code
    QUOTE = "quote"  # value: hex of the quoted bytes; `ref` says where
    DISTINCT = "distinct"  # value: int, number of different values of `by`
    TOP = "top"  # value: ((value, count), …), the `limit` most frequent values of `by`, most first, then by value
    SERIES = "series"  # value: ((start of the bucket in ISO 8601 UTC, count), …) of the time dimension `by`, non-empty
    ABSENCE = "absence"  # value: 0, and the logs would show it; unverifiable where they would not
    COMPARISON = "comparison"  # value: (("", lines of `selector`), ("against", lines of `against`))
    PER_VALUE = "per_value"  # value: ((value, count), …), lines of these values of `by`, whatever others there are
    ONLY = "only"  # value: the one value of `by` that every line has
    DURATION = "duration"  # value: int, whole seconds from the earliest to the latest line
    GAP = "gap"  # value: int, whole seconds of the longest silence between two lines
    PEAK = "peak"  # value: ((start in ISO 8601 UTC, count),), the fullest stretch of the time dimension `by`
    RATE = "rate"  # value: int, lines by all stretches of the time dimension `by` from first to last, rounded down
    SHARE = "share"  # value: (("", lines that are also in `against`), ("against", lines of `against`))
    BYTES = "bytes"  # value: int, sum of the body bytes that are logged
    MEAN_BYTES = "mean_bytes"  # value: int, that sum by the lines that log them, rounded down
    MAX_BYTES = "max_bytes"  # value: int, the largest of them
    ORDER = "order"  # value: "before", "after" or "overlapping": these lines against those of `against`
    SEQUENCE = "sequence"  # value: "followed": a line of `against` comes later from the same address, or "not_followed"
    TECHNIQUE = "technique"  # value: the ATT&CK technique of a type that every line is of
    NETWORK = "network"  # value: the smallest CIDR network that holds every address
    EXCERPT = "excerpt"  # value: hex of bytes that stand in the line `ref`


class Comparator(StrEnum):
    """How a number is meant; taken literally."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class VerdictStatus(StrEnum):
    """The only three things a check can say."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of a report or an answer; `id` is unique within it (`sql_injection.count`).

    `by`, `limit` and `against` complete the kinds that need them. A claim without a `type` is about whatever lines
    its selector picks. Only numbers can be meant as bounds: `comparator`.
    """

    id: str
    kind: ClaimKind
    type: AttackType | None
    selector: Selector
    value: ClaimValue
    ref: LineRef | None = None
    by: Dimension | None = None
    limit: int | None = None
    against: Selector | None = None
    comparator: Comparator = Comparator.EXACTLY


@dataclass(frozen=True, slots=True)
class Proof:
    """How the verdict was reached: lines matched over the whole lake and the SHA-256 of their sorted references."""

    selector: Selector
    matched: int
    digest: str
    deciding: tuple[LineRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`actual` is the re-computed value: the true one when refuted, equal to the claim's or within it when verified."""

    status: VerdictStatus
    actual: ClaimValue
    proof: Proof
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim beside its verdict, as shown."""

    claim: Claim
    verdict: Verdict
