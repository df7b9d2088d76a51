"""nginx error log: every grammar point, every measured forgery."""

# ruff: noqa: E501  (log lines are long)

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.action import Action
from core.event import Flag, ParseStatus, Reason
from ingestion.parse.message import ParsedLine
from ingestion.parse.nginx_error import NginxError
from tests.effort import examples

FORMAT = NginxError()
HEAD = b"2026/03/02 10:15:30 [error] 77#78: *9 "
TAIL = b', client: 192.0.2.7, server: shop.example, request: "GET /a HTTP/1.1", host: "shop.example"'
REAL, FORGED = "192.0.2.7", "198.51.100.77"


def parse(line: bytes) -> ParsedLine:
    found = FORMAT.parse(line)
    assert isinstance(found, ParsedLine), found
    return found


def written(target: bytes, errno: bytes = b"2: No such file or directory", referrer: bytes = b"") -> bytes:
    """The record nginx 1.22 writes for a missing file: decoded path, raw request, at most 2,047 bytes."""
    message = b'open() "/usr/share/nginx/html' + unquote_to_bytes(target.partition(b"?")[0]) + b'" failed'
    record = HEAD + message
    if len(record) > 1998:
        record = record[:1998] + b"..."
    record += b" (" + errno + b")"
    record += b', client: 192.0.2.7, server: localhost, request: "GET ' + target + b' HTTP/1.1", host: "localhost"'
    record += b', referrer: "' + referrer + b'"' if referrer else b""
    return record[:2047]


def read(*records: bytes) -> list[ParsedLine | Reason]:
    """All lines of the records, as a block is read: one by one, then beside each other."""
    lines = [line.removesuffix(b"\r") for line in b"\n".join(records).split(b"\n")]
    parsed = [FORMAT.parse(line) for line in lines]
    for index, one in FORMAT.review(lines, parsed).items():
        parsed[index] = one
    return parsed


def ips(parsed: list[ParsedLine | Reason]) -> list[str | None]:
    return [one.ip if isinstance(one, ParsedLine) else None for one in parsed]


def test_every_field_of_a_full_record() -> None:
    line = HEAD + (
        b"connect() failed (111: Connection refused) while connecting to upstream, client: 2001:DB8::7, server: a.example, "
        b'request: "POST /api?x=1 HTTP/2.0", subrequest: "/auth", upstream: "http://10.0.0.5:80/api?x=1", '
        b'host: "a.example", referrer: "https://r.example/x"'
    )
    one = parse(line)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=one.time or 0) == datetime(
        2026, 3, 2, 10, 15, 30, tzinfo=UTC
    )
    assert one == ParsedLine(
        time=one.time,
        ip="2001:db8::7",
        method="POST",
        url="/api?x=1",
        referrer="https://r.example/x",
        domain="a.example",
        level="error",
        action=Action.UPSTREAM_TROUBLE,
        outcome="failure",
        message="connect() failed (111: Connection refused) while connecting to upstream",
        pid=77,
    )


