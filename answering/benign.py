"""Known crawlers and monitors by what they call themselves; what they did is judged like anybody's."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network

from core.event import AGENT
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
    named: dict[Benign, list[str]] = {}
    for agent, _ in lake.top(selector, AGENT, AGENTS):
        client = _client(rules.benign, agent)
        if client is not None:
            named.setdefault(client, []).append(agent)
    found = [_activity(lake, client, agents, selector) for client, agents in named.items()]
    return tuple(sorted(found, key=lambda one: (-one.lines, one.name)))


def _client(known: Sequence[Benign], agent: str) -> Benign | None:
    text = agent.encode("utf-8", "surrogateescape")
    return next((client for client in known if client.agent.search(text)), None)


def _activity(lake: Lake, client: Benign, agents: Sequence[str], selector: Selector) -> BenignActivity:
    asked = replace(selector, agent_contains=_shortest(agents))
    counts = lake.per_ip(asked)
    ips = tuple(IpCount(ip, lines) for ip, lines in counts if ip is not None)
    networks = [ip_network(text) for text in client.networks]
    proven = bool(ips) and all(any(ip_address(one.ip) in network for network in networks) for one in ips)
    return BenignActivity(client.name, sum(lines for _, lines in counts), ips, proven)


def _shortest(agents: Iterable[str]) -> tuple[str, ...]:
    """Agents without those that contain another one: the shorter finds the longer."""
    kept: list[str] = []
    for agent in sorted(agents, key=lambda text: (len(text), text)):
        if not any(short.lower() in agent.lower() for short in kept):
            kept.append(agent)
    return tuple(kept)
