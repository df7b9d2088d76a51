"""What sshd says about a login, with the address taken from where no client's text can reach.

A user name is the client's own and may read ` from 198.51.100.77 port 22`: where the name stands before the address,
the last address counts (greedy `.*`); where the client's text stands behind it, the first one does.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from core.action import Action
from ingestion.parse.message import FAILURE, SUCCESS, canonical_ip, optional_text


class Told(NamedTuple):
    """What an authentication message says; `repeat` only where the message itself counts."""

    action: Action | None = None
    outcome: str | None = None
    user: str | None = None
    ip: str | None = None


NOTHING = Told()

_IP = rb"(?P<ip>(?=[0-9A-Fa-f]{0,4}[.:])[0-9A-Fa-f:.]{2,45})"
_PORT = rb" port [0-9]{1,5}"
_END = rb"(?: \[preauth\])?\Z"
_USER = rb"(?P<invalid>(?:invalid|illegal) user )?(?P<user>.*)"


def _pattern(*parts: bytes) -> re.Pattern[bytes]:
    return re.compile(b"".join(parts), re.DOTALL)


_VERDICT = _pattern(
    rb"(?:Accepted|Failed|Postponed|Partial) \S{1,64} for ", _USER, rb" from ", _IP, _PORT,
    rb"(?: ssh[12]?)?(?:: [A-Z0-9-]{2,40} [A-Za-z0-9+/=:]{8,200}(?: ID (?:(?! from ).)*)?)?", _END,
)  # fmt: skip
_INVALID = _pattern(rb"(?:Invalid|Illegal) user (?P<user>.*) from ", _IP, rb"(?:", _PORT, rb")?", _END)
_CLOSED = _pattern(
    rb"(?:Disconnected from|Connection closed by|Connection reset by) ",
    rb"(?:(?P<state>authenticating |invalid )?user (?P<user>.*) )?", _IP, rb"(?:", _PORT, rb")?", _END,
)  # fmt: skip
_RECEIVED = _pattern(rb"Received disconnect from ", _IP, rb"(?:", _PORT, rb")?: ?[0-9]{1,3}: ?")
_MAXIMUM = _pattern(
    rb"(?:error: )?maximum authentication attempts exceeded for ", _USER, rb" from ", _IP, _PORT, rb" ssh[12]?", _END
)
_DISCONNECTING = _pattern(
    rb"Disconnecting (?:(?:authenticating|invalid) )?(?:user (?P<user>.*) )?", _IP, _PORT,
    rb": (?:Too many authentication failures|Change of username or service not allowed: .*)", _END,
)  # fmt: skip
_NOT_ALLOWED = _pattern(rb"User (?P<user>.*) from (?P<ip>\S{1,255}) not allowed because [A-Za-z' ]{3,80}\Z")
_PAM_ERROR = _pattern(rb"error: PAM: [A-Za-z ]{3,60} for ", _USER, rb" from (?P<ip>\S{1,255})\Z")
_NEGOTIATE = _pattern(rb"Unable to negotiate with ", _IP, _PORT, rb": ")
_BANNER = _pattern(
    rb"(?:error: )?(?:banner exchange|ssh_dispatch_run_fatal): Connection from ",
    rb"(?:(?:authenticating |invalid )?user .* )?",
    _IP,
    _PORT,
    rb": ",
)
_VERSION = _pattern(rb"Bad protocol version identification '.*' from ", _IP, rb"(?:", _PORT, rb")?\Z")
_NO_IDENT = _pattern(rb"Did not receive identification string from ", _IP, rb"(?:", _PORT, rb")?\Z")
_TIMEOUT = _pattern(
    rb"(?:fatal: )?Timeout before authentication for (?:connection from )?", _IP, rb"(?:", _PORT, rb"| to |,|\Z)"
)
_REVERSE = _pattern(rb"reverse mapping checking getaddrinfo for .* \[", _IP, rb"\] failed")
_MAPS = _pattern(rb"Address ", _IP, rb" maps to ")
_REFUSED = _pattern(rb"refused connect from .*\(", _IP, rb"\)\Z")
_ROOT = _pattern(rb"ROOT LOGIN REFUSED FROM ", _IP, rb"(?:", _PORT, rb")?", _END)
_STARTING = _pattern(rb"Starting session: .* for (?P<user>.*) from ", _IP, _PORT, rb" id [0-9]{1,9}\Z")
_CONNECTION = _pattern(rb"Connection from ", _IP, _PORT)
_DROP = _pattern(rb"drop connection #[0-9]{1,9} from \[", _IP, rb"\]:[0-9]{1,5} on ")
_REQUEST = _pattern(rb"input_userauth_request: invalid user (?P<user>.*?)", _END)


def _told(found: re.Match[bytes], action: Action | None, outcome: str | None) -> Told:
    parts = found.groupdict()
    return Told(action, outcome, optional_text(parts.get("user")), canonical_ip(parts.get("ip") or b""))


def _plain(pattern: re.Pattern[bytes], action: Action | None, outcome: str | None) -> Callable[[bytes], Told]:
    """A family whose every message means the same."""

    def read(message: bytes) -> Told:
        found = pattern.match(message)
        return _told(found, action, outcome) if found else NOTHING

    return read


def _verdict(message: bytes) -> Told:
    found = _VERDICT.match(message)
    if not found:
        return NOTHING
    user, ip = optional_text(found["user"]), canonical_ip(found["ip"])
    if message.startswith(b"Accepted"):
        return Told(Action.LOGIN_SUCCEEDED, SUCCESS, user, ip)
    return Told(Action.LOGIN_FAILED, FAILURE, user, ip) if message.startswith(b"Failed") else Told(user=user, ip=ip)


def _closed(message: bytes) -> Told:
    found = _CLOSED.match(message)
    if not found:
        return NOTHING
    early = message.endswith(b"[preauth]") or found["state"] is not None
    return _told(found, Action.PREAUTH_CLOSED if early else Action.SESSION_CLOSED, FAILURE if early else None)


def _received(message: bytes) -> Told:
    found = _RECEIVED.match(message)
    if not found:
        return NOTHING
    early = message.endswith(b"[preauth]")
    return _told(found, Action.PREAUTH_CLOSED if early else Action.SESSION_CLOSED, FAILURE if early else None)


def _disconnecting(message: bytes) -> Told:
    """The reason may name users as well: with two addresses nobody is named."""
    found = _DISCONNECTING.match(message)
    if not found:
        return NOTHING
    told = _told(found, Action.LOGIN_FAILED, FAILURE)
    return (
        told if len(re.findall(rb"[0-9A-Fa-f:.]{2,45} port [0-9]", message)) == 1 else told._replace(ip=None, user=None)
    )


_FAMILIES: dict[bytes, tuple[Callable[[bytes], Told], ...]] = {
    b"Accepted": (_verdict,),
    b"Failed": (_verdict,),
    b"Postponed": (_verdict,),
    b"Partial": (_verdict,),
    b"Invalid": (_plain(_INVALID, Action.INVALID_USER, FAILURE),),
    b"Illegal": (_plain(_INVALID, Action.INVALID_USER, FAILURE),),
    b"Disconnected": (_closed,),
    b"Connection": (_closed, _plain(_CONNECTION, None, None)),
    b"Received": (_received,),
    b"Disconnecting": (_disconnecting,),
    b"maximum": (_plain(_MAXIMUM, Action.LOGIN_FAILED, FAILURE),),
    b"error:": (
        _plain(_MAXIMUM, Action.LOGIN_FAILED, FAILURE),
        _plain(_PAM_ERROR, Action.LOGIN_FAILED, FAILURE),
        _plain(_BANNER, Action.BAD_REQUEST, FAILURE),
    ),
    b"User": (_plain(_NOT_ALLOWED, Action.LOGIN_FAILED, FAILURE),),
    b"Unable": (_plain(_NEGOTIATE, Action.BAD_REQUEST, FAILURE),),
    b"banner": (_plain(_BANNER, Action.BAD_REQUEST, FAILURE),),
    b"ssh_dispatch_run_fatal:": (_plain(_BANNER, Action.BAD_REQUEST, FAILURE),),
    b"Bad": (_plain(_VERSION, Action.BAD_REQUEST, FAILURE),),
    b"Did": (_plain(_NO_IDENT, Action.PREAUTH_CLOSED, FAILURE),),
    b"Timeout": (_plain(_TIMEOUT, Action.PREAUTH_CLOSED, FAILURE),),
    b"fatal:": (_plain(_TIMEOUT, Action.PREAUTH_CLOSED, FAILURE),),
    b"reverse": (_plain(_REVERSE, None, None),),
    b"Address": (_plain(_MAPS, None, None),),
    b"refused": (_plain(_REFUSED, Action.ACCESS_DENIED, FAILURE),),
    b"ROOT": (_plain(_ROOT, Action.LOGIN_FAILED, FAILURE),),
    b"Starting": (_plain(_STARTING, Action.SESSION_OPENED, SUCCESS),),
    b"drop": (_plain(_DROP, Action.LIMIT_HIT, FAILURE),),
    b"input_userauth_request:": (_plain(_REQUEST, Action.INVALID_USER, FAILURE),),
}
"""By first word."""


def read_sshd(message: bytes) -> Told:
    """What a message of sshd (or sshd-session, sshd-auth) says."""
    for read in _FAMILIES.get(message.partition(b" ")[0], ()):
        told = read(message)
        if told is not NOTHING:
            return told
    return NOTHING