MEANINGS = [
    (b'open() "/x/a" failed (2: No such file or directory)', Action.NOT_FOUND, "failure"),
    (b'open() "/x/a" failed (20: Not a directory)', Action.NOT_FOUND, "failure"),
    (b'open() "/x/a" failed (36: File name too long)', Action.NOT_FOUND, "failure"),
    (b'open() "/x/a" failed (13: Permission denied)', Action.PERMISSION_DENIED, "failure"),
    (b'open() "/x/a" failed (40: Too many levels of symbolic links)', Action.PERMISSION_DENIED, "failure"),
    (b'"/x/a/index.html" is not found (2: No such file or directory)', Action.NOT_FOUND, "failure"),
    (b'"/x/a/" is forbidden (13: Permission denied)', Action.PERMISSION_DENIED, "failure"),
    (b"access forbidden by rule", Action.ACCESS_DENIED, "failure"),
    (b'directory index of "/x/" is forbidden', Action.ACCESS_DENIED, "failure"),
    (b"no user/password was provided for basic authentication", Action.ACCESS_DENIED, "failure"),
    (b'user "bob" was not found in "/etc/nginx/.htpasswd"', Action.LOGIN_FAILED, "failure"),
    (b'user "bob": password mismatch', Action.LOGIN_FAILED, "failure"),
    (b'limiting requests, excess: 5.620 by zone "one"', Action.LIMIT_HIT, "failure"),
    (b'limiting requests, dry run, excess: 5.620 by zone "one"', Action.LIMIT_HIT, None),
    (b'delaying request, excess: 0.220, by zone "one"', Action.LIMIT_HIT, None),
    (b'limiting connections by zone "addr"', Action.LIMIT_HIT, "failure"),
    (b"client sent invalid request while reading client request line", Action.BAD_REQUEST, "failure"),
    (b"client sent invalid method while reading client request line", Action.BAD_METHOD, "failure"),
    (b"client sent invalid version while reading client request line", Action.BAD_REQUEST, "failure"),
    (b"client sent invalid chunked body", Action.BAD_REQUEST, "failure"),
    (
        b"client sent plain HTTP request to HTTPS port while reading client request headers",
        Action.BAD_REQUEST,
        "failure",
    ),
    (b"client intended to send too large body: 20000000 bytes", Action.BAD_REQUEST, "failure"),
    (b"SSL_do_handshake() failed (SSL: error:0A00006C) while SSL handshaking", Action.TLS_TROUBLE, "failure"),
    (
        b"upstream timed out (110: Connection timed out) while reading response header from upstream",
        Action.UPSTREAM_TROUBLE,
        "failure",
    ),
    (
        b"upstream prematurely closed connection while reading response header from upstream",
        Action.UPSTREAM_TROUBLE,
        "failure",
    ),
    (b"upstream sent too big header while reading response header from upstream", Action.UPSTREAM_TROUBLE, "failure"),
    (b"no live upstreams while connecting to upstream", Action.UPSTREAM_TROUBLE, "failure"),
    (
        b"recv() failed (104: Connection reset by peer) while reading response header from upstream",
        Action.UPSTREAM_TROUBLE,
        "failure",
    ),
    (
        b'FastCGI sent in stderr: "PHP message: PHP Warning:  x in /a.php on line 3" while reading upstream',
        Action.APPLICATION_FAULT,
        None,
    ),
    (
        b'FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream',
        Action.NOT_FOUND,
        "failure",
    ),
    (b"ModSecurity: Access denied with code 403 (phase 2).", Action.WAF_BLOCKED, "failure"),
    (b'[client 192.0.2.7] ModSecurity: Warning. Matched "x" [id "942100"]', Action.WAF_ALERT, None),
    (b'[client 192.0.2.7] ModSecurity: Access denied with code 403 (phase 2). Matched "x" [id "949110"]', Action.WAF_BLOCKED, "failure"),
    (b"ModSecurity-nginx v1.0.3 (rules loaded inline/local/remote: 0/921/0)", None, None),
    (b"ModSecurity: Loaded 0 rules from x", Action.SERVER_NOTICE, None),
    (b"NAXSI_FMT: ip=192.0.2.7&server=a&uri=/&learning=0&vers=1.3&total_processed=5&total_blocked=1&block=1&cscore0=$SQL&score0=8&zone0=ARGS&id0=1013&var_name0=q", Action.WAF_BLOCKED, "failure"),
    (b"NAXSI_FMT: ip=192.0.2.7&server=a&uri=/&learning=1&vers=1.3&total_processed=5&total_blocked=1&block=1&cscore0=$SQL&score0=8&zone0=ARGS&id0=1013&var_name0=q", Action.WAF_ALERT, None),
    (b'CreateFile() "C:\\nginx/html/a" failed (2: The system cannot find the file specified)', Action.NOT_FOUND, "failure"),
    (b'realpath() "/x/a" failed (2: No such file or directory)', Action.NOT_FOUND, "failure"),
    (b'"/x/a/index.php" is not found (2: No such file or directory)', Action.NOT_FOUND, "failure"),
    (b'directory index of "/x/" is forbidden', Action.ACCESS_DENIED, "failure"),
    (b"client timed out (110: Connection timed out) while reading client request headers", Action.CLIENT_TIMED_OUT, "failure"),
    (b"http2 flood detected while processing HTTP/2 connection", Action.LIMIT_HIT, "failure"),
    (b"SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream", Action.UPSTREAM_TROUBLE, "failure"),
    (b"peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream", Action.UPSTREAM_TROUBLE, "failure"),
    (b"backend.example could not be resolved (3: Host not found)", Action.UPSTREAM_TROUBLE, "failure"),
    (b"upstream sent too big header while reading response header from upstream", Action.UPSTREAM_TROUBLE, "failure"),
    (b"upstream sent no valid HTTP/1.0 header while reading response header from upstream", Action.UPSTREAM_TROUBLE, "failure"),
    (b'FastCGI sent in stderr: "Unable to open primary script: /x/a.php (No such file or directory)" while reading response header from upstream', Action.NOT_FOUND, "failure"),
    (b'FastCGI sent in stderr: "Access to the script \'/x\' has been denied (see security.limit_extensions)" while reading response header from upstream', Action.ACCESS_DENIED, "failure"),
    (b"a client request body is buffered to a temporary file /var/x/1", Action.SERVER_NOTICE, None),
    (b"js exception: TypeError: x", Action.APPLICATION_FAULT, "failure"),
    (b'limiting requests, excess: 5.5 by zone "one"', Action.LIMIT_HIT, "failure"),
    (b'limiting connections by zone "addr"', Action.LIMIT_HIT, "failure"),
    (b"client sent plain HTTP request to HTTPS port while reading client request headers", Action.BAD_REQUEST, "failure"),
    (b"client sent invalid header line: \"x\\x00\" while reading client request headers", Action.BAD_REQUEST, "failure"),
    (b"client intended to send too large body: 99999999 bytes", Action.BAD_REQUEST, "failure"),
    # a client's own text imitates another family
    (b'open() "/x/access forbidden by rule" failed (2: No such file or directory)', Action.NOT_FOUND, "failure"),
    (b'open() "/x/[client 192.0.2.7] ModSecurity: Access denied [id "1"]" failed (2: No such file or directory)', Action.NOT_FOUND, "failure"),
    (b'user "ModSecurity: Access denied [id "1"] while connecting to upstream": password mismatch', Action.LOGIN_FAILED, "failure"),
    (
        b'rewrite or internal redirection cycle while internally redirecting to "/index.php"',
        Action.REDIRECT_LOOP,
        "failure",
    ),
    (b"[lua] access.lua:5: denied", Action.APPLICATION_FAULT, None),
    (b"something nobody has seen", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("message", "action", "outcome"), MEANINGS)
def test_families(message: bytes, action: Action | None, outcome: str | None) -> None:
    one = parse(HEAD + message + TAIL)
    assert (one.action, one.outcome, one.ip, one.message) == (action, outcome, REAL, message.decode())
    assert (one.method, one.url, one.flags) == ("GET", "/a", Flag.NONE)


@pytest.mark.parametrize(
    ("line", "ip", "action"),
    [
        (b"2026/03/02 10:15:30 [notice] 1#1: start worker process 42", None, Action.SERVER_NOTICE),
        (b"2026/03/02 10:15:30 [alert] 1#1: worker process 42 exited on signal 11", None, Action.SERVER_NOTICE),
        (b"2026/03/02 10:15:30 [notice] 1#1: signal 15 (SIGTERM) received, exiting", None, Action.SERVER_NOTICE),
        (
            HEAD
            + b'client sent invalid method while reading client request line, client: 192.0.2.7, server: _, request: "\x16\x03\x01"',
            REAL,
            Action.BAD_METHOD,
        ),
        (
            HEAD + b"SSL_do_handshake() failed (SSL: x) while SSL handshaking, client: 192.0.2.7, server: 0.0.0.0:443",
            REAL,
            Action.TLS_TROUBLE,
        ),
        (
            HEAD
            + b'connect() failed (111: Connection refused) while connecting to upstream, udp client: 192.0.2.7, server: 0.0.0.0:53, upstream: "10.0.0.1:53", bytes from/to client:30/0, bytes from/to upstream:0/30',
            REAL,
            Action.UPSTREAM_TROUBLE,
        ),
        (
            HEAD + b'access forbidden by rule, client: ::ffff:192.0.2.7, server: _, request: "GET / HTTP/1.1"',
            REAL,
            Action.ACCESS_DENIED,
        ),
        (
            HEAD + b'access forbidden by rule, client: unix:, server: _, request: "GET / HTTP/1.1"',
            None,
            Action.ACCESS_DENIED,
        ),
    ],
)
def test_records_without_a_request(line: bytes, ip: str | None, action: Action) -> None:
    one = parse(line)
    assert (one.ip, one.action) == (ip, action)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"#0 /var/www/a.php(3): f()", ParseStatus.CONTINUATION),
        (b"Stack trace:", ParseStatus.CONTINUATION),
        (b" 2026/03/02 10:15:30 [error] 1#1: *1 x", ParseStatus.CONTINUATION),
        ("２０２６/03/02 10:15:30 [error] 1#1: *1 x".encode(), ParseStatus.CONTINUATION),
        (b"2026/03/02 10:15:30 [loud] 1#1: *1 x", ParseStatus.CONTINUATION),
    ],
)
def test_text_that_starts_no_record(line: bytes, status: ParseStatus) -> None:
    assert (parse(line).status, parse(line).ip, parse(line).time) == (status, None, None)


