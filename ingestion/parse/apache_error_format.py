"""Apache `ErrorLogFormat` strings compiled to readers (httpd.apache.org/docs/2.4/mod/core.html#errorlogformat).

A field without a value is dropped together with the text around it up to the next space, so every field but time and
message is optional. An address is believed only when no client's text stands before it.
"""

import re
from dataclasses import dataclass

from core.errors import InputError
from core.event import Flag, ParseStatus, Reason
from ingestion.parse.apache_actions import meaning
from ingestion.parse.apache_said import said
from ingestion.parse.message import ParsedLine, ip_of_endpoint, optional_text, text
from ingestion.parse.wall_clock import MONTHS, wall_time, zone_minutes

_TOKEN = re.compile(
    r"%%|%[-+0-9]*(?:\{(?P<argument>[^}]*)\})?(?P<letter>[A-Za-z])|% |\\(?P<escaped>.)|(?P<space> )|%|[^%\\ ]+"
)
_PASTED = re.compile(r'\s*ErrorLogFormat\s+"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
_TIME = (
    rf"(?P<time>[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ 0-9][0-9] {_CLOCK} [0-9]{{4}}"
    rf"|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T]{_CLOCK}(?: ?[+-][0-9]{{2}}:?[0-9]{{2}})?)"
)
_FIELDS: dict[str, str] = {
    "t": _TIME,
    "l": r"(?P<level>emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])",
    "m": r"[A-Za-z0-9_-]{1,64}",
    "P": r"(?P<pid>[0-9]{1,10})",
    "T": r"[0-9]{1,20}",
    "k": r"[0-9]{1,10}",
    "E": r"\([^)]{1,16}\)[^:\[]{0,160}",
    "M": r"(?P<message>.*?)",
    "F": r"[A-Za-z0-9_./-]{1,120}(?:\([0-9]{1,6}\)|:[0-9]{1,6})",
    **dict.fromkeys("AvVL", r"[^\s\]]{1,255}"),
    **dict.fromkeys("ine", r"[^\r\n]*?"),
}
_CLIENT_TEXT = frozenset("ineM")
_CODE = re.compile(rb"AH([0-9]{5}): ")


@dataclass(frozen=True, slots=True)
class ApacheErrorFormat:
    """Format `apache.error` as a configuration describes it."""

    pattern: re.Pattern[bytes]
    dataset: str = "apache.error"

    def parse(self, line: bytes) -> ParsedLine | Reason:
        """A line of the format; other text continues the record before."""
        found = self.pattern.match(line)
        if not found:
            return ParsedLine(status=ParseStatus.CONTINUATION, message=text(line)) if line.strip() else Reason.NO_FORMAT
        stamp = _stamp(found["time"])
        return _record(found.groupdict(), *stamp) if stamp else Reason.BAD_TIME

    def review(self, lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:  # noqa: ARG002
        """Nothing: httpd escapes line feeds."""
        return {}


def compile_error_log_format(source: str) -> ApacheErrorFormat:
    """A reader from `ErrorLogFormat "…"` or the bare text.

    Raises InputError("bad_log_format", token=…) for unknown directives and for formats without `%t` and `%M`.
    """
    pasted = _PASTED.match(source)
    source = pasted.group(1).replace('\\"', '"') if pasted else source.strip("\r\n")
    pattern, client_text, chunk, optional = "", False, "", True
    seen: set[str] = set()
    for found in _TOKEN.finditer(source + " "):
        letter, argument = found["letter"], found["argument"]
        if letter:
            field, name = _field(letter, argument, found.group(), trusted=not client_text)
            field = field if name not in seen else re.sub(r"\?P<[a-z]+>", "?:", field)
            seen.add(name)
            chunk += field
            client_text = client_text or letter in _CLIENT_TEXT
            optional = optional and name not in ("time", "message")
        elif found["space"] or found.group() == "% ":
            space = " ?" if found["space"] else ""
            pattern += f"(?:{chunk}{space})?" if optional else chunk + space
            chunk, optional = "", True
        elif found.group() == "%":
            raise InputError("bad_log_format", token=source[found.start() : found.start() + 20])
        else:
            chunk += re.escape(found["escaped"] or found.group().replace("%%", "%"))
    if not {"time", "message"} <= seen:
        raise InputError("bad_log_format", token="%t" if "time" not in seen else "%M")
    return ApacheErrorFormat(re.compile(pattern.encode() + rb"\Z", re.DOTALL))


def _field(letter: str, argument: str | None, token: str, *, trusted: bool) -> tuple[str, str]:
    """(pattern, name of what it reads)."""
    if letter == "a":
        inner = r"(?:\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?|[^\s\]\[]{2,255})"
        return (f"(?P<client>{inner})", "client") if trusted else (inner, token)
    if letter == "i" and argument and argument.lower() in ("referer", "user-agent"):
        name = "referrer" if argument.lower() == "referer" else "agent"
        return rf"(?P<{name}>[^\r\n]*?)", name
    if letter not in _FIELDS:
        raise InputError("bad_log_format", token=token)
    names = {"t": "time", "M": "message", "l": "level", "P": "pid"}
    return _FIELDS[letter], names.get(letter, token)


def _stamp(stamp: bytes) -> tuple[int, int | None] | None:
    """(wall clock µs, zone minutes)."""
    if stamp[:1].isalpha():
        clock, year = stamp[11:].split(b" ")
        time = wall_time(int(year), MONTHS.get(stamp[4:7], 0), int(stamp[8:10]), clock[:8], clock[9:])
        return None if time is None else (time, None)
    rest = stamp[19:]
    fraction = re.match(rb"(?:\.([0-9]+))?(?: ?([+-].*))?\Z", rest)
    digits, zone = (fraction.group(1) or b"", fraction.group(2)) if fraction else (b"", None)
    time = wall_time(int(stamp[:4]), int(stamp[5:7]), int(stamp[8:10]), stamp[11:19], digits)
    offset = zone_minutes(zone) if zone else None
    return None if time is None or (zone and offset is None) else (time, offset)


def _record(parts: dict[str, bytes | None], time: int, zone: int | None) -> ParsedLine:
    message = parts["message"] or b""
    code = _CODE.match(message)
    words = message[code.end() :] if code else message
    action, outcome = meaning(code.group(1) if code else None, words)
    more = said(action, words)
    client, pid = parts.get("client"), parts.get("pid")
    return ParsedLine(
        time=time,
        zone_minutes=zone,
        flags=Flag.FORGED_LOOKING if b"[client " in words and b"ModSecurity" not in words else Flag.NONE,
        ip=ip_of_endpoint(client, port=True) if client else None,
        user=optional_text(more.user),
        method=optional_text(more.method),
        url=optional_text(more.url),
        referrer=optional_text(parts.get("referrer")),
        domain=optional_text(more.domain),
        agent=optional_text(parts.get("agent")),
        level=optional_text(parts.get("level")),
        action=action,
        outcome=outcome,
        message=text(message),
        pid=int(pid) if pid else None,
    )
