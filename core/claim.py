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


class VerdictStatus(StrEnum):
    """The only three things a check can say."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of a report or an answer; `id` is unique within it (`sql_injection.count`).

    `by`, `limit` and `against` complete the kinds that need them. A claim without a `type` is about whatever lines
    its selector picks.
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


@dataclass(frozen=True, slots=True)
class Proof:
    """How the verdict was reached: lines matched over the whole lake and the SHA-256 of their sorted references."""

    selector: Selector
    matched: int
    digest: str
    deciding: tuple[LineRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`actual` is the re-computed value: equal to the claim's when verified, the true one when refuted."""

    status: VerdictStatus
    actual: ClaimValue
    proof: Proof
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim beside its verdict, as shown."""

    claim: Claim
    verdict: Verdict