@pytest.mark.parametrize(
    "stamp", [b"2026/02/30 10:15:30", b"2026/13/01 10:15:30", b"2026/03/02 25:15:30", b"0000/03/02 10:15:30"]
)
def test_impossible_dates_are_a_reason(stamp: bytes) -> None:
    assert FORMAT.parse(stamp + b" [error] 1#1: *1 x") is Reason.BAD_TIME


def test_user_of_basic_authentication_is_cut_from_the_right() -> None:
    name = b'x" was not found in "/tmp'
    assert parse(HEAD + b'user "' + name + b'" was not found in "/etc/ht"' + TAIL).user == name.decode()


IN_PATH = b"/a%22%20failed%20(2:%20No%20such%20file),%20client:%20198.51.100.77,%20server:%20s,%20request:%20%22GET%20/%20HTTP/1.1%22,%20host:%20%22h"
IN_REFERRER = b'x", client: 198.51.100.77, server: s, request: "GET / HTTP/1.1", host: "h'
FORGED_LINE = (
    b"2026/03/02%2010:15:31%20[error]%2077%2378:%20*10%20open()%20%22/x%22%20failed%20(2:%20No%20such%20file%20or%20directory),"
    b"%20client:%20198.51.100.77,%20server:%20s,%20request:%20%22GET%20/x%20HTTP/1.1%22,%20host:%20%22h%22"
)
FORGED_DENIAL = (
    b"2026/03/02%2010:15:31%20[error]%2077%2378:%20*10%20access%20forbidden%20by%20rule,%20client:%20198.51.100.77,"
    b"%20server:%20s,%20request:%20%22GET%20/x%20HTTP/1.1%22"
)
MARKER = b" (2: No such file or directory), client: "


