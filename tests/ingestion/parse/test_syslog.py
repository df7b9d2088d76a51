"""syslog and auth logs: stamps, sshd, sudo, su, PAM, accounts; a user name never becomes an address."""

# ruff: noqa: E501  (log lines are long)

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.action import Action
from core.event import Flag, ParseStatus, Reason
from ingestion.parse.message import ParsedLine
from ingestion.parse.syslog import SyslogAuth
from ingestion.parse.years import NO_YEAR

FORMAT = SyslogAuth()
REAL, FORGED = "192.0.2.7", "198.51.100.77"


def parse(line: bytes) -> ParsedLine:
    found = FORMAT.parse(line)
    assert isinstance(found, ParsedLine), found
    return found


def sshd(message: bytes) -> ParsedLine:
    return parse(b"Mar  2 10:15:30 web sshd[4242]: " + message)


def when(one: ParsedLine) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=one.time or 0)


AT = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
MESSAGE = b"Invalid user admin from 192.0.2.7 port 4242"


@pytest.mark.parametrize(
    ("head", "time", "year_known", "zone", "level", "process", "pid"),
    [
        (b"Mar  2 10:15:30 web sshd[77]: ", AT.replace(year=NO_YEAR), False, None, None, "sshd", 77),
        (b"Mar 02 10:15:30 web sshd[77]: ", AT.replace(year=NO_YEAR), False, None, None, "sshd", 77),
        (b"Mar 2 10:15:30.250 web sshd-session: ", AT.replace(year=NO_YEAR, microsecond=250_000), False, None, None, "sshd-session", None),
        (b"<38>Mar  2 10:15:30 web sshd[77]: ", AT.replace(year=NO_YEAR), False, None, "info", "sshd", 77),
        (b"Mar  2 2026 10:15:30 web sshd[77]: ", AT, True, None, None, "sshd", 77),
        (b"Mar  2 10:15:30 web auth.warn sshd[77]: ", AT.replace(year=NO_YEAR), False, None, "warn", "sshd", 77),
        (b"Mar  2 10:15:30 web auth.warn /usr/sbin/sshd[77]: ", AT.replace(year=NO_YEAR), False, None, "warn", "/usr/sbin/sshd", 77),
        (b"2026-03-02T10:15:30.123456+09:00 web sshd[77]: ", AT.replace(microsecond=123456), True, 540, None, "sshd", 77),
        (b"2026-03-02T10:15:30-0330 web sshd[77]: ", AT, True, -210, None, "sshd", 77),
        (b"2026-03-02T10:15:30Z web sshd[77]: ", AT, True, 0, None, "sshd", 77),
        (b"<86>1 2026-03-02T10:15:30.5Z web sshd 77 ID47 - ", AT.replace(microsecond=500_000), True, 0, "info", "sshd", 77),
        (b'<86>1 2026-03-02T10:15:30Z web sshd 77 - [a@1 k="x]y\\"z"][b c="d"] ', AT, True, 0, "info", "sshd", 77),
        (b"<86>1 2026-03-02T10:15:30Z web sshd - - - \xef\xbb\xbf", AT, True, 0, "info", "sshd", None),
    ],
)  # fmt: skip
def test_heads(
    head: bytes, time: datetime, year_known: bool, zone: int | None, level: str | None, process: str, pid: int | None
) -> None:
    one = parse(head + MESSAGE)
    assert (when(one), one.year_known, one.zone_minutes) == (time, year_known, zone)
    assert (one.level, one.process, one.pid, one.host) == (level, process, pid, "web")
    assert (one.action, one.user, one.ip, one.message) == (Action.INVALID_USER, "admin", REAL, MESSAGE.decode())


def test_a_message_without_a_time_has_none() -> None:
    one = parse(b"<86>1 - web sshd 77 - - " + MESSAGE)
    assert (one.time, one.ip) == (None, REAL)


