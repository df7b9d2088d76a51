"""What kind of machine a host in a URL names: read as lenient URL libraries read it, disguises undone."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class HostKind(StrEnum):
    """Where a host leads."""

    NONE = "none"  # empty, or no host at all
    NAME = "name"  # an ordinary DNS name
    ADDRESS = "address"  # a public IP address
    LOOPBACK = "loopback"  # this machine, under any of its names
    PRIVATE = "private"  # a network that is not routed on the internet
    METADATA = "metadata"  # the instance metadata service of a cloud
    INTERNAL = "internal"  # a name only an inner network resolves
    REBINDING = "rebinding"  # a public name made to resolve to an inner address
    CALLBACK = "callback"  # a catcher of out-of-band requests


INNER = frozenset({HostKind.LOOPBACK, HostKind.METADATA, HostKind.INTERNAL, HostKind.REBINDING})
"""Kinds a visitor's browser has no business to name to a server."""


@dataclass(frozen=True, slots=True)
class Host:
    """`disguised`: written in a way that no person and no link writes an address or a name."""

    kind: HostKind
    disguised: bool = False


_METADATA_ADDRESSES = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.169.253", "169.254.169.123", "169.254.0.23",
        "169.254.10.10", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254",
    )
)  # fmt: skip
"""Published addresses: AWS, ECS and EKS credentials, Azure, GCP, Tencent, Alibaba, Oracle and others."""

_PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")
)
"""Not `is_private`: that also holds documentation and test ranges, which stand for public addresses."""

_METADATA_NAMES = frozenset(
    "metadata instance-data metadata.google.internal metadata.goog metadata.tencentyun.com metadata.packet.net"
    " metadata.platformequinix.com metadata.azure.internal metadata.azure.com"
    " rancher-metadata instance-data.ec2.internal".split()
)
_LOOPBACK_NAMES = frozenset(
    "localhost localhost4 localhost6 localhost.localdomain localhost4.localdomain4 localhost6.localdomain6"
    " localdomain loopback ip6-localhost ip6-loopback ipv6-localhost ipv6-loopback 0 broadcasthost".split()
)
_INNER_SUFFIXES = (
    ".localhost", ".internal", ".localdomain", ".cluster.local", ".svc", ".intranet", ".lan", ".corp", ".home.arpa",
    ".private", ".consul", ".docker",
)  # fmt: skip
_REBINDING_SUFFIXES = (
    "lvh.me", "localtest.me", "vcap.me", "lacolhost.com", "nip.io", "xip.io", "sslip.io", "rbndr.us", "1u.ms",
    "traefik.me", "yoogle.com", "ulh.us", "local.sisteminha.com", "backname.io", "42foo.com",
    "bugbounty.dod.network", "spoofed.burpcollaborator.net",
)  # fmt: skip
"""Public names known to resolve to loopback, or to whatever address they spell."""

_CALLBACK_SUFFIXES = (
    "burpcollaborator.net", "oastify.com", "oast.fun", "oast.pro", "oast.live", "oast.site", "oast.online", "oast.me",
    "interact.sh", "interactsh.com", "requestbin.net", "requestbin.com", "webhook.site", "dnslog.cn", "ceye.io",
    "bxss.me", "xss.ht", "xss.report", "pipedream.net", "beeceptor.com", "canarytokens.com", "requestcatcher.com",
)  # fmt: skip
_SEPARATORS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": ".", "\u2024": "."})
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_DIGITS = re.compile(r"[\d.]+")
_SPELT = re.compile(r"(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?=[.-]|$)")
_MAX_IPV4 = 2**32


def read_host(text: str) -> Host:
    """The host of a URL, without userinfo and port; brackets of IPv6 included."""
    lowered = text.lower().rstrip(".")
    if lowered.startswith("["):
        return _ipv6(lowered[1:].partition("]")[0])
    plain = unicodedata.normalize("NFKC", lowered.translate(_SEPARATORS)).rstrip(".")
    folded = plain != lowered
    if not plain:
        return Host(HostKind.NONE, folded)
    if (numeric := _numeric(plain)) is not None:
        return Host(numeric.kind, numeric.disguised or folded)
    return Host(_name(plain), folded)


def _ipv6(text: str) -> Host:
    try:
        address = ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return Host(HostKind.NONE, True)
    inner = _embedded(address)
    if inner is not None:
        return Host(_address_kind(inner), True)
    kind = HostKind.LOOPBACK if int(address) in (0, 1) else _address_kind(address)
    return Host(kind)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside: mapped, 6to4, NAT64 or the old compatible form."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    number = int(address)
    if number >> 32 == 0x64FF9B << 64 or (number >> 32 == 0 and number > 0xFFFF):
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return None


def _numeric(text: str) -> Host | None:
    """An IPv4 address in any of the forms `inet_aton` takes (decimal, octal, hex; one to four parts)."""
    parts = text.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return Host(HostKind.NONE, True) if len(parts) > 4 and _DIGITS.fullmatch(text) else None
    numbers = [_number(part) for part in parts]
    plain = len(parts) == 4 and all(part.isdigit() and str(int(part)) == part for part in parts)
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(parts)):
        return Host(HostKind.ADDRESS, True)  # overflows: some libraries cut, none of its writers is honest
    value = sum(number << (24 - 8 * i) for i, number in enumerate(numbers[:-1])) + numbers[-1]
    return Host(_address_kind(ipaddress.IPv4Address(value % _MAX_IPV4)), not plain)


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    octal = len(part) > 1 and part.startswith("0") and not set(part) & {"8", "9"}
    return int(part, 8 if octal else 10) if len(part) < 40 else _MAX_IPV4


def _address_kind(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> HostKind:
    if address in _METADATA_ADDRESSES:
        return HostKind.METADATA
    if address.is_loopback or address.is_unspecified or int(address) >> 24 == 0:
        return HostKind.LOOPBACK
    if address.is_link_local:
        return HostKind.METADATA
    inner = any(address in network for network in _PRIVATE if network.version == address.version)
    return HostKind.PRIVATE if inner else HostKind.ADDRESS


def _name(text: str) -> HostKind:
    if text in _METADATA_NAMES:
        return HostKind.METADATA
    if text in _LOOPBACK_NAMES:
        return HostKind.LOOPBACK
    if _ends(text, _CALLBACK_SUFFIXES):
        return HostKind.CALLBACK
    if _ends(text, _REBINDING_SUFFIXES) or _spells_inner(text):
        return HostKind.REBINDING
    if text.endswith(_INNER_SUFFIXES) or text in ("kubernetes", "kubernetes.default"):
        return HostKind.INTERNAL
    return HostKind.NAME


def _ends(text: str, suffixes: tuple[str, ...]) -> bool:
    return any(text == suffix or text.endswith("." + suffix) for suffix in suffixes)


def _spells_inner(text: str) -> bool:
    """A name that spells an inner address (`10-0-0-1.example.net`) is a rebinding service's."""
    for found in _SPELT.finditer(text):
        octets = [int(part) for part in found.groups()]
        if max(octets) < 256:
            kind = _address_kind(ipaddress.IPv4Address(".".join(map(str, octets))))
            if kind in (HostKind.LOOPBACK, HostKind.METADATA):
                return True
    return False
