"""Addresses become networks only where nobody else is seen in them."""

import pytest

from answering.respond.networks import blocked_networks, heaviest, single_networks, written

FOUR = [f"203.0.113.{n}" for n in range(1, 11)]
SIX = ["2001:db8::1", "2001:db8::2", "2001:db8::3"]

CASES = [
    ("single addresses stay single", FOUR[:3], [], False, ["203.0.113.1", "203.0.113.2", "203.0.113.3"]),
    ("two of an IPv6 /64 are the /64", SIX[:2], [], False, ["2001:db8::/64"]),
    ("unless somebody else lives there", SIX[:2], SIX[2:], False, ["2001:db8::1", "2001:db8::2"]),
    ("one of a /64 is one", SIX[:1], [], False, ["2001:db8::1"]),
    ("ten of a /24, where there are few", FOUR, [], False, FOUR),
    ("ten of a /24, where there are too many", FOUR, [], True, ["203.0.113.0/24"]),
    ("… but not with a visitor in it", FOUR, ["203.0.113.200"], True, FOUR),
    ("… and not with seven", FOUR[:7], [], True, FOUR[:7]),
    ("loopback is never taken along", ["::2", "::3"], [], False, ["::2", "::3"]),
    ("what is no address is left out", ["host.example", "203.0.113.1", "1.2.3.4; drop"], [], False, ["203.0.113.1"]),
    ("a zone is no part of an address", ["fe80::1%eth0"], [], False, []),
]


@pytest.mark.parametrize(
    ("blocked", "seen", "many", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_networks(blocked: list[str], seen: list[str], many: bool, expected: list[str]) -> None:
    assert sorted(map(written, blocked_networks(blocked, [*blocked, *seen], many=many))) == sorted(expected)


def test_the_heaviest_are_kept() -> None:
    networks = single_networks(FOUR)
    kept = heaviest(networks, {ip: n for n, ip in enumerate(FOUR)}, 2)
    assert [written(one) for one in kept] == FOUR[-2:]


def test_a_network_weighs_what_its_addresses_do() -> None:
    networks = blocked_networks([*FOUR, "198.51.100.1"], [], many=True)
    assert [written(one) for one in heaviest(networks, dict.fromkeys(FOUR, 1) | {"198.51.100.1": 9}, 1)] == [
        "203.0.113.0/24"
    ]
