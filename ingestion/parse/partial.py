"""Excerpts of error logs whose time was cut away: `[level] [client IP] message`."""

import re

from core.event import Reason
from ingestion.parse.apache_actions import meaning
from ingestion.parse.apache_said import said
from ingestion.parse.message import ParsedLine, ip_of_endpoint, optional_text, text

_LINE = re.compile(
    rb"(?:\[(?:[A-Za-z0-9_-]{0,64}:)?(?P<level>emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] )?"
    rb"(?:\[pid [0-9]{1,10}(?::tid [0-9]{1,20})?\] )?"
    rb"\[client (?P<client>[^\]\s]{2,64})\] ?(?:AH(?P<code>[0-9]{5}): )?"
)


class PartialClient:
    """Format `partial.client`: the time is unknown."""

    dataset = "partial.client"

    def parse(self, line: bytes) -> ParsedLine | Reason:
        """A line whose client is an address."""
        head = _LINE.match(line)
        ip = ip_of_endpoint(head["client"], port=False) if head else None
        if head is None or ip is None:
            return Reason.NO_FORMAT
        return _record(line, head, ip)

    def review(self, lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:  # noqa: ARG002
        """Nothing: lines stand alone."""
        return {}


def _record(line: bytes, head: re.Match[bytes], ip: str) -> ParsedLine:
    message, _, referrer = line[head.end() :].rpartition(b", referer: ")
    if not message:
        message, referrer = referrer, b""
    code = head["code"]
    action, outcome = meaning(code, message)
    more = said(action, message)
    return ParsedLine(
        ip=ip,
        user=optional_text(more.user),
        method=optional_text(more.method),
        url=optional_text(more.url),
        referrer=optional_text(referrer),
        domain=optional_text(more.domain),
        level=optional_text(head["level"]),
        action=action,
        outcome=outcome,
        message=text(b"AH" + code + b": " + message if code else message),
    )
