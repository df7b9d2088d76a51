"""One row a physical line: the Arrow schemas of events and rule hits, and the codes they use.

Columns carry ECS names (https://www.elastic.co/docs/reference/ecs); `akashi.*` are our own. Text columns hold the text
*as logged* (escapes kept); invalid UTF-8 is shown as `\\xHH`. The exact bytes are in `event.original`.
"""

from enum import IntEnum, IntFlag

import pyarrow as pa


class ParseStatus(IntEnum):
    """What became of a physical line; every line has exactly one."""

    PARSED = 0
    CONTINUATION = 1
    HEADER = 2
    BLANK = 3
    UNPARSED = 4
    OVERSIZE = 5


class Reason(IntEnum):
    """Why a line is not `PARSED` (0 = it is, or needs no reason)."""

    NONE = 0
    NO_FORMAT = 1  # nothing known matches the line
    BAD_TIME = 2  # the shape fits, the time is impossible (31 Feb, hour 25)
    TRUNCATED = 3  # starts like a line of this format and ends too early
    BINARY = 4  # NUL or mostly control bytes
    TOO_LONG = 5  # longer than the line budget; head kept, full length recorded


class TimeSource(IntEnum):
    """Where the zone (or the year) of a timestamp comes from."""

    NONE = 0  # the line carries no time
    EXPLICIT = 1  # written in the line
    CONFIGURED = 2  # told by the user
    ASSUMED = 3  # zone: UTC; year: file time and roll-over


class Flag(IntFlag):
    """Things about a line worth a second look; a flagged line is believed only in its unforgeable positions."""

    NONE = 0
    CONTROL_BYTES = 1  # raw C0/C1 bytes other than TAB (terminal escapes)
    INVALID_UTF8 = 2
    FORGED_LOOKING = 4  # text that imitates a field or line of the format (second `client:`, embedded timestamp)
    CUT_SHORT = 8  # the server cut the line (2,048 bytes nginx error, 8,192 Apache)
    CRLF = 16  # ends in CR LF


SOURCE = "log.source"
LINE = "log.line"
OFFSET = "log.offset"
RAW = "event.original"
STATUS = "akashi.status"
REASON = "akashi.reason"
FLAGS = "akashi.flags"
TIME = "@timestamp"
ZONE_SOURCE = "akashi.zone_source"
YEAR_SOURCE = "akashi.year_source"
DATASET = "event.dataset"
IP = "source.ip"
USER = "user.name"
METHOD = "http.request.method"
URL = "url.original"
STATUS_CODE = "http.response.status_code"
BODY_BYTES = "http.response.body.bytes"
AGENT = "user_agent.original"
REFERRER = "http.request.referrer"
DOMAIN = "url.domain"
HEADERS = "http.request.headers"
LEVEL = "log.level"
PROCESS = "process.name"
ACTION = "event.action"
OUTCOME = "event.outcome"
MESSAGE = "message"
REPEAT = "akashi.repeat"

_TEXT = pa.dictionary(pa.int32(), pa.string())

EVENT_SCHEMA = pa.schema(
    [
        pa.field(SOURCE, pa.int32(), nullable=False),  # number of the source in the registry
        pa.field(LINE, pa.int64(), nullable=False),  # 1-based ordinal of the physical line in the source
        pa.field(OFFSET, pa.int64(), nullable=False),  # byte offset of the line in the inflated content
        pa.field(RAW, pa.binary(), nullable=False),  # bytes of the line without its LF (a CR stays)
        pa.field(STATUS, pa.uint8(), nullable=False),  # ParseStatus
        pa.field(REASON, pa.uint8(), nullable=False),  # Reason
        pa.field(FLAGS, pa.uint8(), nullable=False),  # Flag
        pa.field(TIME, pa.timestamp("us")),  # UTC instant, naive
        pa.field(ZONE_SOURCE, pa.uint8(), nullable=False),  # TimeSource
        pa.field(YEAR_SOURCE, pa.uint8(), nullable=False),  # TimeSource
        pa.field(DATASET, _TEXT),  # nginx.access, apache.error, …
        pa.field(IP, _TEXT),  # canonical text; IPv4-mapped IPv6 as IPv4
        pa.field(USER, _TEXT),
        pa.field(METHOD, _TEXT),
        pa.field(URL, pa.string()),  # request target as logged
        pa.field(STATUS_CODE, pa.uint16()),
        pa.field(BODY_BYTES, pa.int64()),
        pa.field(AGENT, _TEXT),
        pa.field(REFERRER, _TEXT),
        pa.field(DOMAIN, _TEXT),
        pa.field(HEADERS, _TEXT),  # further client-controlled fields of a custom format, TAB between them
        pa.field(LEVEL, _TEXT),
        pa.field(PROCESS, _TEXT),
        pa.field(ACTION, _TEXT),  # closed vocabulary, core/action.py
        pa.field(OUTCOME, _TEXT),  # success | failure
        pa.field(MESSAGE, pa.string()),
        pa.field(REPEAT, pa.int32()),  # syslog "message repeated N times" (null = 1)
    ]
)
"""A segment may leave out columns that are null throughout; readers fill them in."""

HIT_SCHEMA = pa.schema(
    [
        pa.field(SOURCE, pa.int32(), nullable=False),
        pa.field(LINE, pa.int64(), nullable=False),
        pa.field("rule.id", _TEXT, nullable=False),
        pa.field("akashi.type", _TEXT, nullable=False),  # AttackType value
        pa.field("akashi.field", pa.uint8(), nullable=False),  # Field the rule matched in
        # what findings group by, repeated here so that a report never scans every event
        pa.field(TIME, pa.timestamp("us")),
        pa.field(IP, _TEXT),
        pa.field(METHOD, _TEXT),
        pa.field(STATUS_CODE, pa.uint16()),
        pa.field(BODY_BYTES, pa.int64()),
    ]
)
"""One row per (line, rule, field); a line that three rules match has three rows."""
