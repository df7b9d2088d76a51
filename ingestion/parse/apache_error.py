"""Apache httpd error log, 2.2 and the default `ErrorLogFormat` of 2.4 (server/log.c).

The client stands before the message, and httpd escapes control bytes: neither can be forged through a request. What
programs write to stderr is not escaped; such lines start no record and are continuations.
"""

import re
from functools import lru_cache

from core.action import Action
from core.event import Flag, ParseStatus, Reason
from ingestion.parse.apache_actions import meaning
from ingestion.parse.apache_said import said
from ingestion.parse.message import ParsedLine, ip_of_endpoint, optional_text, text
from ingestion.parse.waf import refused_requests
from ingestion.parse.wall_clock import MONTHS, wall_time

LIMIT = 8191
"""Longest record without its LF: MAX_STRING_LEN is 8,192 (include/httpd.h)."""

_LEVEL = rb"emerg|alert|crit|error|warn|notice|info|debug|trace[1-8]"
_DATE = rb"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})? [0-9]{4}"
HEAD = re.compile(
    rb"\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<date>" + _DATE + rb")\] "
    rb"\[(?:[A-Za-z0-9_-]{0,64}:)?(?P<level>" + _LEVEL + rb")\] "
    rb"(?:\[pid (?P<pid>[0-9]{1,10})(?::tid [0-9]{1,20})?\] )?"
    rb"(?:[A-Za-z0-9_./-]{1,120}(?:\([0-9]{1,6}\)|:[0-9]{1,6}): )?"
    rb"(?:\((?:[0-9]{1,9}|EAI -?[0-9]{1,9}|OS [0-9]{1,9}|os 0x[0-9A-Fa-f]{1,8})\)[^:\[]{0,160}: )?"
    rb"(?:\[(?:client|remote) (?P<client>\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?|[^\]\s]{1,255})\] )?"
    rb"(?:AH(?P<code>[0-9]{5}): )?"
)
_STAMP = re.compile(rb"\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}")
_CLIENT = re.compile(rb"\[client ([^\]\s]{1,255})\]")
_STARTS_OTHERWISE = re.compile(rb"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] ")


class ApacheError:
    """Format `apache.error`."""

    dataset = "apache.error"

    def parse(self, line: bytes) -> ParsedLine | Reason:
        """A record's line, a continuation of the one before, or why it is neither."""
        head = HEAD.match(line)
        if not head:
            return _unheaded(line)
        time = _time(head["date"])
        if time is None:
            return Reason.BAD_TIME
        return _record(line, head, time)

    def review(self, lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:  # noqa: ARG002
        """Firewall warnings about requests that were refused; a request cannot spread a record over lines."""
        return refused_requests(parsed)


def _unheaded(line: bytes) -> ParsedLine | Reason:
    if not line.strip():
        return Reason.NO_FORMAT
    if _STARTS_OTHERWISE.match(line):
        return Reason.TRUNCATED
    if line.startswith(b"["):
        return Reason.NO_FORMAT
    return ParsedLine(status=ParseStatus.CONTINUATION, message=text(line))


def _time(date: bytes) -> int | None:
    """`Mar 02 10:15:30[.123456] 2026`."""
    second = _second(date[:15], date[-4:])
    fraction = date[16:-5]
    return second if second is None or not fraction else second + int(fraction.ljust(6, b"0"))


@lru_cache(maxsize=4096)
def _second(stamp: bytes, year: bytes) -> int | None:
    return wall_time(int(year), MONTHS.get(stamp[:3], 0), int(stamp[4:6]), stamp[7:])


def _record(line: bytes, head: re.Match[bytes], time: int) -> ParsedLine:
    level, client, code, pid = head["level"], head["client"], head["code"], head["pid"]
    message, _, referrer = line[head.end() :].rpartition(b", referer: ")
    if not message:
        message, referrer = referrer, b""
    action, outcome = meaning(code, message)
    more = said(action, message)
    return ParsedLine(
        time=time,
        flags=_flags(line, head),
        ip=ip_of_endpoint(client, port=pid is not None) if client else None,
        user=optional_text(more.user),
        method=optional_text(more.method),
        url=optional_text(more.url),
        referrer=optional_text(referrer),
        domain=optional_text(more.domain),
        level=text(level),
        action=action or _by_level(level, client),
        outcome=outcome,
        message=text(b"AH" + code + b": " + message if code else message),
        pid=int(pid) if pid else None,
    )


def _by_level(level: bytes, client: bytes | None) -> Action | None:
    return Action.SERVER_NOTICE if level == b"notice" and not client else None


def _flags(line: bytes, head: re.Match[bytes]) -> Flag:
    flags = Flag.CUT_SHORT if len(line) >= LIMIT else Flag.NONE
    start = head.end()
    if line.find(b"[", start) < 0:
        return flags
    if _STAMP.search(line, start):
        return flags | Flag.FORGED_LOOKING
    if b"[client " in line[start:]:
        mine = ip_of_endpoint(head["client"] or b"", port=head["pid"] is not None)
        others = {ip_of_endpoint(one, port=False) for one in _CLIENT.findall(line, start)}
        if others != {mine}:  # ModSecurity repeats the client
            return flags | Flag.FORGED_LOOKING
    return flags
