"""What was found: one finding per attack type, and the evidence that decides it."""

from dataclasses import dataclass
from datetime import datetime

from core.field import Field
from core.line import LineRef
from core.selector import Selector
from core.taxonomy import AttackType, Outcome


@dataclass(frozen=True, slots=True)
class IpCount:
    """How many lines of a finding come from one address."""

    ip: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many lines of a finding one rule or behaviour explains (a line may be explained by several)."""

    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Quote:
    """One raw line word for word; `start:end` is the matched part in `raw` (0:0: the whole line is the evidence)."""

    ref: LineRef
    raw: bytes
    rule: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One attack type: `count` distinct physical lines, selected by `selector`.

    `source_ips` is ordered by count, then address; `unattributed` lines carry no client address. `deciding` are the
    lines that settle `outcome` (empty when it is unknown). `waf_rules` are ids that a firewall for web
    applications wrote into the lines: of its own rules, not of ours; most lines first, at most twenty.
    """

    type: AttackType
    selector: Selector
    count: int
    source_ips: tuple[IpCount, ...]
    unattributed: int
    first_seen: datetime | None
    last_seen: datetime | None
    outcome: Outcome
    outcome_reason: str
    deciding: tuple[LineRef, ...]
    rules: tuple[RuleCount, ...]
    quotes: tuple[Quote, ...]
    waf_rules: tuple[RuleCount, ...] = ()
