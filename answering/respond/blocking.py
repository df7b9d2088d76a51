"""Block rules for the attackers' addresses, tried on all lines of the case."""

from collections.abc import Iterator, Sequence

from answering.respond.attackers import Attacker, Ground
from answering.respond.backtest import Trial
from answering.respond.networks import Network, blocked_networks, heaviest, single_networks, written
from answering.respond.products import PRODUCTS, Product
from answering.web_servers import web_datasets, web_servers
from core.part import Backtest, BlockRule, Fact, Note
from core.plan import EVERYTHING
from core.selector import Selector

MOST_ADDRESSES = 1000
"""So many addresses or networks at most are written into a rule, those with the most attack lines."""

TOLD_ADDRESSES = 5


def block_rules(trial: Trial, attackers: Sequence[Attacker]) -> tuple[BlockRule, ...]:
    """One rule for each product that could have stopped some of the attack lines."""
    lines = {one.ip: one.attack_lines for one in attackers if one.ground is None}
    if not lines:
        return ()
    seen = (ip for ip, _ in trial.lake.per_ip(EVERYTHING) if ip is not None)
    together = blocked_networks(lines, seen, many=len(lines) > MOST_ADDRESSES)
    networks = heaviest(together, lines, MOST_ADDRESSES)
    single = single_networks(list(lines)[:MOST_ADDRESSES])
    rules = (_rule(trial, one, networks if one.networks else single) for one in PRODUCTS)
    return tuple(rule for rule in rules if rule is not None)


def _rule(trial: Trial, product: Product, networks: Sequence[Network]) -> BlockRule | None:
    sources = trial.lake.sources
    addresses = tuple(map(written, networks))
    if product.web and product.name not in web_servers(sources):
        return None
    hit = Selector(ips=addresses, datasets=web_datasets(sources) if product.web else ())
    tried = trial.of(hit)
    if not tried.attack_lines:
        return None
    notes = tuple(_notes(hit, networks, tried))
    return BlockRule(product.name, product.text(networks), addresses, hit, tried, notes)


def _notes(hit: Selector, networks: Sequence[Network], tried: Backtest) -> Iterator[Note]:
    """What whoever pastes the rule must know."""
    if tried.other_lines:
        yield Note("block_hits_others", {"lines": tried.other_lines, "attack_lines": tried.attack_lines})
    wide = [one for one in networks if one.num_addresses > 1]
    if wide:
        yield Note("block_networks", {"networks": len(wide)})
    if hit.datasets and tried.attack_share != 1:
        yield Note("block_web_only")


def left_out(attackers: Sequence[Attacker]) -> Iterator[Note]:
    """Addresses of the attack that no rule blocks, by reason."""
    for ground in Ground:
        of = [one for one in attackers if one.ground is ground]
        if of:
            facts: dict[str, Fact] = {
                "addresses": len(of),
                "which": ", ".join(one.ip for one in of[:TOLD_ADDRESSES]),
                "attack_lines": sum(one.attack_lines for one in of),
                "other_lines": sum(one.other_lines for one in of),
            }
            yield Note(f"left_out_{ground}", facts)
    blocked = sum(1 for one in attackers if one.ground is None)
    if blocked > MOST_ADDRESSES:
        yield Note("block_most", {"addresses": blocked, "written": MOST_ADDRESSES})
