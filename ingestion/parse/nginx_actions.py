"""What the messages of an nginx error log mean.

Every test is anchored at the start or the end of the message: what stands between is often a client's own text.
"""

import re

from core.action import Action
from ingestion.parse.message import FAILURE

Meaning = tuple[Action | None, str | None]
UNKNOWN: Meaning = (None, None)

_ERRNO = re.compile(rb'\(([0-9]{1,5}): [^()"]{1,80}\)(?: while [^"]{1,80})?\Z')
_BY_ERRNO: dict[bytes, Meaning] = {
    b"2": (Action.NOT_FOUND, FAILURE),
    b"20": (Action.NOT_FOUND, FAILURE),
    b"36": (Action.NOT_FOUND, FAILURE),
    b"1": (Action.PERMISSION_DENIED, FAILURE),
    b"13": (Action.PERMISSION_DENIED, FAILURE),
    b"40": (Action.PERMISSION_DENIED, FAILURE),
}
_STARTS: tuple[tuple[bytes, Meaning], ...] = (
    (b"access forbidden by rule", (Action.ACCESS_DENIED, FAILURE)),
    (b"directory index of ", (Action.ACCESS_DENIED, FAILURE)),
    (b"no user/password was provided", (Action.ACCESS_DENIED, FAILURE)),
    (b"auth request unexpected status", (Action.ACCESS_DENIED, FAILURE)),
    (b'user "', (Action.LOGIN_FAILED, FAILURE)),
    (b"limiting requests, dry run", (Action.LIMIT_HIT, None)),
    (b"limiting connections, dry run", (Action.LIMIT_HIT, None)),
    (b"limiting ", (Action.LIMIT_HIT, FAILURE)),
    (b"delaying request", (Action.LIMIT_HIT, None)),
    (b"client sent invalid method", (Action.BAD_METHOD, FAILURE)),
    (b"client sent ", (Action.BAD_REQUEST, FAILURE)),
    (b"client intended to send ", (Action.BAD_REQUEST, FAILURE)),
    (b"client prematurely closed ", (Action.BAD_REQUEST, FAILURE)),
    (b"rewrite or internal redirection cycle", (Action.REDIRECT_LOOP, FAILURE)),
    (b"SSL_", (Action.TLS_TROUBLE, FAILURE)),
    (b"peer closed connection in SSL handshake", (Action.TLS_TROUBLE, FAILURE)),
    (b"upstream ", (Action.UPSTREAM_TROUBLE, FAILURE)),
    (b"no live upstreams", (Action.UPSTREAM_TROUBLE, FAILURE)),
    (b"connect() ", (Action.UPSTREAM_TROUBLE, FAILURE)),
    (b"worker process", (Action.SERVER_NOTICE, None)),
    (b"signal ", (Action.SERVER_NOTICE, None)),
    (b"start ", (Action.SERVER_NOTICE, None)),
    (b"gracefully shutting down", (Action.SERVER_NOTICE, None)),
    (b"exit", (Action.SERVER_NOTICE, None)),
    (b"reconfiguring", (Action.SERVER_NOTICE, None)),
    (b"using the ", (Action.SERVER_NOTICE, None)),
    (b"nginx/", (Action.SERVER_NOTICE, None)),
    (b"built by ", (Action.SERVER_NOTICE, None)),
    (b"OS: ", (Action.SERVER_NOTICE, None)),
    (b"getrlimit(", (Action.SERVER_NOTICE, None)),
    (b"cache ", (Action.SERVER_NOTICE, None)),
    (b"lua ", (Action.APPLICATION_FAULT, FAILURE)),
    (b"[lua] ", (Action.APPLICATION_FAULT, None)),
)
_USER = re.compile(rb'user "(.*)"(?:: password mismatch| was not found in "[^"]*")\Z', re.DOTALL)


def meaning(message: bytes) -> Meaning:
    """(action, outcome) of a message without its client tail."""
    if message.startswith((b"open() ", b"openat() ", b"stat() ", b'"')):
        return _file_trouble(message)
    if message.startswith(b"FastCGI sent in stderr"):
        return _application(message)
    if message.startswith(b"ModSecurity:"):
        return Action.WAF_ALERT, FAILURE if message.startswith(b"ModSecurity: Access denied") else None
    for start, found in _STARTS:
        if message.startswith(start):
            return found
    if message.endswith(b" upstream"):
        return Action.UPSTREAM_TROUBLE, FAILURE
    return (Action.TLS_TROUBLE, FAILURE) if message.endswith(b"while SSL handshaking") else UNKNOWN


def user_of(message: bytes) -> bytes | None:
    """The name a client gave to basic authentication."""
    found = _USER.match(message) if message.startswith(b'user "') else None
    return found.group(1) if found else None


def _file_trouble(message: bytes) -> Meaning:
    errno = _ERRNO.search(message, max(0, len(message) - 200))
    return _BY_ERRNO.get(errno.group(1), UNKNOWN) if errno else UNKNOWN


def _application(message: bytes) -> Meaning:
    if message.startswith(b'FastCGI sent in stderr: "Primary script unknown'):
        return Action.NOT_FOUND, FAILURE
    if message.startswith(b'FastCGI sent in stderr: "Access to the script'):
        return Action.ACCESS_DENIED, FAILURE
    return Action.APPLICATION_FAULT, None
