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
    """What an authentication message says."""

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
_RECEIVED = _pattern(rb"(?:error: )?Received disconnect from ", _IP, rb"(?:", _PORT, rb")?: ?[0-9]{1,3}: ?")
_MAXIMUM = _pattern(
    rb"(?:error: )?maximum authentication attempts exceeded for ", _USER, rb" from ", _IP, _PORT, rb" ssh[12]?", _END
)
_DISCONNECTING = _pattern(
    rb"Disconnecting (?:(?:authenticating|invalid) )?(?:user (?P<user>.*) )?", _IP, _PORT,
    rb": (?:Too many authentication failures|Change of username or service not allowed: .*)", _END,
)  # fmt: skip
_TOO_MANY = _pattern(rb"Disconnecting: Too many authentication failures(?: for (?P<user>.*?))?", _END)
_NOT_ALLOWED = _pattern(rb"User (?P<user>.*) from (?P<ip>\S{1,255}) not allowed because [A-Za-z' ]{3,80}\Z")
_LOCKED = _pattern(rb"User (?P<user>.*) not allowed because [A-Za-z' ]{3,40}(?:/\S{1,255}[A-Za-z ]{3,40})?\Z")
_PAM_DENIED = _pattern(rb"(?:fatal: )?Access denied for user (?P<user>.*) by PAM account configuration", _END)
_WRONG_PLACE = _pattern(
    rb"Authentication tried for (?P<user>.*) with correct key but not from a permitted host \(host=\S{0,255}, ip=", _IP,
    rb"\)\.?\Z",
)  # fmt: skip
_PAM_ERROR = _pattern(rb"error: PAM: [A-Za-z ]{3,60} for ", _USER, rb" from (?P<ip>\S{1,255})\Z")
_NEGOTIATE = _pattern(rb"(?:fatal: )?Unable to negotiate with ", _IP, _PORT, rb": ")
_BANNER = _pattern(
    rb"(?:error: )?(?:banner exchange|ssh_dispatch_run_fatal): Connection from ",
    rb"(?:(?:authenticating |invalid )?user .* )?",
    _IP,
    _PORT,
    rb": ",
)
_MAJOR = _pattern(rb"Protocol major versions differ for ", _IP, rb"(?:", _PORT, rb")?: ")
_SCANNED = _pattern(rb"scanned from ", _IP, rb" with .*  Don't panic\.\Z")
_EXCHANGE = _pattern(rb"(?:error: |fatal: )?(?:kex_exchange_identification: |kex protocol error: |no matching )")
_NO_WRITE = _pattern(rb"Could not write ident string to ", _IP, rb"(?:", _PORT, rb")?\Z")
_READ_ERROR = _pattern(rb"(?:fatal: )?Read error from remote host ", _IP, rb"(?:", _PORT, rb")?: ")
_CLOSE = _pattern(rb"Close session: user (?P<user>.*) from ", _IP, _PORT, rb" id [0-9]{1,9}\Z")
_THROTTLE = _pattern(rb"(?:error: )?(?:beginning MaxStartups throttling|exited MaxStartups throttling after )")
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
    b"Disconnecting:": (_plain(_TOO_MANY, Action.PREAUTH_CLOSED, FAILURE),),
    b"maximum": (_plain(_MAXIMUM, Action.LOGIN_FAILED, FAILURE),),
    b"error:": (
        _plain(_MAXIMUM, Action.LOGIN_FAILED, FAILURE),
        _plain(_PAM_ERROR, Action.LOGIN_FAILED, FAILURE),
        _plain(_BANNER, Action.BAD_REQUEST, FAILURE),
        _plain(_EXCHANGE, Action.BAD_REQUEST, FAILURE),
        _plain(_THROTTLE, Action.LIMIT_HIT, FAILURE),
        _received,
    ),
    b"User": (_plain(_NOT_ALLOWED, Action.LOGIN_FAILED, FAILURE), _plain(_LOCKED, Action.LOGIN_FAILED, FAILURE)),
    b"Access": (_plain(_PAM_DENIED, Action.LOGIN_FAILED, FAILURE),),
    b"Authentication": (_plain(_WRONG_PLACE, Action.LOGIN_FAILED, FAILURE),),
    b"kex_exchange_identification:": (_plain(_EXCHANGE, Action.BAD_REQUEST, FAILURE),),
    b"Protocol": (_plain(_MAJOR, Action.BAD_REQUEST, FAILURE),),
    b"scanned": (_plain(_SCANNED, Action.BAD_REQUEST, FAILURE),),
    b"Could": (_plain(_NO_WRITE, Action.PREAUTH_CLOSED, FAILURE),),
    b"Read": (_plain(_READ_ERROR, Action.SESSION_CLOSED, None),),
    b"Close": (_plain(_CLOSE, Action.SESSION_CLOSED, None),),
    b"beginning": (_plain(_THROTTLE, Action.LIMIT_HIT, FAILURE),),
    b"Unable": (_plain(_NEGOTIATE, Action.BAD_REQUEST, FAILURE),),
    b"banner": (_plain(_BANNER, Action.BAD_REQUEST, FAILURE),),
    b"ssh_dispatch_run_fatal:": (_plain(_BANNER, Action.BAD_REQUEST, FAILURE),),
    b"Bad": (_plain(_VERSION, Action.BAD_REQUEST, FAILURE),),
    b"Did": (_plain(_NO_IDENT, Action.PREAUTH_CLOSED, FAILURE),),
    b"Timeout": (_plain(_TIMEOUT, Action.PREAUTH_CLOSED, FAILURE),),
    b"fatal:": (
        _plain(_TIMEOUT, Action.PREAUTH_CLOSED, FAILURE),
        _plain(_NEGOTIATE, Action.BAD_REQUEST, FAILURE),
        _plain(_PAM_DENIED, Action.LOGIN_FAILED, FAILURE),
        _plain(_EXCHANGE, Action.BAD_REQUEST, FAILURE),
        _plain(_READ_ERROR, Action.SESSION_CLOSED, None),
    ),
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