S, F = "success", "failure"
SSHD = [
    (b"Accepted password for bob from 192.0.2.7 port 4242 ssh2", Action.LOGIN_SUCCEEDED, S, "bob", REAL),
    (b"Accepted publickey for bob from 2001:DB8::7 port 4242 ssh2: ED25519 SHA256:Abcd+/efgh1234", Action.LOGIN_SUCCEEDED, S, "bob", "2001:db8::7"),
    (b"Accepted publickey for bob from 192.0.2.7 port 1 ssh2: RSA-CERT SHA256:abcdefgh ID bob (serial 1) CA RSA SHA256:xyz", Action.LOGIN_SUCCEEDED, S, "bob", REAL),
    (b"Accepted keyboard-interactive/pam for bob from ::ffff:192.0.2.7 port 4242 ssh2", Action.LOGIN_SUCCEEDED, S, "bob", REAL),
    (b"Failed password for root from 192.0.2.7 port 4242 ssh2", Action.LOGIN_FAILED, F, "root", REAL),
    (b"Failed password for invalid user admin from 192.0.2.7 port 4242 ssh2", Action.LOGIN_FAILED, F, "admin", REAL),
    (b"Failed password for invalid user  from 192.0.2.7 port 4242 ssh2", Action.LOGIN_FAILED, F, None, REAL),
    (b"Failed none for invalid user x y from 192.0.2.7 port 4242 ssh2", Action.LOGIN_FAILED, F, "x y", REAL),
    (b"Postponed keyboard-interactive for bob from 192.0.2.7 port 4242 ssh2 [preauth]", None, None, "bob", REAL),
    (b"Invalid user admin from 192.0.2.7", Action.INVALID_USER, F, "admin", REAL),
    (b"input_userauth_request: invalid user admin [preauth]", Action.INVALID_USER, F, "admin", None),
    (b"Connection closed by 192.0.2.7 port 4242 [preauth]", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"Connection closed by authenticating user root 192.0.2.7 port 4242 [preauth]", Action.PREAUTH_CLOSED, F, "root", REAL),
    (b"Connection reset by invalid user a b 192.0.2.7 port 4242 [preauth]", Action.PREAUTH_CLOSED, F, "a b", REAL),
    (b"Disconnected from authenticating user root 192.0.2.7 port 4242 [preauth]", Action.PREAUTH_CLOSED, F, "root", REAL),
    (b"Disconnected from user bob 192.0.2.7 port 4242", Action.SESSION_CLOSED, None, "bob", REAL),
    (b"Received disconnect from 192.0.2.7 port 4242:11: Bye Bye [preauth]", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"Received disconnect from 192.0.2.7: 11: disconnected by user", Action.SESSION_CLOSED, None, None, REAL),
    (b"error: maximum authentication attempts exceeded for invalid user a from 192.0.2.7 port 4242 ssh2 [preauth]", Action.LOGIN_FAILED, F, "a", REAL),
    (b"Disconnecting authenticating user root 192.0.2.7 port 4242: Too many authentication failures [preauth]", Action.LOGIN_FAILED, F, "root", REAL),
    (b"Disconnecting invalid user a 192.0.2.7 port 4242: Change of username or service not allowed: (a,ssh-connection) -> (b,ssh-connection) [preauth]", Action.LOGIN_FAILED, F, "a", REAL),
    (b"User bob from 192.0.2.7 not allowed because not listed in AllowUsers", Action.LOGIN_FAILED, F, "bob", REAL),
    (b"User bob from host.example not allowed because not listed in AllowUsers", Action.LOGIN_FAILED, F, "bob", None),
    (b"error: PAM: Authentication failure for illegal user bob from 192.0.2.7", Action.LOGIN_FAILED, F, "bob", REAL),
    (b"Unable to negotiate with 192.0.2.7 port 4242: no matching key exchange method found. Their offer: x [preauth]", Action.BAD_REQUEST, F, None, REAL),
    (b"banner exchange: Connection from 192.0.2.7 port 4242: invalid format", Action.BAD_REQUEST, F, None, REAL),
    (b"ssh_dispatch_run_fatal: Connection from authenticating user root 192.0.2.7 port 4242: message authentication code incorrect [preauth]", Action.BAD_REQUEST, F, None, REAL),
    (b"Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.7 port 4242", Action.BAD_REQUEST, F, None, REAL),
    (b"Did not receive identification string from 192.0.2.7 port 4242", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"fatal: Timeout before authentication for 192.0.2.7 port 4242", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"Timeout before authentication for connection from 192.0.2.7 to 10.0.0.1, pid = 5", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"reverse mapping checking getaddrinfo for a.example [192.0.2.7] failed - POSSIBLE BREAK-IN ATTEMPT!", None, None, None, REAL),
    (b"refused connect from a.example (192.0.2.7)", Action.ACCESS_DENIED, F, None, REAL),
    (b"ROOT LOGIN REFUSED FROM 192.0.2.7 port 4242", Action.LOGIN_FAILED, F, None, REAL),
    (b"Connection from 192.0.2.7 port 4242 on 10.0.0.1 port 22 rdomain \"\"", None, None, None, REAL),
    (b"drop connection #10 from [192.0.2.7]:4242 on [10.0.0.1]:22 past MaxStartups", Action.LIMIT_HIT, F, None, REAL),
    (b"Starting session: shell on pts/0 for bob from 192.0.2.7 port 4242 id 0", Action.SESSION_OPENED, S, "bob", REAL),
    (b"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root", Action.LOGIN_FAILED, F, "root", REAL),
    (b"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=a.example ", Action.LOGIN_FAILED, F, None, None),
    (b"PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root", Action.LOGIN_FAILED, F, "root", REAL),
    (b"pam_unix(sshd:session): session opened for user bob(uid=1000) by (uid=0)", Action.SESSION_OPENED, S, "bob", None),
    (b"pam_unix(sshd:session): session closed for user bob", Action.SESSION_CLOSED, None, "bob", None),
    (b"Server listening on 0.0.0.0 port 22.", None, None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("message", "action", "outcome", "user", "ip"), SSHD)
def test_sshd_families(
    message: bytes, action: Action | None, outcome: str | None, user: str | None, ip: str | None
) -> None:
    one = sshd(message)
    assert (one.action, one.outcome, one.user, one.ip, one.flags) == (action, outcome, user, ip, Flag.NONE)


@pytest.mark.parametrize(
    ("line", "action", "outcome", "user"),
    [
        (b"sudo:      bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/ls", Action.SUDO_COMMAND, S, "bob"),
        (b"sudo[9]:      bob : PWD=/ ; USER=root ; COMMAND=/bin/ls", None, None, None),
        (b"sudo:      bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", Action.SUDO_DENIED, F, "bob"),
        (b"sudo:      bob : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", Action.SUDO_DENIED, F, "bob"),
        (b"sudo:      bob : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", Action.SUDO_DENIED, F, "bob"),
        (b"sudo: pam_unix(sudo:session): session opened for user root(uid=0) by bob(uid=1000)", Action.SESSION_OPENED, S, "root"),
        (b"sudo: pam_unix(sudo:auth): authentication failure; logname=bob uid=1000 euid=0 tty=/dev/pts/0 ruser=bob rhost=  user=bob", Action.LOGIN_FAILED, F, "bob"),
        (b"su[7]: (to root) bob on pts/0", Action.SU, S, "bob"),
        (b"su[7]: FAILED SU (to root) bob on pts/0", Action.SU, F, "bob"),
        (b"su[7]: Successful su for root by bob", Action.SU, S, "bob"),
        (b"su[7]: + /dev/pts/0 bob:root", Action.SU, S, "bob"),
        (b"su[7]: - /dev/pts/0 bob:root", Action.SU, F, "bob"),
        (b"useradd[7]: new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/0", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"useradd[7]: failed adding user 'eve', data deleted", Action.ACCOUNT_CHANGED, F, "eve"),
        (b"usermod[7]: add 'eve' to group 'sudo'", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"userdel[7]: delete user 'eve'", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"passwd[7]: pam_unix(passwd:chauthtok): password changed for eve", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"CRON[7]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", Action.SESSION_OPENED, S, "root"),
        (b"CRON[7]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)", None, None, "root"),
        (b"systemd-logind[7]: New session 5 of user bob.", Action.SESSION_OPENED, S, "bob"),
        (b"systemd-logind[7]: Removed session 5.", Action.SESSION_CLOSED, None, None),
        (b"login[7]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure", Action.LOGIN_FAILED, F, "root"),
        (b"dovecot: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=a rhost=192.0.2.7  user=a", Action.LOGIN_FAILED, F, "a"),
        (b"kernel: [12345.678901] usb 1-1: new device", None, None, None),
        (b"postfix/smtpd[7]: connect from unknown[192.0.2.7]", None, None, None),
    ],
)  # fmt: skip
def test_other_programs(line: bytes, action: Action | None, outcome: str | None, user: str | None) -> None:
    one = parse(b"Mar  2 10:15:30 web " + line)
    assert (one.status, one.action, one.outcome, one.user) == (ParseStatus.PARSED, action, outcome, user)


@pytest.mark.parametrize(
    ("message", "repeat", "action", "ip"),
    [
        (
            b"message repeated 3 times: [ Failed password for root from 192.0.2.7 port 4242 ssh2]",
            3,
            Action.LOGIN_FAILED,
            REAL,
        ),
        (b"message repeated 2 times: [Invalid user a from 192.0.2.7 port 1]", 2, Action.INVALID_USER, REAL),
        (b"last message repeated 7 times", 7, None, None),
        (
            b"Failed password for message repeated 9 times: [ x] from 192.0.2.7 port 4242 ssh2",
            None,
            Action.LOGIN_FAILED,
            REAL,
        ),
    ],
)
def test_repeated_messages_count(message: bytes, repeat: int | None, action: Action | None, ip: str | None) -> None:
    one = sshd(message)
    assert (one.repeat, one.action, one.ip) == (repeat, action, ip)


def test_a_repeated_line_without_a_program() -> None:
    assert parse(b"Mar  2 10:15:30 web last message repeated 4 times").repeat == 4


NAMES = [
    b"x from 198.51.100.77 port 22",
    b"x from 198.51.100.77 port 22 ssh2",
    b"x from 198.51.100.77 port 22 ssh2: RSA SHA256:abcdefgh ID ",
    b"x 198.51.100.77 port 22: Too many authentication failures",
    b"x 198.51.100.77 port 22 [preauth]",
    b"x from 198.51.100.77 not allowed because not listed in AllowUsers",
    b"x rhost=198.51.100.77  user=x",
    b"root from 198.51.100.77",
]
PLACES = [
    b"Failed password for invalid user %s from 192.0.2.7 port 4242 ssh2",
    b"Failed publickey for invalid user %s from 192.0.2.7 port 4242 ssh2: RSA SHA256:abcdefgh",
    b"Accepted password for %s from 192.0.2.7 port 4242 ssh2",
    b"Invalid user %s from 192.0.2.7 port 4242",
    b"Invalid user %s from 192.0.2.7",
    b"Connection closed by invalid user %s 192.0.2.7 port 4242 [preauth]",
    b"Disconnected from invalid user %s 192.0.2.7 port 4242 [preauth]",
    b"User %s from 192.0.2.7 not allowed because not listed in AllowUsers",
    b"maximum authentication attempts exceeded for invalid user %s from 192.0.2.7 port 4242 ssh2 [preauth]",
    b"error: PAM: Authentication failure for illegal user %s from 192.0.2.7",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_a_user_name_never_becomes_the_address(place: bytes, name: bytes) -> None:
    one = sshd(place % name)
    assert (one.ip, one.user) == (REAL, name.decode())
    assert one.flags & Flag.FORGED_LOOKING


@pytest.mark.parametrize(
    "message",
    [
        b"Disconnecting invalid user a 192.0.2.7 port 4242: Change of username or service not allowed: (a,ssh-connection) -> (b 198.51.100.77 port 2: Too many authentication failures",
        b"pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=x rhost=198.51.100.77  user=y rhost=192.0.2.7  user=y",
        b"Bad protocol version identification '' from 198.51.100.77 port 1' from 192.0.2.7 port 4242",
        b"Received disconnect from 192.0.2.7 port 4242:11: from 198.51.100.77 port 22 [preauth]",
        b"Unable to negotiate with 192.0.2.7 port 4242: x with 198.51.100.77 port 22: y",
        b"reverse mapping checking getaddrinfo for a [198.51.100.77] failed.example [192.0.2.7] failed - POSSIBLE BREAK-IN ATTEMPT!",
    ],
)
def test_other_texts_of_a_client_never_become_the_address(message: bytes) -> None:
    assert sshd(message).ip in (REAL, None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"Feb 30 10:15:30 web sshd[1]: x", Reason.BAD_TIME),
        (b"Mar  2 25:15:30 web sshd[1]: x", Reason.BAD_TIME),
        (b"2026-02-29T10:15:30Z web sshd[1]: x", Reason.BAD_TIME),
        (b"2026-03-02T10:15:30+99:00 web sshd[1]: x", Reason.BAD_TIME),
        ("Mar  ２ 10:15:30 web sshd[1]: x".encode(), Reason.NO_FORMAT),
        (b"Abc  2 10:15:30 web sshd[1]: x", Reason.NO_FORMAT),
        (b'192.0.2.7 - - [02/Mar/2026:10:15:30 +0000] "GET / HTTP/1.1" 200 5', Reason.NO_FORMAT),
        (b"", Reason.NO_FORMAT),
        (b"   ", Reason.NO_FORMAT),
    ],
)
def test_silent(line: bytes, expected: Reason) -> None:
    assert FORMAT.parse(line) is expected


def test_indented_text_continues_the_line_before() -> None:
    assert parse(b"\tat com.example.Main(Main.java:5)").status is ParseStatus.CONTINUATION


def test_29_february_without_a_year_is_possible() -> None:
    assert (
        when(parse(b"Feb 29 10:15:30 web sshd[1]: x")).month,
        when(parse(b"Feb 29 10:15:30 web sshd[1]: x")).day,
    ) == (2, 29)


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b"Mar  2 10:15:30 web sshd[1]: ", b"<13>1 2026-03-02T10:15:30Z h a 1 - ", b"Mar  2 10:15:30 h sudo: "]
    ),
)
def test_any_bytes_are_read_or_given_a_reason(noise: bytes, head: bytes) -> None:
    assert isinstance(FORMAT.parse(head + re.sub(rb"\n", b"", noise)), ParsedLine | Reason)
