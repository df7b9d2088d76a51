"""What the messages of an Apache error log mean, by `AHnnnnn` code or, where there is none, by its words."""

import re

from core.action import Action
from ingestion.parse.message import FAILURE
from ingestion.parse.waf import read_alert

Meaning = tuple[Action | None, str | None]
_DENIED: Meaning = (Action.ACCESS_DENIED, FAILURE)
_LOGIN: Meaning = (Action.LOGIN_FAILED, FAILURE)
_MISSING: Meaning = (Action.NOT_FOUND, FAILURE)
_FORBIDDEN: Meaning = (Action.PERMISSION_DENIED, FAILURE)
_BAD: Meaning = (Action.BAD_REQUEST, FAILURE)
_METHOD: Meaning = (Action.BAD_METHOD, FAILURE)
_LOOP: Meaning = (Action.REDIRECT_LOOP, FAILURE)
_UPSTREAM: Meaning = (Action.UPSTREAM_TROUBLE, FAILURE)
_TLS: Meaning = (Action.TLS_TROUBLE, FAILURE)
_FAULT: Meaning = (Action.APPLICATION_FAULT, None)
_NOTICE: Meaning = (Action.SERVER_NOTICE, None)
_LIMIT: Meaning = (Action.LIMIT_HIT, None)
_REFUSED: Meaning = (Action.LIMIT_HIT, FAILURE)
_SLOW: Meaning = (Action.CLIENT_TIMED_OUT, FAILURE)

BY_CODE: dict[bytes, Meaning] = {
    code: entry
    for codes, entry in (
        (b"01630 01797 01276 10508 01623 01629 01631 02809 02810 02812 01222 01225", _DENIED),
        (b"01614 01617 01618 01694 01695 01787 01788 01789 01790 01791 01792 01807 01808", _LOGIN),
        (b"00128 00127 01264 02811 00687", _MISSING),
        (b"00035 00036 00037 00132 00529 00530", _FORBIDDEN),
        (b"00126 10244 00566 02032 00524 00561 00550 00565 02042 01783 01785 01786 02418 03448 10410 10411", _BAD),
        (b"00135", _METHOD),
        (b"00124 00125", _LOOP),
        (b"00957 01114 01102 00940 01097 00898 01110 01079 00959 01075 01086", _UPSTREAM),
        (b"02039 01998 02008 02033 02261 01996 02004", _TLS),
        (b"01215 01071 01220", _FAULT),
        (b"00052 00051 00169 00170 00292 00171 00163 00489 00094 00558 00112 01232", _NOTICE),
        (b"00484 00485 00161 03490 10159", _LIMIT),
        (b"01382", _SLOW),
    )
    for code in codes.split()
}
"""Numbers from the APLOGNO() calls of httpd 2.4 (docs/log-message-tags)."""

_BY_START: dict[bytes, tuple[tuple[bytes, Meaning], ...]] = {}
for _words, _entry in (
    (b"client denied by server configuration", _DENIED),
    (b"client used wrong authentication scheme", _LOGIN),
    (b"Directory index forbidden", _DENIED),
    (b"Cannot serve directory", _DENIED),
    (b"Attempt to serve directory", _DENIED),
    (b"Options ExecCGI is off", _DENIED),
    (b"attempt to invoke directory as script", _DENIED),
    (b"File does not exist", _MISSING),
    (b"script ", _MISSING),
    (b"Negotiation: discovered file", _MISSING),
    (b"(13)Permission denied", _FORBIDDEN),
    (b"access to ", _FORBIDDEN),
    (b"file permissions deny", _FORBIDDEN),
    (b"Symbolic link not allowed", _FORBIDDEN),
    (b"Invalid method in request", _METHOD),
    (b"Invalid URI in request", _BAD),
    (b"invalid URI path", _BAD),
    (b"Invalid Content-Length", _BAD),
    (b"Requested content-length", _BAD),
    (b"Unknown Transfer-Encoding", _BAD),
    (b"Client sent malformed", _BAD),
    (b"HTTP Request", _BAD),
    (b"request failed: ", _BAD),
    (b"Request header field", _BAD),
    (b"Rewritten query string contains", _BAD),
    (b"client sent ", _BAD),
    (b"Hostname ", _BAD),
    (b"Request exceeded the limit of", _LOOP),
    (b"auth_ldap authenticate: user ", _LOGIN),
    (b"Digest: user ", _LOGIN),
    (b"mod_fcgid: stderr", _FAULT),
    (b"FastCGI: ", _FAULT),
    (b"PHP ", _FAULT),
    (b"Premature end of script headers", _FAULT),
    (b"End of script output before headers", _FAULT),
    (b"malformed header from script", _FAULT),
    (b"Timeout waiting for output from CGI", _FAULT),
    (b"suexec policy violation", _FORBIDDEN),
    (b"server reached Max", _LIMIT),
    (b"server seems busy", _LIMIT),
    (b"Too many connections", _REFUSED),
    (b"Request header read timeout", _SLOW),
    (b"Request body read timeout", _SLOW),
    (b"Invalid user ", (Action.INVALID_USER, FAILURE)),
    (b"proxy: ", _UPSTREAM),
    (b"error reading status line", _UPSTREAM),
    (b"Error reading from remote server", _UPSTREAM),
    (b"failed to make connection to backend", _UPSTREAM),
    (b"SSL ", _TLS),
    (b"caught SIG", _NOTICE),
    (b"child pid ", _NOTICE),
    (b"Apache/", _NOTICE),
    (b"Graceful restart", _NOTICE),
):
    _word = _words.partition(b" ")[0]
    _BY_START[_word] = (*_BY_START.get(_word, ()), (_words, _entry))
"""By first word."""

_PHP_NOT_FOUND = re.compile(rb"Got error '(?:PHP message: )?(?:Primary script unknown|Unable to open primary script)")
_MOD_EVASIVE = re.compile(rb"(?:mod_evasive|\[?evasive20)\b")
_MOD_QOS = re.compile(rb"mod_qos\([0-9]{1,4}\): (?P<denied>access denied)?")
_AUTHORISATION = re.compile(rb'user .*: authorization failure for "', re.DOTALL)
_AUTHENTICATION = re.compile(
    rb"user .*(?:: authentication failure for \"|: password mismatch: | not found: | denied by provider: )", re.DOTALL
)


def meaning(code: bytes | None, message: bytes) -> Meaning:
    """(action, outcome) of a message without time, level, client, code and referer."""
    if b"ModSecurity" in message[:96] or message.startswith((b"NAXSI_", b"[client ")):
        alert = read_alert(message)
        if alert is not None:
            return alert.action, alert.outcome
    if code == b"01071" and _PHP_NOT_FOUND.match(message):
        return _MISSING
    known = BY_CODE.get(code) if code else None
    return known or by_words(message)


def by_words(message: bytes) -> Meaning:
    """(action, outcome) of a message whose code says nothing."""
    for start, entry in _BY_START.get(message.partition(b" ")[0], ()):
        if message.startswith(start):
            return entry
    if message.startswith(b"user "):
        return _of_user(message)
    if message.startswith(b"Apache/"):
        return _NOTICE
    quality = _MOD_QOS.match(message)
    if quality:
        return _REFUSED if quality["denied"] else _LIMIT
    return _REFUSED if _MOD_EVASIVE.match(message) else (None, None)


def _of_user(message: bytes) -> Meaning:
    if _AUTHENTICATION.match(message):
        return _LOGIN
    return _DENIED if _AUTHORISATION.match(message) else (None, None)
