"""What PAM, sudo, su and the account tools say in an auth log."""

import re

from core.action import Action
from ingestion.parse.message import FAILURE, SUCCESS, canonical_ip, optional_text, text
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
_PAM_LOCKED = re.compile(
    rb"pam_(?:faillock|tally2?)\([^)]{1,64}\): (?:Consecutive login failures for user (?P<user>\S{1,64}) account"
    rb"|user (?P<counted>\S{1,64}) (?:\([0-9]{1,10}\) )?(?:has )?tally \S{1,10},? deny )"
)
_PAM_REFUSED = re.compile(
    rb"pam_(?:access\([^)]{1,64}\): access denied for user [`'](?P<user>.*)' from [`'](?P<from>[^`']{1,255})'"
    rb"|listfile\([^)]{1,64}\): Refused user (?P<listed>.*) for service \S{1,64}"
    rb"|unix\([^)]{1,64}\): auth could not identify password for \[(?P<asked>.*)\])\Z",
    re.DOTALL,
)
_SUDO = re.compile(
    rb"\s*(?P<user>\S.*?) : (?:(?P<said>[^=;]{1,80}) ; )?"
    rb"(?:HOST=\S{1,255} ; )?TTY=.{1,64}? ; (?:PWD|CHROOT)=",
    re.DOTALL,
)
_SUDO_REFUSED = re.compile(
    rb"[0-9]{1,3} incorrect password attempts?|user NOT |command not allowed|a password is required"
    rb"|(?:sorry, you must have a|no) tty|.{0,40}(?:expired|not allowed|not authorized|NOT authorized)",
)
_PKEXEC = re.compile(rb"(?P<user>\S{1,64}): (?P<ran>Executing command )?.*\[USER=", re.DOTALL)
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
    (re.compile(rb"BAD SU (?P<user>\S{1,64}) to (?P<to>\S{1,64}) on /"), FAILURE),
    (re.compile(rb"(?P<user>\S{1,64}) to (?P<to>\S{1,64}) on /dev/"), SUCCESS),
    (re.compile(rb"\+ (?P<to>\S{1,64}) (?P<user>[^\s:]{1,64}):\S{1,64}\Z"), SUCCESS),
    (re.compile(rb"- (?P<to>\S{1,64}) (?P<user>[^\s:]{1,64}):\S{1,64}\Z"), FAILURE),
)
_ADMINISTRATORS = rb"(?:sudo|wheel|admin|root|docker|lxd|disk|shadow|google-sudoers)"
_GRANTED = re.compile(
    rb"(?:add '(?P<user>[^']{1,64})' to (?:shadow )?group '" + _ADMINISTRATORS + rb"'"
    rb"|user (?P<added>\S{1,64}) added by \S{1,64} to group " + _ADMINISTRATORS + rb"\Z"
    rb"|members of group " + _ADMINISTRATORS + rb" set by \S{1,64} to (?P<members>\S{1,255})"
    rb"|new user: name=(?P<zero>[^\s,]{1,64}), UID=0,"
    rb"|change user '(?P<changed>[^']{1,64})' UID from '?[0-9]{1,10}'? to '?0'?\Z)"
)
_CREATED = re.compile(rb"new user: name=(?P<user>[^\s,]{1,64}), ")
_NOT_DONE = re.compile(rb"failed|cannot|can't|does not exist|already exists|[Aa]uthentication failure|error")
_ACCOUNT_USER = re.compile(
    rb"(?:(?:new|delete|change) (?:user|group)(?:: name=| ')|(?:add|remove|change user|lock user|unlock user) '"
    rb"|password for '|name=|user )['\"]?(?P<user>[^\s,'\":]{1,64})"
)
_LOGIN = re.compile(rb"FAILED LOGIN .{0,80}?FOR '?(?P<user>[^',]{1,64})'?", re.DOTALL)
_ROOT_LOGIN = re.compile(rb"(?:ROOT LOGIN +(?:ON|on) |(?:DIALUP )?LOGIN ON \S{1,64} BY (?P<user>\S{1,64}))")
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
    if found:
        return Told(Action.ACCOUNT_CHANGED, SUCCESS, optional_text(found["user"]))
    return _pam_refusal(message)


def _pam_refusal(message: bytes) -> Told:
    """An account locked by too many failures, or refused before any password was looked at."""
    found = _PAM_LOCKED.match(message)
    if found:
        return Told(Action.LIMIT_HIT, FAILURE, optional_text(found["user"] or found["counted"]))
    found = _PAM_REFUSED.match(message)
    if not found:
        return NOTHING
    if found["asked"] is not None:
        return Told(Action.LOGIN_FAILED, FAILURE, optional_text(found["asked"]))
    user = optional_text(found["user"] or found["listed"])
    return Told(Action.ACCESS_DENIED, FAILURE, user, canonical_ip(found["from"] or b""))


def read_sudo(message: bytes) -> Told:
    """`user : [why not ; ]TTY=… ; PWD=… ; USER=… ; COMMAND=…`."""
    found = _SUDO.match(message)
    if not found:
        return NOTHING
    if found["said"]:
        refused = _SUDO_REFUSED.match(found["said"])
        user = optional_text(found["user"])
        return Told(Action.SUDO_DENIED, FAILURE, user) if refused else Told(user=user)
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
    granted = _GRANTED.match(message)
    if granted:
        return Told(Action.PRIVILEGE_GRANTED, SUCCESS, optional_text(next(filter(None, granted.groups()), None)))
    created = _CREATED.match(message)
    if created:
        return Told(Action.ACCOUNT_CREATED, SUCCESS, optional_text(created["user"]))
    found = _ACCOUNT_USER.search(message[:400])
    failed = _NOT_DONE.search(message[:400])
    return Told(Action.ACCOUNT_CHANGED, FAILURE if failed else SUCCESS, optional_text(found["user"]) if found else None)


def read_pkexec(message: bytes) -> Told:
    """`user: Executing command [USER=root] …`, or why not."""
    found = _PKEXEC.match(message)
    if not found:
        return NOTHING
    ran = found["ran"] is not None
    return Told(Action.SUDO_COMMAND if ran else Action.SUDO_DENIED, SUCCESS if ran else FAILURE, text(found["user"]))


def read_login(message: bytes) -> Told:
    """login(1) and systemd-logind."""
    found = _LOGIN.match(message)
    if found:
        return Told(Action.LOGIN_FAILED, FAILURE, optional_text(found["user"]))
    found = _ROOT_LOGIN.match(message)
    if found:
        return Told(Action.SESSION_OPENED, SUCCESS, optional_text(found["user"] or b"root"))
    found = _NEW_SESSION.match(message)
    if found:
        return Told(Action.SESSION_OPENED, SUCCESS, optional_text(found["user"]))
    return Told(Action.SESSION_CLOSED) if message.startswith(b"Removed session ") else NOTHING


def read_cron(message: bytes) -> Told:
    """Whose job ran."""
    found = _CRON.match(message)
    return Told(user=optional_text(found["user"])) if found else NOTHING
