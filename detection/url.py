"""Parameters of a query and the URLs in their values, read as forgivingly as browsers and HTTP clients read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from detection.host import Host, read_host

MAX_VALUE = 4096
_NAME = re.compile(rb"[\w\[\]().$%-]{0,80}")
_DROPPED = re.compile(r"[\t\x0b\r\x00]")
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]{0,30}):(?P<slashes>[/\\]*)(?P<authority>[^/\\?#\s\"'<>|,]*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_RELATIVE = re.compile(r"(?P<slashes>[/\\]{2,})(?P<authority>[^/\\?#\s\"'<>|,]*)(?P<rest>.*)", re.DOTALL)
_LINKED = frozenset({"", "http", "https", "ftp", "ws", "wss"})
_SENTENCE = re.compile(r" \w")
"""Blanks and words behind an address: somebody writes about it."""

_PORT = re.compile(r":(\d{0,5})$")
_LEADING = " \x01\x02\x03\x04\x05\x06\x07\x08\x0c\"'(`"


@dataclass(frozen=True, slots=True)
class Target:
    """One absolute or scheme-relative URL; `slashes` are those behind the scheme, as written."""

    scheme: str
    slashes: str
    userinfo: str
    host: str
    port: str
    rest: str
    machine: Host


def parameters(query: bytes) -> Iterator[tuple[str, str]]:
    """(name, value) of a query; text without `=` has an empty name."""
    for part in query.split(b"&"):
        name, mark, value = part.partition(b"=")
        if not mark or _NAME.fullmatch(name) is None:
            name, value = b"", part
        yield name.decode("latin-1").lower(), value[:MAX_VALUE].decode("utf-8", "replace")


def read_url(value: str) -> Target | None:
    """The URL a value is, or None. Tabs and line ends inside are dropped, backslashes are slashes, as in browsers."""
    return _read(_DROPPED.sub("", value).lstrip(_LEADING))


@lru_cache(maxsize=4096)
def _read(text: str) -> Target | None:
    found = _URL.match(text)
    scheme = found["scheme"].lower() if found else ""
    if found is None:
        found = _RELATIVE.match(text)
        if found is None:
            return None
    authority, rest = found["authority"], found["rest"]
    if scheme in _LINKED and _SENTENCE.search(rest.partition("?")[0]):
        return None
    userinfo, _, location = authority.rpartition("@")
    port = _PORT.search(location) if not location.startswith("[") or "]:" in location else None
    host = location[: port.start()] if port else location
    return Target(scheme, found["slashes"], userinfo, host, port[1] if port else "", rest, read_host(host))


_WORDS = re.compile(r"[a-z]+|\d+")


SEARCHING = frozenset(
    "q s kw query search term terms keyword keywords text title topic question message comment".split()
)
"""Names under which people type what they look for: paths and addresses there are mostly talk."""


@lru_cache(maxsize=4096)
def words(name: str) -> frozenset[str]:
    """The words of a parameter name: `cfg[base_path]` has cfg, base and path."""
    return frozenset(_WORDS.findall(name))