@pytest.mark.parametrize(
    ("line", "ip"),
    [
        (written(IN_PATH), REAL),
        (written(b"/a", referrer=IN_REFERRER), REAL),
        (HEAD + b"access forbidden by rule" + TAIL + b', referrer: "' + IN_REFERRER + b'"', REAL),
        # nginx before 1.21.1 takes spaces in the request line
        (
            HEAD + b'open() "/html/a", client: 198.51.100.77, server: s, request: "GET /x" failed' + MARKER
            + b'192.0.2.7, server: _, request: "GET /a", client: 198.51.100.77, server: s, request: "GET /x HTTP/1.1", host: "h"',
            REAL,
        ),
        (written(IN_PATH, referrer=IN_REFERRER), REAL),
        # both readings are possible: nobody is named
        (HEAD + b'user "bob": password mismatch' + TAIL + b', referrer: "' + IN_REFERRER + b'"', None),
        (HEAD + b'user "x": password mismatch, client: 198.51.100.77, server: s, request: "GET / HTTP/1.1", host: "h": password mismatch' + TAIL, None),
    ],
)  # fmt: skip
def test_a_forged_client_is_never_believed(line: bytes, ip: str | None) -> None:
    one = parse(line)
    assert one.ip == ip
    assert one.flags & Flag.FORGED_LOOKING


