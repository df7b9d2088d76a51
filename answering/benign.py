"""Known crawlers, monitors and own machines, by name or by address; what they did is judged like anybody's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.event import AGENT, IP
from core.finding import IpCount
from core.match import network, within
from core.report import BenignActivity, Standing
from core.selector import Selector
from detection.known_clients import impostor_id
from detection.rule import Benign
from detection.ruleset import RuleSet
from stores.lake import Lake

AGENTS = 20_000
"""So many of the most frequent user agents are looked at."""

PerIp = Counter[str | None]


def benign_activity(lake: Lake, rules: RuleSet, selector: Selector) -> tuple[BenignActivity, ...]:
    """One entry for each known client and standing, most lines first.

    A line of a known crawler that hits a rule is an attack line all the same: naming somebody excuses nothing.
    """
    found = [
        entry
        for client, per_ip in (*_by_agent(lake, rules, selector), *_by_address(lake, rules, selector))
        for entry in _standings(client, per_ip, _impostors(lake, client, selector))
    ]
    return tuple(sorted(found, key=lambda one: (-one.lines, one.name, one.standing)))


def of_known_clients(lake: Lake, rules: RuleSet, selector: Selector) -> Selector | None:
    """Picks the selected lines whose agent names a known client, and perhaps a few others; None when no agent does."""
    named = _named(lake, rules, selector)
    return replace(selector, agent_contains=_shortest(named)) if named else None


def _by_agent(lake: Lake, rules: RuleSet, selector: Selector) -> Iterator[tuple[Benign, PerIp]]:
    """Lines per address of the clients that name themselves."""
    named, lines = _named(lake, rules, selector), of_known_clients(lake, rules, selector)
    counts: dict[Benign, PerIp] = {}
    for agent, ip, number in lake.pairs(lines, AGENT, IP) if lines is not None else ():
        if agent in named:
            counts.setdefault(named[agent], Counter())[ip] += number
    yield from counts.items()


def _named(lake: Lake, rules: RuleSet, selector: Selector) -> dict[str, Benign]:
    """The client that a frequent user agent names."""
    agents = (agent for agent, _ in lake.top(selector, AGENT, AGENTS))
    return {agent: client for agent in agents if (client := _client(rules.benign, agent))}


def _by_address(lake: Lake, rules: RuleSet, selector: Selector) -> Iterator[tuple[Benign, PerIp]]:
    """Lines per address of the clients known by their networks alone."""
    for client in rules.benign:
        if client.agent is None and not selector.ips:
            counts = lake.per_ip(replace(selector, ips=client.networks))
            if counts:
                yield client, Counter(dict(counts))


def _client(known: Sequence[Benign], agent: str) -> Benign | None:
    text = agent.encode("utf-8", "surrogateescape")
    return next((client for client in known if client.agent is not None and client.agent.search(text)), None)


def _impostors(lake: Lake, client: Benign, selector: Selector) -> frozenset[str | None]:
    """Addresses of the lines that the rule against impostors has hit."""
    if client.published is None:
        return frozenset()
    return frozenset(ip for ip, _ in lake.per_ip(replace(selector, types=(), rules=(impostor_id(client),))))


def _standings(client: Benign, per_ip: PerIp, impostors: frozenset[str | None]) -> Iterator[BenignActivity]:
    networks = [network(text) for text in client.networks]
    shares: dict[Standing, PerIp] = {}
    for ip, lines in per_ip.items():
        proven = ip is not None and within(ip, networks)  # a logged host name is inside no network
        outside = Standing.IMPOSTOR if ip in impostors else Standing.CLAIMED
        shares.setdefault(Standing.VERIFIED if proven else outside, Counter())[ip] += lines
    for standing, counts in shares.items():
        ips = (IpCount(ip, lines) for ip, lines in counts.items() if ip is not None)
        ordered = tuple(sorted(ips, key=lambda one: (-one.count, one.ip)))
        yield BenignActivity(client.name, counts.total(), ordered, standing)


def _shortest(agents: Iterable[str]) -> tuple[str, ...]:
    """Agents without those that contain another one: the shorter finds the longer."""
    kept: list[str] = []
    for agent in sorted(agents, key=lambda text: (len(text), text)):
        if not any(short.lower() in agent.lower() for short in kept):
            kept.append(agent)
    return tuple(kept)
