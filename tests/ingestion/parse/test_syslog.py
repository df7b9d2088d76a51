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
    (b"fatal: Unable to negotiate with 192.0.2.7 port 4242: no matching cipher found. Their offer: aes128-cbc [preauth]", Action.BAD_REQUEST, F, None, REAL),
    (b"Disconnecting: Too many authentication failures [preauth]", Action.PREAUTH_CLOSED, F, None, None),
    (b"Disconnecting: Too many authentication failures for root [preauth]", Action.PREAUTH_CLOSED, F, "root", None),
    (b"User bob not allowed because account is locked", Action.LOGIN_FAILED, F, "bob", None),
    (b"User bob not allowed because shell /bin/x does not exist", Action.LOGIN_FAILED, F, "bob", None),
    (b"User root from 192.0.2.7 not allowed because a group is listed in DenyGroups", Action.LOGIN_FAILED, F, "root", REAL),
    (b"fatal: Access denied for user bob by PAM account configuration [preauth]", Action.LOGIN_FAILED, F, "bob", None),
    (b"error: PAM: User account has expired for bob from 192.0.2.7", Action.LOGIN_FAILED, F, "bob", REAL),
    (b"error: Received disconnect from 192.0.2.7 port 4242:3: com.jcraft.jsch.JSchException: Auth fail [preauth]", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"Authentication tried for root with correct key but not from a permitted host (host=a.example, ip=192.0.2.7).", Action.LOGIN_FAILED, F, "root", REAL),
    (b"error: kex_exchange_identification: Connection closed by remote host", Action.BAD_REQUEST, F, None, None),
    (b"kex_exchange_identification: banner line contains invalid characters", Action.BAD_REQUEST, F, None, None),
    (b"error: kex protocol error: type 30 seq 1", Action.BAD_REQUEST, F, None, None),
    (b"Protocol major versions differ for 192.0.2.7 port 4242: SSH-2.0-OpenSSH_9.6 vs. SSH-1.5-x", Action.BAD_REQUEST, F, None, REAL),
    (b"scanned from 192.0.2.7 with SSH-1.0-SSH_Version_Mapper.  Don't panic.", Action.BAD_REQUEST, F, None, REAL),
    (b"Could not write ident string to 192.0.2.7 port 4242", Action.PREAUTH_CLOSED, F, None, REAL),
    (b"Close session: user bob from 192.0.2.7 port 4242 id 0", Action.SESSION_CLOSED, None, "bob", REAL),
    (b"error: beginning MaxStartups throttling", Action.LIMIT_HIT, F, None, None),
    (b"drop connection #0 from [192.0.2.7]:4242 on [10.0.0.1]:22 penalty: failed authentication", Action.LIMIT_HIT, F, None, REAL),
    (b"pam_faillock(sshd:auth): Consecutive login failures for user bob account temporarily locked", Action.LIMIT_HIT, F, "bob", None),
    (b"pam_tally2(sshd:auth): user root (0) tally 10, deny 5", Action.LIMIT_HIT, F, "root", None),
    (b"pam_access(sshd:account): access denied for user `bob' from `192.0.2.7'", Action.ACCESS_DENIED, F, "bob", REAL),
    (b"pam_unix(sshd:auth): check pass; user unknown", None, None, None, None),
    (b"PAM service(sshd) ignoring max retries; 6 > 3", None, None, None, None),
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
        (b"sudo:      bob : a password is required ; TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/bin/sh", Action.SUDO_DENIED, F, "bob"),
        (b"sudo:      bob : no tty present and no askpass program specified ; TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/bin/sh", Action.SUDO_DENIED, F, "bob"),
        (b"sudo:      bob : problem with defaults entries ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", None, None, "bob"),
        (b"sudo: pam_unix(sudo:auth): auth could not identify password for [bob]", Action.LOGIN_FAILED, F, "bob"),
        (b"pkexec[7]: bob: Executing command [USER=root] [TTY=unknown] [CWD=/home/bob] [COMMAND=/bin/x]", Action.SUDO_COMMAND, S, "bob"),
        (b"pkexec[7]: bob: The value for the SHELL variable was not found in the /etc/shells file [USER=root] [TTY=/dev/pts/0] [CWD=/] [COMMAND=x]", Action.SUDO_DENIED, F, "bob"),
        (b"sudo: pam_unix(sudo:session): session opened for user root(uid=0) by bob(uid=1000)", Action.SESSION_OPENED, S, "root"),
        (b"sudo: pam_unix(sudo:auth): authentication failure; logname=bob uid=1000 euid=0 tty=/dev/pts/0 ruser=bob rhost=  user=bob", Action.LOGIN_FAILED, F, "bob"),
        (b"su[7]: (to root) bob on pts/0", Action.SU, S, "bob"),
        (b"su[7]: FAILED SU (to root) bob on pts/0", Action.SU, F, "bob"),
        (b"su[7]: Successful su for root by bob", Action.SU, S, "bob"),
        (b"su[7]: + /dev/pts/0 bob:root", Action.SU, S, "bob"),
        (b"su[7]: - /dev/pts/0 bob:root", Action.SU, F, "bob"),
        (b"su[7]: BAD SU bob to root on /dev/pts/0", Action.SU, F, "bob"),
        (b"su[7]: bob to root on /dev/pts/0", Action.SU, S, "bob"),
        (b"useradd[7]: new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/0", Action.ACCOUNT_CREATED, S, "eve"),
        (b"useradd[7]: new user: name=eve, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/0", Action.PRIVILEGE_GRANTED, S, "eve"),
        (b"useradd[7]: new group: name=eve, GID=1001", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"useradd[7]: failed adding user 'eve', data deleted", Action.ACCOUNT_CHANGED, F, "eve"),
        (b"usermod[7]: add 'eve' to group 'sudo'", Action.PRIVILEGE_GRANTED, S, "eve"),
        (b"usermod[7]: add 'eve' to shadow group 'wheel'", Action.PRIVILEGE_GRANTED, S, "eve"),
        (b"usermod[7]: add 'eve' to group 'audio'", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"usermod[7]: add 'sudo' to group 'audio'", Action.ACCOUNT_CHANGED, S, "sudo"),
        (b"gpasswd[7]: user eve added by root to group wheel", Action.PRIVILEGE_GRANTED, S, "eve"),
        (b"gpasswd[7]: members of group sudo set by root to eve", Action.PRIVILEGE_GRANTED, S, "eve"),
        (b'chpasswd[7]: pam_unix(chpasswd:chauthtok): user "eve" does not exist in /etc/passwd', Action.ACCOUNT_CHANGED, F, "eve"),
        (b"groupadd[7]: new group: name=ops, GID=1001", Action.ACCOUNT_CHANGED, S, "ops"),
        (b"userdel[7]: delete user 'eve'", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"passwd[7]: pam_unix(passwd:chauthtok): password changed for eve", Action.ACCOUNT_CHANGED, S, "eve"),
        (b"CRON[7]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", Action.SESSION_OPENED, S, "root"),
        (b"CRON[7]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)", None, None, "root"),
        (b"systemd-logind[7]: New session 5 of user bob.", Action.SESSION_OPENED, S, "bob"),
        (b"systemd-logind[7]: Removed session 5.", Action.SESSION_CLOSED, None, None),
        (b"login[7]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure", Action.LOGIN_FAILED, F, "root"),
        (b"login[7]: ROOT LOGIN ON tty1", Action.SESSION_OPENED, S, "root"),
        (b"dropbear[7]: Bad password attempt for 'root' from 192.0.2.7:4242", Action.LOGIN_FAILED, F, "root"),
        (b"dropbear[7]: Login attempt for nonexistent user 'x' from 192.0.2.7:4242", Action.INVALID_USER, F, "x"),
        (b"dropbear[7]: Login attempt for nonexistent user from 192.0.2.7:4242", Action.INVALID_USER, F, None),
        (b"dropbear[7]: Password auth succeeded for 'root' from 192.0.2.7:4242", Action.LOGIN_SUCCEEDED, S, "root"),
        (b"dropbear[7]: Pubkey auth succeeded for 'root' with ssh-ed25519 key SHA256:x from 192.0.2.7:4242", Action.LOGIN_SUCCEEDED, S, "root"),
        (b"dropbear[7]: Exit before auth from <192.0.2.7:4242>: (user 'root', 3 fails): Max auth tries reached - user 'root'", Action.PREAUTH_CLOSED, F, None),
        (b"mod_evasive[7]: Blacklisting address 192.0.2.7: possible DoS attack.", Action.LIMIT_HIT, F, None),
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


