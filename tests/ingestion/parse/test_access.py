"""Access-log lines as servers write them: the format is recognised and every value is where it belongs."""

# ruff: noqa: E501  (log lines are long)

import numpy as np
import pytest

from core.event import ParseStatus
from ingestion.parse.columns import Columns
from ingestion.parse.table import named, recognise
from ingestion.parse.values import (
    SLOT_AGENT,
    SLOT_DOMAIN,
    SLOT_HOST,
    SLOT_METHOD,
    SLOT_OTHER,
    SLOT_REFERRER,
    SLOT_REQUEST,
    SLOT_URL,
    SLOT_USER,
)

SLOTS = {
    "host": SLOT_HOST,
    "user": SLOT_USER,
    "method": SLOT_METHOD,
    "url": SLOT_URL,
    "request": SLOT_REQUEST,
    "referrer": SLOT_REFERRER,
    "agent": SLOT_AGENT,
    "domain": SLOT_DOMAIN,
    "other": SLOT_OTHER,
}
AT = b"[10/Oct/2025:13:55:36 +0900]"


def read(line: bytes, source: str | None = None) -> dict[str, object]:
    """Present values of one line, in the format it is recognised as (or `source` describes)."""
    log_format = named(source) if source else recognise(line + b"\n")
    assert log_format.program is not None, log_format
    columns = Columns(1)
    data = np.frombuffer(line + b"\n", np.uint8)
    log_format.program.parse(data, 0, len(data), 0, columns)
    if columns.states[0, 0] != ParseStatus.PARSED:
        return {}
    assert columns.times[0] == 1_760_072_136_000_000
    found: dict[str, object] = {"status": int(columns.codes[0]), "size": int(columns.sizes[0])}
    for name, slot in SLOTS.items():
        start, size = int(columns.spans[0, 2 * slot]), int(columns.spans[0, 2 * slot + 1])
        if size >= 0:
            found[name] = line[start : start + size]
    return found


GET = {"host": b"192.0.2.7", "method": b"GET", "url": b"/a?b=c", "status": 200, "size": 5}
PLAIN = b"192.0.2.7 - - " + AT + b' "GET /a?b=c HTTP/1.1" 200 5'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (PLAIN + b' "-" "curl/8"', GET | {"agent": b"curl/8"}),
        (b"192.0.2.7 - - " + AT + b' "\\x16\\x03\\x01" 400 150 "-" "-"', {"host": b"192.0.2.7", "request": b"\\x16\\x03\\x01", "status": 400, "size": 150}),
        (PLAIN + b' "-" ""', GET | {"agent": b""}),
        (PLAIN, GET),
        (PLAIN + b' "-" "a \\"quoted\\" agent"', GET | {"agent": b'a \\"quoted\\" agent'}),
        (b"192.0.2.7 - - " + AT + b' "GET /a\\" 200 1 \\"-\\" HTTP/1.1" 404 5 "-" "x"', GET | {"url": b'/a\\" 200 1 \\"-\\"', "status": 404, "agent": b"x"}),
        (b"192.0.2.7 - a b " + AT + b' "GET /a?b=c HTTP/1.1" 200 5 "-" "x"', GET | {"user": b"a b", "agent": b"x"}),
        (b"host.example - - " + AT + b' "GET /a?b=c HTTP/1.1" 200 5 "-" "x"', GET | {"host": b"host.example", "agent": b"x"}),
                # suffixes and odd requests
        (PLAIN + b' "https://r.example/" "x" "198.51.100.77, 10.0.0.1"', GET | {"referrer": b"https://r.example/", "agent": b"x", "other": b"198.51.100.77, 10.0.0.1"}),
        (PLAIN + b' "-" "x" 0.005 0.001, 0.002', GET | {"agent": b"x"}),
        (PLAIN + b' "-" "x" 512 0.005 [default-web-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 5 0.001, 0.002 502, 200 abcdef', GET | {"agent": b"x"}),
        (b"192.0.2.7 - - " + AT + b' "" 400 0 "-" "-"', {"host": b"192.0.2.7", "request": b"", "status": 400, "size": 0}),
        (b"192.0.2.7 - - " + AT + b' "-" 408 - "-" "-"', {"host": b"192.0.2.7", "request": b"-", "status": 408, "size": -1}),
        (b"192.0.2.7 - - " + AT + b' "GET /a b" 400 5 "-" "x"', GET | {"url": b"/a b", "status": 400, "agent": b"x"}),
        (b"2001:db8::7 - bob " + AT + b' "GET /a?b=c HTTP/2.0" 200 5 "-" "x"', GET | {"host": b"2001:db8::7", "user": b"bob", "agent": b"x"}),
        (b"unix: - - " + AT + b' "GET /a?b=c HTTP/1.1" 200 5 "-" "x"', GET | {"host": b"unix:", "agent": b"x"}),
    ],
)  # fmt: skip
def test_every_value_is_where_it_belongs(line: bytes, expected: dict[str, object]) -> None:
    assert read(line) == expected


def test_a_virtual_host_before_the_address() -> None:
    line = b"shop.example:443 " + PLAIN + b' "-" "x"'
    assert read(line, "apache.vhost_combined") == GET | {"domain": b"shop.example", "agent": b"x"}


XFF_FIRST = '%{X-Forwarded-For}i %h %l %u %t "%r" %>s %b'


@pytest.mark.parametrize(
    "forwarded",
    [b"198.51.100.77", b"10.0.0.1, 10.0.0.2", b"x 198.51.100.77", b"10.0.0.1 198.51.100.77", b"x 198.51.100.77 - y"],
)
def test_a_forwarded_address_is_never_the_source(forwarded: bytes) -> None:
    found = read(forwarded + b" " + PLAIN, XFF_FIRST)
    assert found.get("host") in (b"192.0.2.7", None)


@pytest.mark.parametrize(
    ("name", "line", "domain"),
    [
        ("apache.vhost_combined", b"shop.example:443 " + PLAIN + b' "-" "UA"', b"shop.example"),
        ("apache.forwarded_combined", b"10.0.0.1, 10.0.0.2 " + PLAIN + b' "-" "UA"', None),
        ("apache.vhost_common", b"shop.example " + PLAIN, b"shop.example"),
        ("nginx.combined", PLAIN + b' "-" "UA"', None),
        ("nginx.combined", PLAIN.replace(b"- - ", b"- john smith ") + b' "-" "UA"', None),
        ("apache.common", PLAIN, None),
    ],
)
def test_a_single_line_tells_its_format(name: str, line: bytes, domain: bytes | None) -> None:
    assert recognise(line + b"\n").name == name
    found = read(line)
    assert (found["host"], found.get("domain")) == (b"192.0.2.7", domain)
