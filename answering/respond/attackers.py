"""The addresses of the findings, and which of them had better not be blocked."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from answering.coverage import PROXY_LINES, PROXY_SHARE
from core.action import Action
from core.event import AGENT, IP
from core.match import within
from core.plan import ANY_ATTACK, EVERYTHING
from core.report import Report, Standing
from core.selector import Selector
from core.taxonomy import AttackType
from stores.lake import Lake

Address = IPv4Address | IPv6Address

NEVER = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
            *("::/127", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8"),
        ),
    )
)
"""One's own networks, and addresses no single client has: private, shared (RFC 6598), loopback, link-local, multicast,
reserved, and the gateway of IPv6 clients into IPv4 (RFC 6052). Documentation ranges are addresses as any other."""

ORDINARY_LINES = 20
ORDINARY_FACTOR = 10
"""Ten times as many ordinary lines as attack lines, and twenty of them: somebody who mostly visits."""

SHARED_LINES = 50
SHARED_AGENTS = 5
"""So many ordinary lines by so many user agents, at least as many as attack lines, are more than one person's."""

LOOKED_AT = 1000
"""So many addresses at most are looked at for their user agents, those with the most ordinary lines first."""


class Ground(StrEnum):
    """Why an address is not blocked; `note.left_out_<ground>`."""

    NO_ADDRESS = "no_address"
    INNER = "inner"
    KNOWN = "known"
    CRAWLER = "crawler"
    PROXY = "proxy"
    LOGGED_IN = "logged_in"
    SHARED = "shared"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Attacker:
    """One address: attack lines and other lines of the whole case, and why it is left out, if it is."""

    ip: str
    attack_lines: int
    other_lines: int
    ground: Ground | None = None


def attackers_of(lake: Lake, report: Report) -> tuple[Attacker, ...]:
    """Every address of the report's findings once, most attack lines first, then by address."""
    named = {one.ip for finding in report.findings for one in finding.source_ips}
    if not named:
        return ()
    attacks = _lines(lake, Selector(types=ANY_ATTACK), named)
    every = _lines(lake, EVERYTHING, named)
    others = {ip: every.get(ip, 0) - attacks.get(ip, 0) for ip in named}
    grounds = _Grounds(lake, report, attacks, others)
    found = (Attacker(ip, attacks.get(ip, 0), others[ip], grounds.of(ip)) for ip in named)
    return tuple(sorted(found, key=lambda one: (-one.attack_lines, one.ip)))


def _lines(lake: Lake, selector: Selector, named: Collection[str]) -> dict[str, int]:
    return {ip: lines for ip, lines in lake.per_ip(selector) if ip is not None and ip in named}


class _Grounds:
    """What is known of the addresses, gathered once."""

    def __init__(self, lake: Lake, report: Report, attacks: Mapping[str, int], others: Mapping[str, int]) -> None:
        self._attacks, self._others = attacks, others
        self._known = _named(report, Standing.VERIFIED)
        self._claimed = _named(report, Standing.CLAIMED)
        self._proxy = lake.dominant_ip(PROXY_SHARE) if lake.count(EVERYTHING) >= PROXY_LINES else None
        self._logged_in = _logged_in(lake, others)
        self._agents = _agents(lake, others)

    def of(self, ip: str) -> Ground | None:
        attacks, others = self._attacks.get(ip, 0), self._others[ip]
        address = address_of(ip)
        checks = (
            (Ground.NO_ADDRESS, address is None),
            (Ground.INNER, address is not None and within(ip, NEVER)),
            (Ground.PROXY, ip == self._proxy),
            (Ground.KNOWN, ip in self._known),
            (Ground.CRAWLER, ip in self._claimed and others >= attacks),
            (Ground.LOGGED_IN, ip in self._logged_in),
            (Ground.SHARED, others >= max(SHARED_LINES, attacks) and self._agents.get(ip, 0) >= SHARED_AGENTS),
            (Ground.ORDINARY, others >= max(ORDINARY_LINES, ORDINARY_FACTOR * attacks)),
        )
        return next((ground for ground, applies in checks if applies), None)


@lru_cache(maxsize=4096)
def address_of(text: str) -> Address | None:
    """The address a text is, in canonical form; None for anything else, an IPv6 zone included."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(found, IPv6Address) and found.scope_id else found


def _named(report: Report, standing: Standing) -> frozenset[str]:
    return frozenset(one.ip for entry in report.benign if entry.standing is standing for one in entry.ips)


def _logged_in(lake: Lake, ips: Collection[str]) -> frozenset[str]:
    """Addresses from which somebody logged in without having guessed first: perhaps one's own."""
    succeeded = Selector(
        ips=tuple(sorted(ips)),
        actions=(Action.LOGIN_SUCCEEDED,),
        without=(Selector(types=(AttackType.LOGIN_AFTER_FAILURES,)),),
    )
    broken_in = {ip for ip, _ in lake.per_ip(Selector(types=(AttackType.LOGIN_AFTER_FAILURES,)))}
    return frozenset(ip for ip, _ in lake.per_ip(succeeded) if ip is not None and ip not in broken_in)


def _agents(lake: Lake, others: Mapping[str, int]) -> dict[str, int]:
    """How many different user agents the ordinary lines of an address have."""
    busy = [ip for ip, lines in sorted(others.items(), key=lambda item: (-item[1], item[0])) if lines >= SHARED_LINES]
    if not busy:
        return {}
    ordinary = Selector(ips=tuple(busy[:LOOKED_AT]), without=(Selector(types=ANY_ATTACK),))
    found: dict[str, set[str]] = defaultdict(set)
    for ip, agent, _ in lake.pairs(ordinary, IP, AGENT):
        if ip is not None and agent is not None:
            found[ip].add(agent)
    return {ip: len(agents) for ip, agents in found.items()}