@pytest.mark.parametrize(
    ("message", "ip"),
    [
        (b"dropbear[7]: Bad password attempt for 'x' from 198.51.100.77:1' from 192.0.2.7:4242", REAL),
        (b"dropbear[7]: Exit before auth from <192.0.2.7:4242>: (user 'x from 198.51.100.77:1', 3 fails)", REAL),
        (b"dropbear[7]: Password auth succeeded for 'x' with a from 198.51.100.77:1' from 192.0.2.7:4242", REAL),
        (b"mod_evasive[7]: Blacklisting address 192.0.2.7: possible DoS attack.", REAL),
        (b"nginx: 2026/03/02 10:15:30 [error] 77#77: *9 access forbidden by rule, client: 192.0.2.7, server: _, request: \"GET / HTTP/1.1\"", REAL),
        (b"httpd[7]: [authz_core:error] [pid 9] [client 192.0.2.7:41234] AH01630: client denied by server configuration: /x", REAL),
        (b"apache2[7]: [error] [client 192.0.2.7] File does not exist: /[client 198.51.100.77]", REAL),
        (b"myapp[7]: [error] [client 198.51.100.77] File does not exist: /x", None),
    ],
)  # fmt: skip
def test_addresses_of_other_programs(message: bytes, ip: str | None) -> None:
    assert parse(b"Mar  2 10:15:30 web " + message).ip == ip


