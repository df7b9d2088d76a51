"""ErrorLogFormat strings as readers of error lines."""

# ruff: noqa: E501  (log lines are long)

import pytest

from core.action import Action
from core.errors import InputError
from core.event import ParseStatus, Reason
from ingestion.parse.apache_error import ApacheError
from ingestion.parse.apache_error_format import compile_error_log_format
from ingestion.parse.message import ParsedLine

DEFAULT = r'ErrorLogFormat "[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"'
COMPACT = r"%{cuz}t %l %v %a {%L} %M"
LINES = [
    b"[Mon Mar 02 10:15:30.123456 2026] [core:error] [pid 12:tid 140] [client 192.0.2.7:5555] AH00128: File does not exist: /x, referer http://r/",
    b"[Mon Mar 02 10:15:30.123456 2026] [ssl:debug] [pid 12:tid 140] a.c(5): (13)Permission denied: [client 192.0.2.7:5555] AH00035: x",
    b"[Mon Mar 02 10:15:30.123456 2026] [mpm:notice] [pid 12:tid 140] AH00292: Apache/2.4 configured",
]


@pytest.mark.parametrize("line", LINES)
def test_the_default_format_agrees_with_its_own_reader(line: bytes) -> None:
    one, other = (
        compile_error_log_format(DEFAULT).parse(line),
        ApacheError().parse(line.replace(b"referer ", b"referer: ")),
    )
    assert isinstance(one, ParsedLine)
    assert one == other


@pytest.mark.parametrize(
    ("source", "line", "ip", "level", "zone", "action"),
    [
        (COMPACT, b"2026-03-02 10:15:30.123456 +0900 error a.example 192.0.2.7:55 {x1} AH01630: client denied by server configuration: /x", "192.0.2.7", "error", 540, Action.ACCESS_DENIED),
        (r"[%t] [%l] [client %a] %M", b"[Mon Mar 02 10:15:30 2026] [error] [client 192.0.2.7] File does not exist: /x", "192.0.2.7", "error", None, Action.NOT_FOUND),
        (r"[%t] %{X-Y}i [%a] %M", b"[Mon Mar 02 10:15:30 2026] [198.51.100.77] [192.0.2.7] x", None, None, None, None),
        (r"[%t] %M [%a]", b"[Mon Mar 02 10:15:30 2026] x [198.51.100.77]", None, None, None, None),
    ],
)  # fmt: skip
def test_formats(
    source: str, line: bytes, ip: str | None, level: str | None, zone: int | None, action: Action | None
) -> None:
    one = compile_error_log_format(source).parse(line)
    assert isinstance(one, ParsedLine)
    assert (one.status, one.ip, one.level, one.zone_minutes, one.action) == (
        ParseStatus.PARSED,
        ip,
        level,
        zone,
        action,
    )


@pytest.mark.parametrize(
    ("source", "token"), [("[%t] %Q %M", "%Q"), ("[%t] x", "%M"), ("%M", "%t"), ("%t % M %", "%M")]
)
def test_refusals(source: str, token: str) -> None:
    with pytest.raises(InputError) as refused:
        compile_error_log_format(source)
    assert refused.value.code == "bad_log_format"


def test_silent() -> None:
    reader = compile_error_log_format(DEFAULT)
    assert reader.parse(b"[Mon Feb 30 10:15:30 2026] [core:error] x") is Reason.BAD_TIME
    assert reader.parse(b" ") is Reason.NO_FORMAT
