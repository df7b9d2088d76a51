"""What the messages of an Apache error log mean, by `AHnnnnn` code or, where there is none, by its words."""

import re
from dataclasses import dataclass

from core.action import Action
from ingestion.parse.message import FAILURE

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

BY_CODE: dict[bytes, Meaning] = {
    **dict.fromkeys((b"01630", b"01797", b"01276", b"10508", b"01623", b"01629"), _DENIED),
    **dict.fromkeys((b"01617", b"01618", b"01614", b"01790", b"01807", b"01808"), _LOGIN),
    **dict.fromkeys((b"00128", b"00127", b"01264"), _MISSING),
    **dict.fromkeys((b"00035", b"00036", b"00037", b"00132", b"00529", b"00530"), _FORBIDDEN),
    **dict.fromkeys((b"00126", b"10244", b"00566", b"02032", b"00524", b"00561", b"00550", b"00565", b"02042"), _BAD),
    **dict.fromkeys((b"00135",), _METHOD),
    **dict.fromkeys((b"00124", b"00125"), _LOOP),
    **dict.fromkeys((b"00957", b"01114", b"01102", b"00940", b"01097", b"00898", b"01110", b"01079"), _UPSTREAM),
    **dict.fromkeys((b"02039", b"01998", b"02008", b"02033", b"02261", b"01996"), _TLS),
    **dict.fromkeys((b"01215", b"01071", b"01220"), _FAULT),
    **dict.fromkeys(
        (b"00052", b"00051", b"00169", b"00170", b"00292", b"00171", b"00163", b"00489", b"00094"), _NOTICE
    ),
    b"00484": (Action.LIMIT_HIT, None),
    b"00485": (Action.LIMIT_HIT, None),
    b"00161": (Action.LIMIT_HIT, None),
}
"""Numbers from the APLOGNO() calls of httpd 2.4 (docs/log-message-tags)."""

_BY_START: tuple[tuple[bytes, Meaning], ...] = (
    (b"client denied by server configuration", _DENIED),
    (b"client used wrong authentication scheme", _DENIED),
    (b"Directory index forbidden", _DENIED),
    (b"Cannot serve directory", _DENIED),
    (b"File does not exist", _MISSING),
    (b"script ", _MISSING),
    (b"(13)Permission denied", _FORBIDDEN),
    (b"Symbolic link not allowed", _FORBIDDEN),
    (b"Invalid method in request", _METHOD),
    (b"Invalid URI in request", _BAD),
    (b"invalid URI path", _BAD),
    (b"request failed: ", _BAD),
    (b"client sent ", _BAD),
    (b"Request exceeded the limit of", _LOOP),
    (b"mod_fcgid: stderr", _FAULT),
    (b"FastCGI: ", _FAULT),
    (b"PHP ", _FAULT),
    (b"Premature end of script headers", _FAULT),
    (b"malformed header from script", _FAULT),
    (b"server reached MaxClients", (Action.LIMIT_HIT, None)),
    (b"Too many connections", (Action.LIMIT_HIT, None)),
    (b"Invalid user ", (Action.INVALID_USER, FAILURE)),
    (b"proxy: ", _UPSTREAM),
    (b"SSL ", _TLS),
    (b"caught SIG", _NOTICE),
    (b"child pid ", _NOTICE),
    (b"Apache/", _NOTICE),
    (b"Graceful restart", _NOTICE),
)
_MODSECURITY = re.compile(rb"(?:\[client [^\]\s]*\] )?ModSecurity: (Access denied|Warning|Audit|.)")
_PHP_NOT_FOUND = re.compile(rb"Got error '(?:PHP message: )?Primary script unknown")


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a message add to its meaning."""

    user: bytes | None = None
    method: bytes | None = None
    url: bytes | None = None
    domain: bytes | None = None


NOTHING = Said()

_USER = re.compile(rb'user (.*)(?:: authentication failure for "([^"]*)": .*| not found: (.*))\Z', re.DOTALL)
_REQUEST = re.compile(rb"(?:Invalid URI in request|Invalid method in request|Cannot map) (\S{1,32}) (\S+)")
_PATH = re.compile(rb"invalid URI path \((.*)\)\Z", re.DOTALL)
_WAF_FIELD = re.compile(rb'\[(uri|hostname) "((?:[^"\\]|\\.)*)"\]')


def meaning(code: bytes | None, message: bytes) -> Meaning:
    """(action, outcome) of a message without time, level, client, code and referer."""
    found = _MODSECURITY.match(message)
    if found:
        return Action.WAF_ALERT, FAILURE if found.group(1) == b"Access denied" else None
    if code == b"01071" and _PHP_NOT_FOUND.match(message):
        return _MISSING
    known = BY_CODE.get(code) if code else None
    if known:
        return known
    if message.startswith(b"user ") and _USER.match(message):
        return _LOGIN
    for start, entry in _BY_START:
        if message.startswith(start):
            return entry
    return None, None


def said(action: Action | None, message: bytes) -> Said:
    """User, method, URL and domain where the message of that action names them."""
    if action is Action.LOGIN_FAILED:
        found = _USER.match(message)
        return Said(user=found.group(1), url=found.group(2) or found.group(3)) if found else NOTHING
    if action in (Action.BAD_REQUEST, Action.BAD_METHOD, Action.NOT_FOUND):
        request, path = _REQUEST.match(message), _PATH.match(message)
        if request:
            return Said(method=request.group(1), url=request.group(2))
        return Said(url=path.group(1)) if path else NOTHING
    if action is Action.WAF_ALERT:
        fields = dict(_WAF_FIELD.findall(message))
        return Said(url=fields.get(b"uri"), domain=fields.get(b"hostname"))
    return NOTHING