@pytest.mark.parametrize(
    ("message", "action", "url"),
    [
        (b"nginx: 2026/03/02 10:15:30 [error] 77#77: *9 access forbidden by rule, client: 192.0.2.7, server: _, request: \"GET /a HTTP/1.1\"", Action.ACCESS_DENIED, "/a"),
        (b"apache2[7]: [core:info] [pid 9] [client 192.0.2.7:1] AH00128: File does not exist: /var/www/html/.env", Action.NOT_FOUND, "/.env"),
        (b"nginx: something else", None, None),
    ],
)  # fmt: skip
def test_error_logs_sent_to_syslog(message: bytes, action: Action | None, url: str | None) -> None:
    one = parse(b"Mar  2 10:15:30 web " + message)
    assert (one.action, one.url, one.host, when(one).year) == (action, url, "web", NO_YEAR)


def test_the_last_message_repeated_is_the_one_above() -> None:
    lines = [
        b"Mar  2 10:15:29 web sshd[1]: Failed password for root from 192.0.2.7 port 1 ssh2",
        b"Mar  2 10:15:30 web last message repeated 4 times",
        b"Mar  2 10:15:31 other last message repeated 4 times",
    ]
    parsed = [FORMAT.parse(line) for line in lines]
    found = FORMAT.review(lines, parsed)
    assert {at: (one.action, one.ip, one.user, one.repeat) for at, one in found.items()} == {
        1: (Action.LOGIN_FAILED, REAL, "root", 4)
    }


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
    b"Authentication tried for %s with correct key but not from a permitted host (host=a.example, ip=192.0.2.7).",
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
