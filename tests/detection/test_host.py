"""Hosts of URLs in, what kind of machine they name out."""

import pytest

from detection.host import Host, HostKind, read_host


@pytest.mark.parametrize(
    ("text", "kind", "disguised"),
    [
        ("www.example.org", HostKind.NAME, False),
        ("203.0.113.9", HostKind.ADDRESS, False),
        ("127.0.0.1", HostKind.LOOPBACK, False),
        ("127.1", HostKind.LOOPBACK, True),
        ("2130706433", HostKind.LOOPBACK, True),
        ("0x7f000001", HostKind.LOOPBACK, True),
        ("0177.0.0.01", HostKind.LOOPBACK, True),
        ("0x7f.0.1", HostKind.LOOPBACK, True),
        ("0", HostKind.LOOPBACK, True),
        ("localhost", HostKind.LOOPBACK, False),
        ("LOCALHOST.", HostKind.LOOPBACK, False),
        ("127。0。0。1", HostKind.LOOPBACK, True),
        ("①②⑦.0.0.1", HostKind.LOOPBACK, True),
        ("ⓔxample.org", HostKind.NAME, True),
        ("[::1]", HostKind.LOOPBACK, False),
        ("[::]", HostKind.LOOPBACK, False),
        ("[::ffff:127.0.0.1]", HostKind.LOOPBACK, True),
        ("[0:0:0:0:0:ffff:7f00:1]", HostKind.LOOPBACK, True),
        ("[64:ff9b::a9fe:a9fe]", HostKind.METADATA, True),
        ("[fd00:ec2::254]", HostKind.METADATA, False),
        ("[2001:db8::1]", HostKind.ADDRESS, False),
        ("[nonsense", HostKind.NONE, True),
        ("169.254.169.254", HostKind.METADATA, False),
        ("0xa9fea9fe", HostKind.METADATA, True),
        ("100.100.100.200", HostKind.METADATA, False),
        ("metadata.google.internal", HostKind.METADATA, False),
        ("10.0.0.8", HostKind.PRIVATE, False),
        ("192.168.1.1", HostKind.PRIVATE, False),
        ("100.64.0.1", HostKind.PRIVATE, False),
        ("425.510.425.510", HostKind.ADDRESS, True),
        ("vault.internal", HostKind.INTERNAL, False),
        ("app.127.0.0.1.nip.io", HostKind.REBINDING, False),
        ("127-0-0-1.anything.example", HostKind.REBINDING, False),
        ("localtest.me", HostKind.REBINDING, False),
        ("ec2-203-0-113-25.compute.example", HostKind.NAME, False),
        ("x1.oastify.com", HostKind.CALLBACK, False),
        ("notlocalhost.example", HostKind.NAME, False),
        ("", HostKind.NONE, False),
        ("1.2.3.4.5", HostKind.NONE, True),
        ("v1.2", HostKind.NAME, False),
    ],
)
def test_kind(text: str, kind: HostKind, *, disguised: bool) -> None:
    assert read_host(text) == Host(kind, disguised)
