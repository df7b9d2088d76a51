"""What PAM, sudo, su and the account tools say in an auth log."""

import re

from core.action import Action
from ingestion.parse.message import FAILURE, SUCCESS, canonical_ip, optional_text
from ingestion.parse.sshd import NOTHING, Told

_PAM_FAILURE = re.compile(
    rb"(?:pam_[a-z_0-9]{1,32}\([^)]{1,64}\): authentication failure;|PAM [0-9]{1,6} more authentication failures?;|"
    rb"authentication failure;)"
    rb" logname=(?P<login>\S*) uid=[0-9]{1,10} euid=[0-9]{1,10} tty=\S* ruser=(?P<ruser>\S*) rhost=(?P<rhost>\S*)"
    rb"(?:\s{1,4}user=(?P<user>.*)|\s{0,4})\Z",
    re.DOTALL,
)
_PAM_SESSION = re.compile(
    rb"pam_[a-z_0-9]{1,32}\([^)]{1,64}\): session (?P<what>opened|closed) for user (?P<user>.*?)"
    rb"(?:\(uid=[0-9]{1,10}\))?(?: by .*)?\Z",
    re.DOTALL,
)
_PAM_PASSWORD = re.compile(rb"pam_[a-z_0-9]{1,32}\([^)]{1,64}\): password changed for (?P<user>.*)\Z", re.DOTALL)
_SUDO = re.compile(
    rb"\s*(?P<user>\S.*?) : (?P<refused>[0-9]{1,3} incorrect password attempts? ; |[^=;]{1,80} ; )?"
    rb"(?:HOST=\S{1,255} ; )?TTY=.{1,64}? ; (?:PWD|CHROOT)=",
    re.DOTALL,
)
_SU = (
    (
        re.compile(
            rb"(?:\(to (?P<to>\S{1,64})\) (?P<user>\S{1,64}) on |Successful su for \S{1,64} by (?P<by>\S{1,64}))"
        ),
        SUCCESS,
    ),
    (
        re.compile(
            rb"FAILED (?:SU \(to (?P<to>\S{1,64})\) (?P<user>\S{1,64}) on |su for \S{1,64} by (?P<by>\S{1,64}))"
        ),
        FAILURE,
    ),
    (re.compile(rb"\+ (?P<to>\S{1,64}) (?P<user>[^\s:]{1,64}):\S{1,64}\Z"), SUCCESS),
    (re.compile(rb"- (?P<to>\S{1,64}) (?P<user>[^\s:]{1,64}):\S{1,64}\Z"), FAILURE),
)
_ACCOUNT_USER = re.compile(
    rb"(?:(?:new|delete|change) (?:user|group)(?:: name=| ')|(?:add|remove|change user|lock user|unlock user) '"
    rb"|password for '|name=|user )'?(?P<user>[^\s,':]{1,64})"
)
_LOGIN = re.compile(rb"FAILED LOGIN .{0,80}?FOR '?(?P<user>[^',]{1,64})'?", re.DOTALL)
_NEW_SESSION = re.compile(rb"New session \S{1,32} of user (?P<user>.*?)\.?\Z", re.DOTALL)
_CRON = re.compile(rb"\((?P<user>[^)\s]{1,64})\) [A-Z]")

ACCOUNT_TOOLS = frozenset(
    b"useradd userdel usermod adduser deluser groupadd groupdel groupmod passwd chpasswd gpasswd chage chfn chsh "
    b"newusers".split()
)


def read_pam(message: bytes) -> Told:
    """Messages that any program logs through PAM."""
    found = _PAM_FAILURE.match(message)
    if found:
        user = found["user"] or found["ruser"] or found["login"]
        ip = canonical_ip(found["rhost"]) if message.count(b"rhost=") == 1 else None
        return Told(Action.LOGIN_FAILED, FAILURE, optional_text(user), ip)
    found = _PAM_SESSION.match(message)
    if found:
        opened = found["what"] == b"opened"
        action = Action.SESSION_OPENED if opened else Action.SESSION_CLOSED
        return Told(action, SUCCESS if opened else None, optional_text(found["user"]))
    found = _PAM_PASSWORD.match(message)
    return Told(Action.ACCOUNT_CHANGED, SUCCESS, optional_text(found["user"])) if found else NOTHING


def read_sudo(message: bytes) -> Told:
    """`user : [why not ; ]TTY=… ; PWD=… ; USER=… ; COMMAND=…`."""
    found = _SUDO.match(message)
    if not found:
        return NOTHING
    if found["refused"]:
        return Told(Action.SUDO_DENIED, FAILURE, optional_text(found["user"]))
    return Told(Action.SUDO_COMMAND, SUCCESS, optional_text(found["user"]))


def read_su(message: bytes) -> Told:
    """Who became somebody else, in the words of shadow, util-linux and BSD."""
    for pattern, outcome in _SU:
        found = pattern.match(message)
        if found:
            parts = found.groupdict()
            return Told(Action.SU, outcome, optional_text(parts.get("user") or parts.get("by")))
    return NOTHING


def read_account(message: bytes) -> Told:
    """Any message of a tool that changes accounts."""
    found = _ACCOUNT_USER.search(message[:400])
    failed = b"failed" in message or b"cannot" in message
    return Told(Action.ACCOUNT_CHANGED, FAILURE if failed else SUCCESS, optional_text(found["user"]) if found else None)


def read_login(message: bytes) -> Told:
    """login(1) and systemd-logind."""
    found = _LOGIN.match(message)
    if found:
        return Told(Action.LOGIN_FAILED, FAILURE, optional_text(found["user"]))
    found = _NEW_SESSION.match(message)
    if found:
        return Told(Action.SESSION_OPENED, SUCCESS, optional_text(found["user"]))
    return Told(Action.SESSION_CLOSED) if message.startswith(b"Removed session ") else NOTHING


def read_cron(message: bytes) -> Told:
    """Whose job ran."""
    found = _CRON.match(message)
    return Told(user=optional_text(found["user"])) if found else NOTHING
