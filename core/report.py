"""The attack report: values and codes only; `app/` words it in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.claim import CheckedClaim
from core.finding import Finding, IpCount
from core.ignore import Ignored
from core.source import Source
from core.taxonomy import AttackType


class Conclusion(StrEnum):
    """Three different plain statements."""

    ATTACKS_FOUND = "attacks_found"
    NO_ATTACK_FOUND = "no_attack_found"  # lines were read, none matches a rule or behaviour
    NO_LOG_MATCHES = "no_log_matches"  # nothing to look at: no lines, or none inside what was asked


@dataclass(frozen=True, slots=True)
class Totals:
    """The one definition of "how many attacks": types seen, attack lines (no line twice), source addresses."""

    types: int
    lines: int
    source_ips: int


class Standing(StrEnum):
    """What is known of somebody who goes by a known name."""

    VERIFIED = "verified"  # the address is one of the client's own
    CLAIMED = "claimed"  # a user agent says so, and anybody can
    IMPOSTOR = "impostor"  # the address is outside of the ranges the client has published


@dataclass(frozen=True, slots=True)
class BenignActivity:
    """Lines that go by the name of a known crawler, monitor or own machine, and whether the addresses prove it."""

    name: str
    lines: int
    ips: tuple[IpCount, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class RuleLabel:
    """What a rule or behaviour says of itself: its title by language, and its ATT&CK techniques."""

    title: Mapping[str, str]
    attack: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Addresses that acted as one, most lines first.

    `shared` says by what: codes `path_list`, `tool`, `target`, and `network`, which never stands alone. `tools` and
    `targets` are log text. `lines` are attack lines of all types.
    """

    source_ips: tuple[IpCount, ...]
    types: tuple[AttackType, ...]
    lines: int
    first_seen: datetime | None
    last_seen: datetime | None
    shared: tuple[str, ...]
    tools: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A silent stretch inside one source, long against its usual spacing."""

    source: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read and what these logs cannot show; `blind_spots` are codes worded by `app/`."""

    sources: tuple[Source, ...]
    lines: int
    parsed: int
    first_seen: datetime | None
    last_seen: datetime | None
    gaps: tuple[Gap, ...]
    blind_spots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer to "what attacks happened?"; `state` is the digest of the lake it was computed from.

    `ignored` are all entries of the ignore list, those that have expired too: what is left out is never left unsaid.
    `labels` are those of the rules that findings name, by id.
    """

    case: str
    state: str
    rules_version: str
    generated_at: datetime
    conclusion: Conclusion
    totals: Totals
    findings: tuple[Finding, ...]
    benign: tuple[BenignActivity, ...]
    coverage: Coverage
    claims: tuple[CheckedClaim, ...]
    next_steps: tuple[str, ...]
    ignored: tuple[Ignored, ...] = ()
    labels: Mapping[str, RuleLabel] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()
