"""Syslog and auth logs: RFC 3164 (no year, no zone), rsyslog's ISO stamps, RFC 5424, each with or without `<PRI>`."""

import re
from collections.abc import Callable
from functools import lru_cache

from core.event import Flag, ParseStatus, Reason
from ingestion.parse.accounts import (
    ACCOUNT_TOOLS,
    read_account,
    read_cron,
    read_login,
    read_pam,
    read_pkexec,
    read_su,
    read_sudo,
)
from ingestion.parse.apache_error import ApacheError
from ingestion.parse.daemons import read_dropbear, read_evasive
from ingestion.parse.message import MessageFormat, ParsedLine, optional_text, text
from ingestion.parse.nginx_error import NginxError
from ingestion.parse.partial import PartialClient
from ingestion.parse.sshd import NOTHING, Told, read_sshd
from ingestion.parse.wall_clock import MONTHS, wall_time, zone_minutes
from ingestion.parse.years import NO_YEAR

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = rb"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_ISO = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]" + _CLOCK + rb"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_TAG = rb"(?:[a-z0-9]{2,8}\.(?P<level>[a-z]{4,7}) )?(?P<tag>[^\s:\[]{1,128})(?:\[(?P<pid>[0-9]{1,10})\])?: ?"
_BSD = re.compile(
    rb"(?:<(?P<pri>[0-9]{1,3})>)?(?P<stamp>"
    + _MONTH
    + rb" [ 0-3]?[0-9] (?:[0-9]{4} )?"
    + _CLOCK
    + rb"|"
    + _ISO
    + rb") "
    rb"(?P<host>[^\s:\[]{1,255}) (?:" + _TAG + rb")?"
)
_5424 = re.compile(
    rb"<(?P<pri>[0-9]{1,3})>1 (?P<stamp>"
    + _ISO
    + rb"|-) (?P<host>\S{1,255}) (?P<tag>\S{1,128}) (?P<pid>\S{1,128}) \S{1,128} "
    rb'(?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)(?: \xef\xbb\xbf| |\Z)'
)
_REPEATED = re.compile(rb"message repeated ([0-9]{1,9}) times: \[ ?(.*)\]\Z", re.DOTALL)
_LAST_REPEATED = re.compile(rb"last message repeated ([0-9]{1,9}) times?\Z")
_FORGED_USER = re.compile(r" from [0-9A-Fa-f:.]{2,45}| port [0-9]|rhost=|ssh2")
_STAMP = re.compile(rb" " + _MONTH + rb" [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} \S{1,255} [a-z-]{2,32}\[")
_LEVELS = ("emerg", "alert", "crit", "error", "warn", "notice", "info", "debug")

_READERS: dict[bytes, tuple[Callable[[bytes], Told], ...]] = {
    b"sshd": (read_sshd, read_pam),
    b"sshd-session": (read_sshd, read_pam),
    b"sshd-auth": (read_sshd, read_pam),
    b"sudo": (read_pam, read_sudo),
    b"su": (read_pam, read_su),
    b"login": (read_pam, read_login),
    b"systemd-logind": (read_login,),
    b"CRON": (read_pam, read_cron),
    b"cron": (read_pam, read_cron),
    b"crond": (read_pam, read_cron),
    b"dropbear": (read_dropbear,),
    b"mod_evasive": (read_evasive,),
    b"pkexec": (read_pam, read_pkexec),
    **dict.fromkeys(ACCOUNT_TOOLS, (read_pam, read_account)),
}
_OTHERS = (read_pam,)
_WEB: dict[bytes, tuple[MessageFormat, ...]] = {
    b"nginx": (NginxError(),),
    **dict.fromkeys((b"apache", b"apache2", b"httpd"), (ApacheError(), PartialClient())),
}
"""Servers that send their error log to syslog."""


class SyslogAuth:
    """Format `syslog.auth`."""

    dataset = "syslog.auth"

    def parse(self, line: bytes) -> ParsedLine | Reason:
        """A stamped line of any program; only authentication is understood beyond its message."""
        head = (_5424.match(line) if line.startswith(b"<") else None) or _BSD.match(line)
        if not head:
            return _unheaded(line)
        stamp = head["stamp"]
        found = _time(stamp)
        if found is None:
            return Reason.BAD_TIME if stamp != b"-" else _line(line, head, (None, True, None))
        return _line(line, head, found)

    def review(self, lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:  # noqa: ARG002
        """What "last message repeated" repeats; otherwise nothing, as syslog daemons escape line feeds."""
        changed: dict[int, ParsedLine] = {}
        for index, one in enumerate(parsed[1:], 1):
            if isinstance(one, ParsedLine) and one.repeat and one.process is None and one.action is None:
                before = changed.get(index - 1, parsed[index - 1])
                if isinstance(before, ParsedLine) and before.host == one.host:
                    changed[index] = one._replace(
                        action=before.action, outcome=before.outcome, user=before.user, ip=before.ip
                    )
        return changed


def _unheaded(line: bytes) -> ParsedLine | Reason:
    """Indented text continues the message before (stack traces, `systemctl` output)."""
    if line[:1] in (b" ", b"\t") and line.strip():
        return ParsedLine(status=ParseStatus.CONTINUATION, message=text(line))
    return Reason.NO_FORMAT


_Stamp = tuple[int | None, bool, int | None]
"""(wall clock µs, year known, zone minutes)."""


@lru_cache(maxsize=4096)
def _time(stamp: bytes) -> _Stamp | None:
    if stamp[:1].isdigit():
        return _iso(stamp)
    parts = stamp.split()
    if len(parts) < 3:
        return None
    clock = parts[-1]
    year = int(parts[2]) if len(parts) == 4 else NO_YEAR
    time = wall_time(year, MONTHS[parts[0]], int(parts[1]), clock[:8], clock[9:])
    return None if time is None else (time, len(parts) == 4, None)


def _iso(stamp: bytes) -> _Stamp | None:
    rest = stamp[19:]
    digits = rest[1:].partition(b"Z")[0].partition(b"+")[0].partition(b"-")[0] if rest[:1] in (b".", b",") else b""
    zone = rest[len(digits) + 1 :] if digits else rest
    offset = zone_minutes(zone) if zone else None
    time = wall_time(int(stamp[:4]), int(stamp[5:7]), int(stamp[8:10]), stamp[11:19], digits)
    return None if time is None or (zone and offset is None) else (time, True, offset)


def _line(line: bytes, head: re.Match[bytes], stamp: _Stamp) -> ParsedLine:
    message = line[head.end() :]
    tag = (head["tag"] or b"").rpartition(b"/")[2]
    if tag in _WEB and (web := _web(tag, message)):
        year_known, zone = stamp[1:]
        process, host = optional_text(head["tag"]), optional_text(head["host"])
        return web._replace(time=stamp[0], year_known=year_known, zone_minutes=zone, process=process, host=host)
    repeat, inner = _repeat(message)
    told = _told(tag, inner)
    pid = head["pid"]
    return ParsedLine(
        time=stamp[0],
        year_known=stamp[1],
        zone_minutes=stamp[2],
        flags=_flags(line, head, told),
        ip=told.ip,
        user=told.user,
        level=_level(head["pri"], head["level"] if head.re is _BSD else None),
        process=optional_text(head["tag"]),
        action=told.action,
        outcome=told.outcome,
        message=text(message),
        repeat=repeat,
        host=optional_text(head["host"]),
        pid=int(pid) if pid and pid.isdigit() else None,
    )


def _web(tag: bytes, message: bytes) -> ParsedLine | None:
    """The record of an error log that a web server sent; its own time is that of the syslog line."""
    for reader in _WEB[tag]:
        found = reader.parse(message)
        if isinstance(found, ParsedLine) and found.status is ParseStatus.PARSED:
            return found
    return None


def _repeat(message: bytes) -> tuple[int | None, bytes]:
    """How many events the line stands for, and the message they have."""
    if b" repeated " not in message:
        return None, message
    found = _REPEATED.match(message)
    if found:
        return int(found.group(1)), found.group(2)
    last = _LAST_REPEATED.match(message)
    return (int(last.group(1)), b"") if last else (None, message)


def _told(tag: bytes, message: bytes) -> Told:
    for read in _READERS.get(tag, _OTHERS):
        told = read(message)
        if told is not NOTHING:
            return told
    return NOTHING


def _level(pri: bytes | None, named: bytes | None) -> str | None:
    if pri is not None:
        return _LEVELS[int(pri) & 7]
    return text(named) if named else None


def _flags(line: bytes, head: re.Match[bytes], told: Told) -> Flag:
    if told.user and _FORGED_USER.search(told.user):
        return Flag.FORGED_LOOKING
    stamped = line.count(b":", head.end()) > 1 and _STAMP.search(line, head.end())
    return Flag.FORGED_LOOKING if stamped else Flag.NONE
