"""What the messages of an nginx error log mean.

Every test is anchored at the start or the end of the message: what stands between is often a client's own text.
"""

import re

from core.action import Action
from ingestion.parse.message import FAILURE
from ingestion.parse.waf import read_alert

Meaning = tuple[Action | None, str | None]
UNKNOWN: Meaning = (None, None)

_ERRNO = re.compile(rb'\(([0-9]{1,5}): [^()"]{1,120}\)(?: while [^"]{1,80})?\Z')
_BY_ERRNO: dict[bytes, Meaning] = {
    **dict.fromkeys((b"2", b"3", b"20", b"36", b"123"), (Action.NOT_FOUND, FAILURE)),
    **dict.fromkeys((b"1", b"5", b"13", b"40"), (Action.PERMISSION_DENIED, FAILURE)),
}
"""errno of Unix; 3, 5 and 123 are Windows' path not found, access denied and name not possible."""

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
    (b"client timed out", (Action.CLIENT_TIMED_OUT, FAILURE)),
    (b"http2 flood detected", (Action.LIMIT_HIT, FAILURE)),
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
    (b"a client request body is buffered", (Action.SERVER_NOTICE, None)),
    (b"an upstream response is buffered", (Action.SERVER_NOTICE, None)),
    (b"host not found in upstream", (Action.UPSTREAM_TROUBLE, FAILURE)),
    (b"invalid URL prefix", (Action.UPSTREAM_TROUBLE, FAILURE)),
    (b"js exception", (Action.APPLICATION_FAULT, FAILURE)),
    (b"js: ", (Action.APPLICATION_FAULT, None)),
    (b"lua ", (Action.APPLICATION_FAULT, FAILURE)),
    (b"[lua] ", (Action.APPLICATION_FAULT, None)),
)
_BY_WORD: dict[bytes, tuple[tuple[bytes, Meaning], ...]] = {}
for _words, _entry in _STARTS:
    _first = _words.partition(b" ")[0] if b" " in _words else b""
    _BY_WORD[_first] = (*_BY_WORD.get(_first, ()), (_words, _entry))

_FILE_CALL = re.compile(rb'(?:[A-Za-z]{3,24}\(\) |testing )?"')
_UPSTREAM = re.compile(rb"(?: upstream| could not be resolved \([0-9]{1,3}: [A-Za-z ]{3,40}\))\Z")
_FORBIDDEN = (b'" is forbidden', b'" is forbidden while sending response to client')
_STDERR = b'FastCGI sent in stderr: "'
_STDERR_FAMILIES: tuple[tuple[bytes, Meaning], ...] = (
    (b"Primary script unknown", (Action.NOT_FOUND, FAILURE)),
    (b"Unable to open primary script", (Action.NOT_FOUND, FAILURE)),
    (b"Access to the script", (Action.ACCESS_DENIED, FAILURE)),
)
_USER = re.compile(rb'user "(.*)"(?:: password mismatch| was not found in "[^"]*")\Z', re.DOTALL)


def meaning(message: bytes) -> Meaning:
    """(action, outcome) of a message without its client tail."""
    if _FILE_CALL.match(message):
        return _file_trouble(message)
    if message.startswith(_STDERR):
        return _application(message)
    if message.startswith((b"ModSecurity", b"[client ", b"NAXSI_")):
        alert = read_alert(message)
        return (alert.action, alert.outcome) if alert else UNKNOWN
    if _UPSTREAM.search(message, max(0, len(message) - 120)):
        return Action.UPSTREAM_TROUBLE, FAILURE
    for word in (message.partition(b" ")[0], b""):
        for start, found in _BY_WORD.get(word, ()):
            if message.startswith(start):
                return found
    return (Action.TLS_TROUBLE, FAILURE) if message.endswith(b"while SSL handshaking") else UNKNOWN


def user_of(message: bytes) -> bytes | None:
    """The name a client gave to basic authentication."""
    found = _USER.match(message) if message.startswith(b'user "') else None
    return found.group(1) if found else None


def _file_trouble(message: bytes) -> Meaning:
    if message.endswith(_FORBIDDEN):
        return Action.ACCESS_DENIED, FAILURE
    errno = _ERRNO.search(message, max(0, message.rfind(b"(", max(0, len(message) - 200))))
    return _BY_ERRNO.get(errno.group(1), UNKNOWN) if errno else UNKNOWN


def _application(message: bytes) -> Meaning:
    for words, found in _STDERR_FAMILIES:
        if message.startswith((words, b"PHP message: " + words), len(_STDERR)):
            return found
    return Action.APPLICATION_FAULT, None
