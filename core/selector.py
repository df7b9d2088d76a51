"""A typed predicate over events: the only way to ask the lake for lines; no free SQL anywhere."""

from dataclasses import dataclass
from datetime import datetime

from core.event import ParseStatus
from core.line import SourceId
from core.taxonomy import AttackType


@dataclass(frozen=True, slots=True)
class Selector:
    """Conditions are ANDed; values inside one condition are ORed; an empty tuple or None means "any".

    `ips` hold addresses or CIDR networks in canonical text. The window is half-open: `since` <= time < `until`, both
    aware UTC; a line without a time is in no window. `status_codes` are inclusive (low, high) pairs. `*_contains` are
    case-insensitive ASCII substrings of the text as logged. `paths` are whole paths of the URL as logged, without the
    query; one that ends in `*` is the beginning of a path. `types` and `rules` look at the line's rule hits.
    `raw_contains` looks for the UTF-8 bytes of a text in the bytes of the whole line. Lines that one of `without` picks
    are left out; a `without` has no `without` of its own.
    """

    ips: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    types: tuple[AttackType, ...] = ()
    rules: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    status_codes: tuple[tuple[int, int], ...] = ()
    url_contains: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    agent_contains: tuple[str, ...] = ()
    user_contains: tuple[str, ...] = ()
    referrer_contains: tuple[str, ...] = ()
    raw_contains: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    sources: tuple[SourceId, ...] = ()
    statuses: tuple[ParseStatus, ...] = ()
    without: "tuple[Selector, ...]" = ()

    @property
    def picks_by_hits(self) -> bool:
        """Whether the selected lines depend on the lines' rule hits."""
        return bool(self.types or self.rules) or any(one.types or one.rules for one in self.without)