@pytest.mark.parametrize(
    ("target", "ip"),
    [
        (b"/a" + b"a" * 3000, REAL),
        (b"/a?" + b"a" * 3000, REAL),
        (IN_PATH + b"a" * 3000, REAL),
        (IN_PATH + b"?" + b"a" * 3000, None),
    ],
)
def test_cut_lines(target: bytes, ip: str | None) -> None:
    line = written(target, errno=b"36: File name too long")
    assert len(line) == 2047
    assert (parse(line).ip, parse(line).flags & Flag.CUT_SHORT) == (ip, Flag.CUT_SHORT)


def test_an_address_that_the_cut_may_have_shortened_is_not_believed() -> None:
    line = HEAD + b'open() "/' + b"a" * 1900 + b'" failed (2: No such file or directory)'
    assert parse((line + b"x" * (2047 - len(line) - 20))[: 2047 - 20] + b", client: 203.0.113.").ip is None


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (written(b"/a%0A" + FORGED_LINE), [REAL, REAL]),
        (written(b"/a%0A" + FORGED_LINE + b"%0A"), [REAL, None, REAL]),
        # a message without a name in it: only the request tells which tail is the server's
        (written(b"/a%0A" + FORGED_DENIAL), [REAL, REAL]),
        (written(b"/a%0A" + FORGED_DENIAL + b"%0A"), [REAL, None, REAL]),
        (written(b"/a%0A" + FORGED_DENIAL + b"?x"), [REAL, REAL]),
        (written(b"/a%0A" + FORGED_DENIAL.replace(b"GET%20/x", b"GET%20/x%3f")), [None, None]),
        (written(b"/a%0A" + FORGED_DENIAL, referrer=IN_REFERRER), [REAL, REAL]),
        (HEAD + b'user "x\n' + unquote_to_bytes(FORGED_DENIAL) + b'": password mismatch' + TAIL + b', referrer: "' + IN_REFERRER + b'"', [None, None]),
        (written(b"/a%0A" + FORGED_LINE + b"%0A" + FORGED_LINE + b"%0Ax"), [REAL, None, None, REAL]),
        (written(b"/a%0D%0A" + FORGED_LINE + b"%0D%0A"), [REAL, None, REAL]),
        # the beginning has a forged tail of its own
        (written(IN_PATH + b"%22%0A" + FORGED_LINE + b"%0A"), [REAL, None, REAL]),
        (written(IN_PATH + b"%22%0Ax"), [REAL, REAL]),
        # the request does not repeat a user name
        (HEAD + b'user "x\n' + unquote_to_bytes(FORGED_LINE) + b'\n": password mismatch' + TAIL, [None, None, REAL]),
        (HEAD + b'user "x\n' + unquote_to_bytes(FORGED_LINE) + b'": password mismatch' + TAIL, [None, None]),
        # the true tail is cut away
        ((HEAD + b'user "x\n' + unquote_to_bytes(FORGED_LINE) + b"\n" + b"a" * 3000)[:2047], [None, None, None]),
        ((HEAD + b'user "x\n' + unquote_to_bytes(FORGED_LINE) + b', referrer: "' + b"a" * 3000)[:2047], [None, None]),
        # lines that repeat a whole record inside a user name
        (HEAD + b'user "x\n' + written(b"/a%0A" + FORGED_LINE + b"%0A").replace(b"192.0.2.7", b"198.51.100.77") + b'\n": password mismatch' + TAIL, [None, None, None, None, REAL]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", [(), (written(b"/before"), written(b"/after"))])
def test_forged_lines_are_never_believed(record: bytes, expected: list[str | None], around: tuple[bytes, ...]) -> None:
    parsed = read(*around[:1], record, *around[1:])
    inner = parsed[1:-1] if around else parsed
    assert ips(inner) == expected
    assert any(isinstance(one, ParsedLine) and one.flags & Flag.FORGED_LOOKING for one in inner)
    times = {one.time for one in inner if isinstance(one, ParsedLine) and one.time}
    assert times <= {parse(HEAD + b"x").time}, "the time of a forged line is not believed either"


FAKE_TAIL = TAIL.replace(REAL.encode(), FORGED.encode())
WITH_REFERRER = unquote_to_bytes(FORGED_LINE) + b', referrer: "r'


@pytest.mark.parametrize(
    "record",
    [
        HEAD + b'user "x": password mismatch' + FAKE_TAIL + b"\n" + unquote_to_bytes(FORGED_LINE) + b'\n": password mismatch' + TAIL,
        HEAD + b'user "x": password mismatch' + FAKE_TAIL + b"\n" + unquote_to_bytes(FORGED_LINE) + b'": password mismatch' + TAIL,
        HEAD + b'user "x": password mismatch' + FAKE_TAIL + b"\n" + WITH_REFERRER + b'": password mismatch' + TAIL,
        written(b"/a%22%20failed%20(2:%20x),%20client:%20198.51.100.77,%20server:%20s%0A" + FORGED_LINE + b"/../x%0A").replace(b"h\"/../x", b"x"),
    ],
)  # fmt: skip
def test_when_the_beginning_cannot_be_told_no_line_near_is_believed(record: bytes) -> None:
    parsed = read(written(b"/before"), record)
    assert set(ips(parsed[1:])) == {None}
    assert all(isinstance(one, ParsedLine) and one.flags & Flag.FORGED_LOOKING for one in parsed[1:-1])


def test_a_stack_trace_belongs_to_its_record() -> None:
    record = (
        HEAD + b'FastCGI sent in stderr: "PHP message: PHP Fatal error:  x in /a.php:3\nStack trace:\n#0 {main}\n'
        b'  thrown in /a.php on line 3" while reading response header from upstream' + TAIL
    )
    parsed = [one for one in read(written(b"/before"), record, written(b"/after")) if isinstance(one, ParsedLine)]
    assert [one.status for one in parsed] == [
        ParseStatus.PARSED,
        ParseStatus.PARSED,
        *[ParseStatus.CONTINUATION] * 3,
        ParseStatus.PARSED,
    ]
    assert [(one.ip, one.url) for one in parsed] == [
        (REAL, "/before"),
        (REAL, "/a"),
        *[(None, None)] * 2,
        (REAL, "/a"),
        (REAL, "/after"),
    ]
    assert not any(one.flags for one in parsed)


@pytest.mark.parametrize(
    "record",
    [
        written(b"/a?x=%0A" + FORGED_LINE),
        HEAD + b"access forbidden by rule" + TAIL.replace(b"/a ", b"/a%0Ab "),
        HEAD + b'open() "/x/%22" failed' + MARKER + b'192.0.2.7, server: _, request: "GET /%2522 HTTP/1.1", host: "h"',
    ],
)
def test_neighbours_of_harmless_lines_keep_their_address(record: bytes) -> None:
    assert ips(read(written(b"/before"), record, written(b"/after"))) == [REAL] * 3


FRAGMENTS = st.sampled_from(
    [
        IN_PATH,
        FORGED_LINE,
        FORGED_DENIAL,
        b"%0A",
        b"%0D%0A",
        b"%22",
        b"?",
        b"a" * 700,
        b"//",
        b"%ff%1b",
        b"%22%20failed%20(2:%20No%20such%20file%20or%20directory),%20client:%20198.51.100.77,",
        b",%20referrer:%20%22x",
    ]
)
OPEN_ENDS = st.sampled_from(
    [
        b"2026/03/02%2010:15:31%20[error]%2077%2378:%20*10%20open()%20%22/x",
        b"2026/03/02%2010:15:31%20[error]%2077%2378:%20*10%20user%20%22x",
    ]
)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(FRAGMENTS | OPEN_ENDS, min_size=1, max_size=7))
def test_no_request_makes_a_forged_address_the_source(fragments: list[bytes]) -> None:
    record = written(b"/" + b"".join(fragments))
    assert FORGED not in ips(read(written(b"/before"), record, written(b"/after")))


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(FRAGMENTS, min_size=1, max_size=7))
def test_no_user_name_makes_a_forged_address_the_source(fragments: list[bytes]) -> None:
    record = HEAD + b'user "' + unquote_to_bytes(b"".join(fragments)) + b'" was not found in "/etc/ht"' + TAIL
    assert FORGED not in ips(read(written(b"/before"), record[:2047], written(b"/after")))


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_given_a_reason(noise: bytes, headed: bool) -> None:
    line = re.sub(rb"\n", b"", noise)
    assert isinstance(FORMAT.parse(HEAD + line if headed else line), ParsedLine | Reason)
