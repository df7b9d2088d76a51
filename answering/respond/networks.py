"""Addresses as the shortest list of networks that stops nobody else seen in the log."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from answering.respond.attackers import NEVER, Address, address_of

Network = IPv4Network | IPv6Network

PREFIX = {4: 24, 6: 64}
LEAST = {4: 8, 6: 2}
"""So many attacking addresses inside make one network of that prefix.

One customer has a whole IPv6 /64 (RFC 6177) and moves inside it at will; IPv4 addresses are only taken together where
there are too many of them to be written down.
"""


def blocked_networks(blocked: Collection[str], seen: Iterable[str], *, many: bool) -> tuple[Network, ...]:
    """Networks of the blocked addresses, by version and number.

    `seen` are all addresses of the log: a network with one that is not blocked is not taken as a whole. `many` takes
    IPv4 addresses together too.
    """
    addresses = _parsed(blocked)
    inside = Counter(_around(one) for one in addresses if many or one.version == 6)
    whole = {one for one, count in inside.items() if count >= LEAST[one.version] and not _holds_never(one)}
    whole -= _of_others(whole, seen, addresses) if whole else set()
    return _sorted({_home(one, whole) for one in addresses})


def single_networks(blocked: Iterable[str]) -> tuple[Network, ...]:
    """Each address as a network of its own, by version and number."""
    return _sorted(ip_network(str(one)) for one in _parsed(blocked))


def heaviest(networks: Collection[Network], lines: Mapping[str, int], most: int) -> tuple[Network, ...]:
    """So many of the networks at most: those whose addresses have the most lines."""
    if len(networks) <= most:
        return tuple(networks)
    chosen, weight = set(networks), Counter[Network]()
    for text, count in lines.items():
        address = address_of(text)
        if address is not None:
            weight[_home(address, chosen)] += count
    return _sorted(sorted(chosen, key=lambda one: (-weight[one], one.version, int(one.network_address)))[:most])


def written(network: Network) -> str:
    """A network of one address is written as that address."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _parsed(texts: Iterable[str]) -> set[Address]:
    return {address for text in texts if (address := address_of(text)) is not None}


def _around(address: Address) -> Network:
    """The network of the usual size that holds the address."""
    return ip_network(f"{address}/{PREFIX[address.version]}", strict=False)


def _home(address: Address, whole: Collection[Network]) -> Network:
    """The network that stands for the address: the one around it where that is taken as a whole."""
    around = _around(address)
    return around if around in whole else ip_network(str(address))


def _of_others(whole: Collection[Network], seen: Iterable[str], addresses: Collection[Address]) -> set[Network]:
    """Those of the networks in which somebody else was seen."""
    versions = {one.version for one in whole}
    others = _parsed(text for text in seen if (6 if ":" in text else 4) in versions) - set(addresses)
    return {around for one in others if (around := _around(one)) in whole}


def _holds_never(network: Network) -> bool:
    """Whether an address inside must never be blocked."""
    return any(one.version == network.version and one.overlaps(network) for one in NEVER)


def _sorted(networks: Iterable[Network]) -> tuple[Network, ...]:
    return tuple(sorted(networks, key=lambda one: (one.version, int(one.network_address))))
