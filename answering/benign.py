"""Known crawlers and monitors by what they call themselves; what they did is judged like anybody's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from core.event import AGENT, IP
from core.finding import IpCount
from core.report import BenignActivity
from core.selector import Selector
from detection.rule import Benign
from detection.ruleset import RuleSet
from stores.lake import Lake

AGENTS = 20_000
"""So many of the most frequent user agents are looked at."""


def benign_activity(lake: Lake, rules: RuleSet, selector: Selector) -> tuple[BenignActivity, ...]:
    """One entry a known client, most lines first.

    A line of a known crawler that hits a rule is an attack line all the same. `verified` needs every address to lie in
    the client's published networks; a name alone proves nothing.
    """
    named = {
        agent: client for agent, _ in lake.top(selector, AGENT, AGENTS) if (client := _client(rules.benign, agent))
    }
    if not named:
        return ()
    counts: dict[Benign, Counter[str | None]] = {}
    for agent, ip, lines in lake.pairs(replace(selector, agent_contains=_shortest(named)), AGENT, IP):
        if agent in named:
            counts.setdefault(named[agent], Counter())[ip] += lines
    found = [_activity(client, per_ip) for client, per_ip in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.lines, one.name)))


def _client(known: Sequence[Benign], agent: str) -> Benign | None:
    text = agent.encode("utf-8", "surrogateescape")
    return next((client for client in known if client.agent is not None and client.agent.search(text)), None)


def _activity(client: Benign, per_ip: Counter[str | None]) -> BenignActivity:
    ips = sorted(
        (IpCount(ip, lines) for ip, lines in per_ip.items() if ip is not None), key=lambda one: (-one.count, one.ip)
    )
    networks = [ip_network(text) for text in client.networks]
    proven = bool(ips) and all(any(_inside(one.ip, network) for network in networks) for one in ips)
    return BenignActivity(client.name, per_ip.total(), tuple(ips), proven)


def _inside(address: str, network: IPv4Network | IPv6Network) -> bool:
    """A logged host name is inside no network."""
    try:
        return ip_address(address) in network
    except ValueError:
        return False


def _shortest(agents: Iterable[str]) -> tuple[str, ...]:
    """Agents without those that contain another one: the shorter finds the longer."""
    kept: list[str] = []
    for agent in sorted(agents, key=lambda text: (len(text), text)):
        if not any(short.lower() in agent.lower() for short in kept):
            kept.append(agent)
    return tuple(kept)
