"""What is hidden reversibly: addresses, which show by their form, and names that the caller knows."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from models.redact.protocol import RedactSettings
from models.redact.scan import Found
from models.redact.trie import literals_pattern

IP, USER, HOST, PATH = "IP", "USER", "HOST", "PATH"
REVERSIBLE = frozenset({IP, USER, HOST, PATH})

_V4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9]|\.[0-9])")
_BEFORE_V4 = re.compile(r"[0-9]\.?\Z")
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_V6_LETTERS = "0123456789ABCDEFabcdef:"
_V6 = re.compile(r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{1,4})?")
_VERSION = re.compile(
    r"(?:Chrome|Chromium|HeadlessChrome|CriOS|Edge?|EdgA|OPR|Safari|Version|Firefox|YaBrowser|WebKit)/\Z"
)
_STOCK = frozenset(
    "root admin administrator guest test user nobody daemon bin sys www www-data apache nginx httpd mail mysql "
    "postgres oracle ftp git backup ubuntu debian centos ec2-user pi system anonymous unknown localhost / /tmp /var "
    "/etc /usr /home /root /dev /opt /srv /bin /var/log /var/www /var/www/html /etc/passwd /index.html /index.php "
    "/login".split()
)
"""Names that every server has: they lead to nobody, and a text without them says nothing."""
_EDGES = MappingProxyType({USER: r"\w", HOST: r"[A-Za-z0-9_-]", PATH: r"[A-Za-z0-9_.-]"})


@dataclass(frozen=True, slots=True)
class Names:
    """What to look for; a new one is made for each thing learned, so that readers need no lock."""

    ips: bool = False
    learned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()

    def found(self, text: str) -> Iterator[Found]:
        """Every address and learned name of the text."""
        if self.ips:
            yield from addresses(text)
        for kind, pattern in self.patterns:
            yield from (Found(*name.span(), kind) for name in pattern.finditer(text))

    def with_learned(self, settings: RedactSettings, new: Mapping[str, Iterable[str]]) -> "Names":
        """These and those names, as far as the settings hide their kind; names that every server has are left out."""
        hidden = {USER: settings.users, HOST: settings.hosts, PATH: settings.paths}
        learned = {kind: self.learned.get(kind, frozenset()) | _told(kind, new.get(kind, ())) for kind in hidden}
        wanted = {kind: names for kind, names in learned.items() if hidden[kind] and names}
        if wanted == dict(self.learned):
            return self
        return Names(settings.ips, wanted, tuple((kind, _pattern(kind, names)) for kind, names in wanted.items()))


def addresses(text: str) -> Iterator[Found]:
    """IPv4 and IPv6 addresses, without a port beside them; versions of browsers look alike and are left."""
    for found in _V4.finditer(text):
        start, near = found.start(), max(0, found.start() - 16)
        is_part = _BEFORE_V4.search(text, near, start) or _VERSION.search(text, near, start)
        if not is_part and all(int(octet) < 256 for octet in found[0].split(".")):
            yield Found(start, found.end(), IP)
    done = 0
    for colons in _COLONS.finditer(text):
        if colons.start() < done:
            continue
        start = done + len(text[done : colons.start()].rstrip(_V6_LETTERS))
        candidate = _V6.match(text, start)
        if candidate and (length := _v6_length(candidate[0])):
            yield Found(start, start + length, IP)
        done = candidate.end() if candidate else colons.start()


def _v6_length(text: str) -> int:
    """How much of the text is an address: a colon may follow it; 0 when none of it is."""
    if "::" not in text and text.count(":") < 6:  # a time of day
        return 0
    for address in (text, text.removesuffix(":")):
        try:
            ipaddress.IPv6Address(address)
        except ValueError:
            continue
        return 0 if address == "::" else len(address)
    return 0


def _told(kind: str, names: Iterable[str]) -> frozenset[str]:
    told = {name for name in names if len(name) > 1 and "\n" not in name and name.lower() not in _STOCK}
    return frozenset(told | {name.lower() for name in told} | {name.upper() for name in told} if kind == HOST else told)


def _pattern(kind: str, names: frozenset[str]) -> re.Pattern[str]:
    """Whole names only, the longest first; many that each begin the next are deeper than a pattern may nest."""
    edge = _EDGES[kind]
    before, after = rf"(?<!{edge})", rf"(?!{edge})"
    try:
        return re.compile(f"{before}{literals_pattern(names)}{after}")
    except RecursionError:
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        return re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){after}")
