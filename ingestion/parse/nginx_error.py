"""nginx error log: `date [level] pid#tid: [*connection ]message[, client: …]` (src/core/ngx_log.c)."""

import re
from functools import lru_cache

from core.action import Action
from core.event import Flag, ParseStatus, Reason
from ingestion.parse.message import ParsedLine, optional_text, text
from ingestion.parse.nginx_actions import meaning, user_of
from ingestion.parse.nginx_context import CLIENT, LIMIT, Context, only_context, read_context, true_client
from ingestion.parse.nginx_review import review
from ingestion.parse.waf import refused_requests
from ingestion.parse.wall_clock import wall_time

HEAD = re.compile(
    rb"([0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) \[(emerg|alert|crit|error|warn|notice|info|debug)\] "
    rb"([0-9]{1,10})#[0-9]{1,10}: (\*[0-9]{1,20} )?"
)
_STAMP = re.compile(rb"[0-9]{4}/[0-9]{2}/[0-9]{2}[ +][0-9]{2}:[0-9]{2}:[0-9]{2}[ +]\[[a-z]{4,6}\]")
_ENCODED_LF = re.compile(rb"%0[Aa]")
_REQUEST = re.compile(rb"([A-Z][A-Z_-]{0,31}) (.+?)(?: HTTP/[0-9.]{1,3})?\Z", re.DOTALL)
_NO_CONTEXT = Context(0, None, None, None, None)
_LEVELS = {name.encode(): name for name in ("emerg", "alert", "crit", "error", "warn", "notice", "info", "debug")}


class NginxError:
    """Format `nginx.error`."""

    dataset = "nginx.error"

    def parse(self, line: bytes) -> ParsedLine | Reason:
        """A record's line; text that starts no record is a continuation of the one before (PHP stack traces)."""
        head = HEAD.match(line)
        if not head:
            if not line.strip():
                return Reason.NO_FORMAT
            return ParsedLine(status=ParseStatus.CONTINUATION, message=text(line))
        time = _time(head.group(1))
        if time is None:
            return Reason.BAD_TIME
        return _record(line, head, time)

    def review(self, lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:
        """Records a client spread over several lines (`nginx_review`), and refusals a firewall announced before."""
        spread = review(lines, parsed)
        whole = [spread.get(index, one) for index, one in enumerate(parsed)] if spread else parsed
        return spread | refused_requests(whole)


@lru_cache(maxsize=4096)
def _time(stamp: bytes) -> int | None:
    return wall_time(int(stamp[:4]), int(stamp[5:7]), int(stamp[8:10]), stamp[11:])


def _record(line: bytes, head: re.Match[bytes], time: int) -> ParsedLine:
    start = head.end()
    tails = line.count(b" client: ", start) if head.group(4) else 0
    context = _context(line, start, tails)
    message = line[start : context.start] if context.start else line[start:]
    request = _REQUEST.match(context.request) if context.request else None
    action, outcome = meaning(message)
    return ParsedLine(
        time=time,
        flags=_flags(line, start, tails, context.request),
        ip=context.client,
        user=optional_text(user_of(message)) if action is Action.LOGIN_FAILED else None,
        method=text(request.group(1)) if request else None,
        url=text(request.group(2)) if request else optional_text(context.request),
        referrer=optional_text(context.referrer),
        domain=optional_text(context.host),
        level=_LEVELS[head.group(2)],
        action=action,
        outcome=outcome,
        message=text(message if request or not context.start else line[start:]),
        pid=int(head.group(3)),
    )


def _context(line: bytes, start: int, tails: int) -> Context:
    """The tail the server wrote; without a client (but with its place) when nobody can tell which one that is."""
    if not tails:
        return _NO_CONTEXT
    only = only_context(line, start) if tails == 1 else None
    if only:
        return only
    found = list(CLIENT.finditer(line, start))
    true = true_client(line, start, found) if found else None
    if true:
        return read_context(line, true)
    return _NO_CONTEXT._replace(start=found[0].start()) if found else _NO_CONTEXT


def _flags(line: bytes, start: int, tails: int, request: bytes | None) -> Flag:
    flags = Flag.CUT_SHORT if len(line) >= LIMIT else Flag.NONE
    if tails > 1 or (line.find(b"[", start) >= 0 and _STAMP.search(line, start)):
        return flags | Flag.FORGED_LOOKING
    if request and b"%0" in request and _ENCODED_LF.search(request):
        return flags | Flag.FORGED_LOOKING
    return flags
