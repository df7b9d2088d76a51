"""Does a value make the server fetch something of its own network (server-side request forgery)?"""

import re

from core.field import Field
from detection.host import INNER, HostKind
from detection.url import SEARCHING, Target, parameters, read_url, words

_REMOTE = frozenset({"http", "https", "ftp", "ftps", "smb", "sftp", "webdav", "webdavs"})
_CLIENT_ONLY = frozenset({"gopher", "dict", "ldap", "ldaps", "tftp", "sftp", "netdoc", "rmi", "imap", "pop3", "smtp",
                          "telnet", "mongodb", "redis", "memcached", "jar"})  # fmt: skip
"""Schemes that HTTP clients and runtimes follow and that no page links to."""

_WRAPPED = re.compile(r"(?:url|view-source|feed):(?=\w+:)", re.IGNORECASE)
_PROXIED = re.compile(r"unix:[^|]*\|(?=\w+:)", re.IGNORECASE)
"""A socket and a URL in one target: Apache's proxy module once took both from the client (CVE-2021-40438)."""

_METADATA_PATH = re.compile(
    r"/(?:latest/(?:meta-data|user-data|dynamic/instance-identity|api/token)|computemetadata/v\d|metadata/(?:instance|identity|v1)"
    r"|opc/v[12]/instance|openstack/latest|hetzner/v1/metadata|v2/credentials|meta-data/)",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"[a-z][a-z0-9+.-]{1,12}:[/\\]", re.IGNORECASE)
_SCHEMELESS = re.compile(
    r"(?P<host>[\w.\uff0e\u3002-]{1,80}|\[[0-9a-f:.%]{2,50}\])(?::(?P<port>\d{1,5}))?(?P<rest>[/?#].*)?", re.IGNORECASE
)
_CALLBACKS = frozenset({"callback", "origin", "referrer", "referer", "ref"})


def reaches_inside(record: bytes, field: Field) -> bool:
    """Whether a value makes the server fetch something of its own network (SSRF)."""
    if field == Field.QUERY:
        return any(_inside(name, value) for name, value in parameters(record))
    text = record.decode("utf-8", "replace")
    start = _EMBEDDED.search(text)
    # a URL that is the whole request target asks for a proxy, not for a fetch
    return start is not None and (field != Field.PATH or start.start() > 0) and _inside("", text[start.start() :])


def _inside(name: str, value: str) -> bool:
    if _PROXIED.match(value):
        return True
    stripped = _WRAPPED.sub("", value.strip())
    target = read_url(stripped)
    if target is not None and target.scheme in _CLIENT_ONLY:
        return bool(target.slashes) or (target.scheme == "jar" and bool(target.host))
    if target is None or not (target.slashes or target.scheme in _REMOTE):
        return _inside_without_scheme(name, stripped)
    if target.scheme not in _REMOTE and target.scheme not in ("", "file", "ws", "wss"):
        return False
    if target.scheme == "" and not (target.port or target.rest):
        return False
    return _leads_inside(name, target)


def _leads_inside(name: str, target: Target) -> bool:
    machine = target.machine
    if words(name) & SEARCHING and machine.kind is HostKind.LOOPBACK and not machine.disguised:
        return False
    if machine.kind in INNER:
        # a native app is sent back to a loopback address by the authorisation server (RFC 8252)
        loopback_app = ("redirect" in words(name) and "uri" in words(name)) or bool(words(name) & _CALLBACKS)
        plain = machine.kind is HostKind.LOOPBACK and not machine.disguised and not target.userinfo
        return not (plain and loopback_app)
    if machine.disguised and machine.kind in (HostKind.ADDRESS, HostKind.PRIVATE):
        return True
    if machine.kind is HostKind.PRIVATE:
        return target.scheme in _REMOTE
    if "@" in target.rest and _inner_behind_at(target.rest):
        return True
    return bool(_METADATA_PATH.match(target.rest))


def _inner_behind_at(rest: str) -> bool:
    """`http://a#@10.0.0.1/`, `http://a\\@host`: parsers disagree about where the host begins; any inner one counts."""
    behind = rest.rpartition("@")[2]
    target = read_url("http://" + behind)
    return target is not None and (target.machine.kind in INNER or target.machine.kind is HostKind.PRIVATE)


def _inside_without_scheme(name: str, value: str) -> bool:
    """`host:port/path`: what a fetching parameter takes when the application puts the scheme before it."""
    if _METADATA_PATH.search(value) and "169.254" in value:
        return True
    found = _SCHEMELESS.fullmatch(value)
    if found is None:
        return False
    target = read_url("http://" + value)
    if target is None or target.machine.kind not in INNER | {HostKind.PRIVATE}:
        return False
    if target.machine.kind is HostKind.METADATA and target.machine.disguised is False and "." in target.host:
        return True
    fetching = bool(words(name) & _FETCHING)
    return bool(found["rest"]) and (fetching or not target.machine.disguised) and not target.host.isdigit()


_FETCHING = frozenset("url uri link src source target dest host domain site feed proxy fetch image img callback "
                      "webhook endpoint remote server load path file page api ping".split())  # fmt: skip
