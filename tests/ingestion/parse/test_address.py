"""Only what is in canonical text already is taken as it stands."""

import random
from ipaddress import IPv6Address

import numpy as np
import pytest

from ingestion.parse.address import plain_addresses
from ingestion.parse.message import canonical_ip


def plain(*texts: bytes) -> list[bool]:
    offsets = np.cumsum([0, *(len(text) for text in texts)]).astype(np.int32)
    found = np.empty(len(texts), np.uint8)
    plain_addresses(np.frombuffer(b"".join(texts), np.uint8), offsets, found)
    return found.astype(bool).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"192.0.2.7", True),
        (b"0.0.0.0", True),
        (b"255.255.255.255", True),
        (b"192.0.2.07", False),
        (b"192.0.2.256", False),
        (b"192.0.2", False),
        (b"192.0.2.7.", False),
        (b"2001:db8::1", True),
        (b"2001:db8::", True),
        (b"2001:db8:0:1:1:1:1:1", True),
        (b"2001:0:0:1::1", True),
        (b"2001:DB8::1", False),
        (b"2001:0db8::1", False),
        (b"2001:db8::0:1", False),
        (b"2001:db8:0::1", False),
        (b"2001:db8:0:0:1:1:1:1", False),
        (b"2001:db8::1:1:1:1:1", False),
        (b"1::2::3", False),
        (b"1:2:3:4:5:6:7", False),
        (b"1:2:3:4:5:6:7:8:9", False),
        (b"1:2:3:4:5:6:7:8:", False),
        (b"1:2:3:4:5:6:7:", False),
        (b"fe80::1%eth0", False),
        (b"12345::1", False),
        (b"shop.example", False),
        (b"-", False),
        (b"", False),
    ],
)
def test_what_is_canonical_already(text: bytes, expected: bool) -> None:
    assert plain(text) == [expected]


def test_nothing_is_taken_that_would_be_written_otherwise() -> None:
    """Every way in which `ipaddress` would write it otherwise is seen, and most of what it writes is known."""
    draw = random.Random(7)
    numbers = [IPv6Address(sum(draw.choice((0, 0, 1, 0xFF, 0xABCD)) << 16 * k for k in range(8))) for _ in range(4000)]
    spellings = [
        form(ip).encode() for ip in numbers for form in (str, lambda ip: ip.exploded, lambda ip: str(ip).upper())
    ]
    spellings += [text.replace(b":0:", b"::", 1) for text in spellings]
    taken = [text for text, kept in zip(spellings, plain(*spellings), strict=True) if kept]
    assert [text for text in taken if canonical_ip(text) != text.decode()] == []
    assert len(taken) > 3000
