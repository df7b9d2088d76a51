"""Does a redirect parameter lead away from the site, in a form only a filter is meant to misread?"""

import re

from core.field import Field
from detection.host import INNER, HostKind
from detection.url import Target, parameters, read_url, words

_WEB = frozenset({"http", "https"})
_REDIRECTING = frozenset(
    """next redirect redir redirecturl redirecturi redirectto rurl return returnto returnurl returnuri returnpath
    continue goto go dest destination forward forwardto out exit target jump jumpto back backurl backto success
    successurl failure fail cancel cancelurl checkout followup follow relaystate service landing login logout
    callback ref referrer referer origin returl retpath to r redirectback redirection leave bounce away""".split()
)
_LINKING = frozenset("url uri u link href view page path site domain html window data reference val validate feed host "
                     "port show open navigation src image img file folder dir load q".split())  # fmt: skip
"""Names that take an address in many honest applications too: only what no link looks like counts."""

_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)+|localhost|\{\w+\}", re.ASCII)
_SCRIPT = re.compile(r"[\s\x00-\x20\\/]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_SCHEME_LATER = re.compile(r"(?:[/\\;@.,<>\s]|%[0-9a-f]{2})+https?:", re.IGNORECASE)
_ODD_START = re.compile(
    r"[/\\]?(?:[\x01-\x20]+|<>|;|@|\.)?[/\\]{1,}(?:[\x01-\x20]*[/\\])+|[/\\]+[@;]|[\x01-\x20]+[/\\]"
)
_MARKS_AHEAD = re.compile("[/\\\\]*[\u3002\u3031\u3033-\u3035\u309d\u30fc\uff61\uff70\u2028\ufe56][\\w.-]+\\.\\w")
_TRAILS = re.compile(r"(?:[/\\](?:%2f|%5c|\.|%2e){2,})+(?:[/\\]|%2f|%5c)*$|[/\\]\.\.?$", re.IGNORECASE)


def leads_away(record: bytes, field: Field) -> bool:  # noqa: ARG001 - every predicate takes the field
    """Whether a redirect parameter holds a target in a form that only a filter is meant to misread."""
    return any(_disguised(name, value) for name, value in parameters(record) if value)


def _disguised(name: str, value: str) -> bool:
    redirecting = _redirects(name)
    if not name:
        return _BARE.match(value) is not None
    if not redirecting and not words(name) & _LINKING:
        return False
    if _SCRIPT.match(_unescaped(value)):
        return redirecting
    if _SCHEME_LATER.match(value) or (redirecting and _MARKS_AHEAD.match(value)):
        return True
    target = read_url(value)
    if target is None:
        return redirecting and _odd_path(value)
    if target.scheme == "":
        return _scheme_relative(target, value, redirecting)
    if not redirecting and target.machine.kind in INNER:  # a machine of the inside: the server is to go there itself
        return False
    return target.scheme in _WEB and _odd_url(target, value, redirecting)


def _redirects(name: str) -> bool:
    parts = words(name)
    return bool(parts & _REDIRECTING) or "".join(sorted(parts, key=name.find)) in _REDIRECTING


def _unescaped(value: str) -> str:
    return re.sub(r"[\\\x00-\x20]", "", value)


def _odd_path(value: str) -> bool:
    """Not a URL by any reading, yet a browser goes elsewhere: `/\\host`, `/<TAB>/host`, `.host`, `;@host`."""
    if _ODD_START.match(value):
        return True
    return bool(re.match(r"\\[\w-]+\.[\w.-]+|[/\\]?\.?\{\w+\}|\\\d{3}|[/\\][;@]|[/\\]?\.[\w-]+\.\w{2,6}$|<>//", value))


def _scheme_relative(target: Target, value: str, redirecting: bool) -> bool:
    foreign = _DOTTED.fullmatch(target.host) is not None or target.machine.disguised or "%" in target.host
    if not redirecting:
        return foreign and ("\\" in value[:4] or bool(target.userinfo) or target.machine.disguised)
    odd = "\\" in target.slashes or len(target.slashes) > 2 or bool(target.userinfo)
    return foreign or odd or not target.host


def _odd_url(target: Target, value: str, redirecting: bool) -> bool:
    if target.machine.disguised or target.slashes != "//":
        return True
    if target.userinfo and ("." in target.userinfo or redirecting):
        return True
    if (
        re.match(r"[^/?#]*[\\@]", target.rest)
        or "\\" in target.rest[:2]
        or re.match(r"[?#;&][^/]*@[\w.-]+", target.rest)
    ):
        return True
    chained = redirecting and re.match(r"(?:/[\w.-]*)?/https?:[/\\]", target.rest) is not None
    return (redirecting and not target.host) or chained or bool(_TRAILS.search(target.rest)) or value[:1] in "/\\"


def leaves_site(record: bytes, field: Field) -> bool:  # noqa: ARG001
    """Whether a redirect parameter names another machine outright, in a way the site's own links do not."""
    return any(_foreign(name, value) for name, value in parameters(record) if value)


def _foreign(name: str, value: str) -> bool:
    target = read_url(value)
    if target is None or target.scheme not in _WEB or not _redirects(name):
        return False
    if "uri" in words(name):  # redirect_uri of OAuth: the client's own, registered address
        return target.machine.kind is HostKind.CALLBACK
    if _PROVING.fullmatch(target.host) and target.rest.strip("/") == "":
        return True
    return target.machine.kind in (HostKind.ADDRESS, HostKind.CALLBACK) or _SUSPECT.search(target.host) is not None


_BARE = re.compile(r"[/\\]{2,}(?:[\w-]+\.)+[a-z]{2,24}(?:[/\\?#:]|$)", re.IGNORECASE)
"""A query that is nothing but a target: `/out?//host`."""

_PROVING = re.compile(r"(?:www\.)?(?:google|bing|yahoo|baidu|yandex|duckduckgo)\.(?:com|ru|co\.jp)", re.IGNORECASE)
"""Front pages of search engines: where a probe sends itself to see whether it is sent at all."""

_SUSPECT = re.compile(
    r"(?:^|[.-])(?:evil|attacker|hacker|malicious|phish\w*|badsite|hacked|pwned)(?:[.-]|\d|$)|\{\w+\}"
)
