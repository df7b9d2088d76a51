"""NETWORK: the smallest CIDR network that holds the address of every selected line."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from answering.validate.recount import Recount
from answering.validate.verdict import NO_LINES, canonical, judge, unverifiable
from core.claim import Claim, Verdict
from core.event import IP

Address = IPv4Address | IPv6Address


def check_network(claim: Claim, recount: Recount) -> Verdict:
    """In canonical text, without host bits; None where lines have no address or addresses of both versions."""
    selector = canonical(claim)
    lines, counts = len(recount.second.rows(selector)), recount.second.counted(selector, IP)
    if not lines:
        return unverifiable(claim, recount, NO_LINES)
    if sum(counts.values()) != lines:
        return judge(claim, None, recount)
    held = smallest([ip_address(one) for one in counts])
    return judge(claim, None if held is None else str(held), recount)


def smallest(addresses: list[Address]) -> IPv4Network | IPv6Network | None:
    """The smallest network that holds them all."""
    if len({one.version for one in addresses}) != 1:
        return None
    low, high = min(addresses, key=int), max(addresses, key=int)
    prefix = low.max_prefixlen - (int(low) ^ int(high)).bit_length()
    return ip_network(f"{low}/{prefix}", strict=False)
