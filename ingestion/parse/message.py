"""What one line of a message log (error log, auth log) says, and what a format must offer."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple, Protocol

from core.action import Action
from core.event import Flag, ParseStatus, Reason

SUCCESS = "success"
FAILURE = "failure"
"""Values of `event.outcome` (https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-outcome)."""


class ParsedLine(NamedTuple):
    """One line, read on its own terms; a named tuple because millions are made and a frozen dataclass costs 4 x more.

    `time` is the wall clock as written, in µs since 1970-01-01 (no zone applied). When `year_known` is false it is
    written in `years.NO_YEAR` instead: `years.in_year` moves it. `zone_minutes` is the offset east of UTC when the
    line has one. Texts are as logged, invalid UTF-8 as `\\xHH`; `ip` is canonical. `flags` holds only what the format
    itself can see (`FORGED_LOOKING`, `CUT_SHORT`); control bytes and encodings are for whoever sees every format.
    `repeat` is how many events the line stands for.
    """

    time: int | None = None
    year_known: bool = True
    zone_minutes: int | None = None
    status: ParseStatus = ParseStatus.PARSED
    flags: Flag = Flag.NONE
    ip: str | None = None
    user: str | None = None
    method: str | None = None
    url: str | None = None
    status_code: int | None = None
    referrer: str | None = None
    domain: str | None = None
    level: str | None = None
    process: str | None = None
    action: Action | None = None
    outcome: str | None = None
    message: str | None = None
    repeat: int | None = None
    agent: str | None = None
    host: str | None = None
    pid: int | None = None


class MessageFormat(Protocol):
    """A format whose lines are read one by one.

    `parse` takes a line without its LF and without a CR before it; it is pure and never raises. `review` looks at
    neighbouring lines of one block, in order, and returns the replacements by index: some forgeries show only beside
    the lines around them.
    """

    @property
    def dataset(self) -> str:
        """ECS `event.dataset`, e.g. `nginx.error`."""
        ...

    def parse(self, line: bytes) -> ParsedLine | Reason:
        """The line's values, or why it is not a line of this format."""
        ...

    def review(self, lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:
        """Lines to be read differently than `parse` did, by index into `lines`."""
        ...


def text(value: bytes) -> str:
    """Logged bytes as text; what is not UTF-8 appears as `\\xHH`."""
    return value.decode("utf-8", "backslashreplace")


def optional_text(value: bytes | None) -> str | None:
    """As `text`; nothing, empty and `-` are None."""
    return text(value) if value and value != b"-" else None


_IP_BYTES = re.compile(rb"[0-9A-Fa-f:.]{2,45}\Z")


@lru_cache(maxsize=65536)
def canonical_ip(value: bytes) -> str | None:
    """The address in canonical text (IPv4-mapped IPv6 as IPv4), or None when it is not one.

    ASCII only, no leading zeros, no scope, no port: what `ipaddress` accepts and nothing else.
    """
    if not _IP_BYTES.match(value):
        return None
    try:
        address: IPv4Address | IPv6Address = ip_address(value.decode("ascii"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


_BRACKETED = re.compile(rb"\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?\Z")
_V4_PORT = re.compile(rb"([0-9.]+):[0-9]+\Z")


@lru_cache(maxsize=65536)
def ip_of_endpoint(value: bytes, *, port: bool) -> str | None:
    """The address of `ip`, `ip:port` or `[ip]:port`, canonical.

    `2001:db8::1:80` is both an address and an address with a port; `port` says which reading the format means.
    """
    found = _BRACKETED.match(value) or _V4_PORT.match(value)
    if found:
        return canonical_ip(found.group(1))
    whole, bare = canonical_ip(value), canonical_ip(value.rpartition(b":")[0])
    return bare or whole if port else whole or bare
