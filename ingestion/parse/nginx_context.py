"""The tail of an nginx error message, and which of several `client:` fields the server wrote.

Grammar: `ngx_http_log_error` (src/http/ngx_http_request.c) writes `, client: A, server: S[, request: "…"]
[, subrequest: "…"][, upstream: "…"][, host: "…"][, referrer: "…"]` in this order, and escapes nothing. A client can
therefore place text that looks like this tail in two areas: in the message before the true tail (decoded path, user
name), and inside the quotes of the true tail (request line, host, referrer).
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from ingestion.parse.message import canonical_ip

LIMIT = 2047
"""Longest record without its LF: NGX_MAX_ERROR_STR is 2,048 (src/core/ngx_log.h)."""

MANY = 8
"""More copies than this are not told apart: weighing each against each would let a client slow the reader down."""

_ERRNO_AT = 1998
"""A text that leaves no room is cut here, so that ` (errno: text)` still fits (`ngx_log_errno`)."""

CLIENT = re.compile(rb", (?:udp )?client: ([0-9A-Fa-f:.]{2,45}|unix:)(?=,|\Z)")
_TAIL = re.compile(
    rb', (?:udp )?client: ([^,"\s]+)(?:, server: ([^,"]*))?(?:, request: "([^"]*)")?(?:, subrequest: "[^"]*")?'
    rb'(?:, upstream: "[^"]*")?(?:, host: "([^"]*)")?(?:, referrer: "([^"]*)")?(.*)\Z',
    re.DOTALL,
)
_PATH_MESSAGE = re.compile(rb'(?:[a-z_]+\(\) |directory index of )?"')
_FIXED_MESSAGE = re.compile(rb'(?:limiting|delaying) [^"]* by zone "[^"]*"\Z')
_NEXT_FIELD = re.compile(rb'", (?:subrequest|upstream|host|referrer): "')
_ERRNO = re.compile(rb" \([0-9]{1,5}: [^()\"]{1,80}\)")


class Context(NamedTuple):
    """What follows `, client:`, as logged; `start` is its place in the line."""

    start: int
    client: str | None
    request: bytes | None
    host: bytes | None
    referrer: bytes | None


def only_context(line: bytes, start: int) -> Context | None:
    """The tail of a line with one tail in which nothing is odd: what almost all lines are."""
    at = line.find(b", client: ", start)
    tail = _TAIL.match(line, at) if at >= 0 else None
    if tail is None or tail.group(6) or len(line) >= LIMIT:
        return None
    return Context(at, canonical_ip(tail.group(1)), tail.group(3), tail.group(4), tail.group(5))


def read_context(line: bytes, found: re.Match[bytes]) -> Context:
    """The tail that begins at a `CLIENT` match."""
    tail = _TAIL.match(line, found.start())
    client = canonical_ip(found.group(1))
    if tail and not tail.group(6):
        return Context(found.start(), client, tail.group(3), tail.group(4), tail.group(5))
    end = len(line)
    return Context(found.start(), client, *(_field(line, name, found.end(), end) for name in _QUOTED))


_QUOTED = (b', request: "', b', host: "', b', referrer: "')


def _field(line: bytes, name: bytes, start: int, end: int) -> bytes | None:
    """A quoted field of a tail whose values hold quotes themselves (or which is cut): up to the next field."""
    at = line.find(name, start, end)
    if at < 0:
        return None
    at += len(name)
    follows = None if name == _QUOTED[2] else _NEXT_FIELD.search(line, at)
    stop = follows.start() if follows else end - line.endswith(b'"')
    return line[at:stop]


def true_client(line: bytes, message_at: int, found: list[re.Match[bytes]]) -> re.Match[bytes] | None:
    """The `client:` the server wrote, or None when the line alone cannot tell.

    Several are told apart by what a client cannot do: a copy in the message comes from the request line, so the true
    tail's request, decoded, holds it again; a copy inside the true tail needs an open quote there.
    """
    before = line[message_at : found[0].start()]
    if b'"' not in before or _FIXED_MESSAGE.match(before):
        return found[0] if len(line) < LIMIT or found[0].end() < len(line) else None
    if len(line) >= LIMIT:
        return _of_cut_line(line, message_at, found)
    if len(found) == 1:
        return found[0]
    if not _PATH_MESSAGE.match(line, message_at) or len(found) > MANY:
        return _agreed(found)
    return explaining(line, found)


def explaining(line: bytes, found: list[re.Match[bytes]]) -> re.Match[bytes] | None:
    """The one of several `client:` that can be true, whose request or quotes hold all the others; None: several can."""
    if len(found) > MANY:
        return _agreed(found)
    return _agreed([one for index, one in enumerate(found) if _explains(line, found, index)])


def _agreed(found: list[re.Match[bytes]]) -> re.Match[bytes] | None:
    """The last one, when all name the same address."""
    return found[-1] if found and len({one.group(1) for one in found}) == 1 else None


def _explains(line: bytes, found: list[re.Match[bytes]], index: int) -> bool:
    """Could `found[index]` be true? Earlier copies must follow from its request, later ones must fit in its quotes."""
    if index == 0:
        return _may_hold(line[found[0].end() : found[1].start()], line[found[0].end() :])
    request = unquote_to_bytes(line[found[index].end() :])
    return all(b", client: " + earlier.group(1) in request for earlier in found[:index])


def _may_hold(between: bytes, tail: bytes) -> bool:
    """Can the next copy stand inside the first one's referrer, its query string, or its host (which holds no slash)?

    The path cannot hold it: the message before would show the copy as well.
    """
    if b', referrer: "' in between:
        return True
    request = between.partition(b', request: "')[2]
    if b"?" in request:
        return True
    host = tail.partition(b', host: "')
    return b', host: "' in between and b"/" not in host[2]


def _of_cut_line(line: bytes, message_at: int, found: list[re.Match[bytes]]) -> re.Match[bytes] | None:
    """As `true_client` when the server cut the line: the true tail may be missing or end inside the address."""
    last = found[-1]
    if last.end() == len(line):
        return None
    if line.startswith(b"... (", _ERRNO_AT) and last.start() > _ERRNO_AT:
        return last
    if not _PATH_MESSAGE.match(line, message_at) or _ERRNO.search(line, found[0].end()):
        return None
    return _agreed(found)
