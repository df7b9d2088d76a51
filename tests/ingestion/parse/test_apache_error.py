"""Apache error logs 2.2 and 2.4, and excerpts without a time."""

# ruff: noqa: E501  (log lines are long)

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.action import Action
from core.event import Flag, ParseStatus, Reason
from ingestion.parse.apache_error import ApacheError
from ingestion.parse.message import ParsedLine
from ingestion.parse.partial import PartialClient

FORMAT, PARTIAL = ApacheError(), PartialClient()
REAL, FORGED = "192.0.2.7", "198.51.100.77"
STAMP = b"[Mon Mar 02 10:15:30.123456 2026] "
AT = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
S, F = "success", "failure"


def parse(line: bytes) -> ParsedLine:
    found = FORMAT.parse(line)
    assert isinstance(found, ParsedLine), found
    return found


def when(one: ParsedLine) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=one.time or 0)


@pytest.mark.parametrize(
    ("line", "time", "level", "pid", "ip", "message", "referrer"),
    [
        (b"[Mon Mar  2 10:15:30 2026] [error] [client 192.0.2.7] File does not exist: /x", AT, "error", None, REAL, "File does not exist: /x", None),
        (b"[Mon Mar 02 10:15:30 2026] [error] [client 2001:db8::1:80] x, referer: http://r/, a", AT, "error", None, "2001:db8::1:80", "x", "http://r/, a"),
        (b"[Mon Mar 02 10:15:30 2026] [notice] Apache/2.2.15 (Unix) configured", AT, "notice", None, None, "Apache/2.2.15 (Unix) configured", None),
        (b"[Mon Mar 02 10:15:30 2026] [error] [client 192.0.2.7] (13)Permission denied: access to / denied", AT, "error", None, REAL, "(13)Permission denied: access to / denied", None),
        (STAMP + b"[core:error] [pid 12] [client 192.0.2.7:5555] x", AT, "error", 12, REAL, "x", None),
        (STAMP + b"[core:error] [pid 12:tid 140] [client 2001:db8::1:80] x", AT, "error", 12, "2001:db8::1", "x", None),
        (STAMP + b"[core:error] [pid 12:tid 140] [client [2001:db8::1]:80] x", AT, "error", 12, "2001:db8::1", "x", None),
        (STAMP + b"[core:error] [pid 12:tid 140] [client ::ffff:192.0.2.7:80] x", AT, "error", 12, REAL, "x", None),
        (STAMP + b"[-:emerg] [pid 12:tid 140] x", AT, "emerg", 12, None, "x", None),
        (STAMP + b"[:error] [pid 12] [client 192.0.2.7:5555] PHP Notice:  x in /a.php on line 3", AT, "error", 12, REAL, "PHP Notice:  x in /a.php on line 3", None),
        (STAMP + b"[ssl:trace8] [pid 12:tid 140] ssl_engine_kernel.c(2000): [client 192.0.2.7:5555] AH02645: x", AT, "trace8", 12, REAL, "AH02645: x", None),
        (STAMP + b"[core:debug] [pid 12:tid 140] server/core.c:99: [client 192.0.2.7:5555] x", AT, "debug", 12, REAL, "x", None),
        (STAMP + b"[core:error] [pid 12:tid 140] (13)Permission denied: [client 192.0.2.7:5555] AH00035: access to /a denied", AT, "error", 12, REAL, "AH00035: access to /a denied", None),
        (STAMP + b"[proxy:error] [pid 12:tid 140] (EAI 2)Name or service not known: [remote 192.0.2.7:443] AH01084: x", AT, "error", 12, REAL, "AH01084: x", None),
        (STAMP + b"[core:error] [pid 12:tid 140] (OS 10060)A connection attempt failed.  : [client 192.0.2.7:5] AH00957: x", AT, "error", 12, REAL, "AH00957: x", None),
        (STAMP + b"[core:error] [pid 12:tid 140] (os 0x0000274c)x: [client 192.0.2.7:5] AH00957: x", AT, "error", 12, REAL, "AH00957: x", None),
        (STAMP + b"[core:error] [pid 12] [client host.example:5] x", AT, "error", 12, None, "x", None),
    ],
)  # fmt: skip
def test_fields(
    line: bytes, time: datetime, level: str, pid: int | None, ip: str | None, message: str, referrer: str | None
) -> None:
    one = parse(line)
    assert when(one).replace(microsecond=0) == time
    assert when(one).microsecond == (123456 if line.startswith(STAMP) else 0)
    assert (one.level, one.pid, one.ip, one.message, one.referrer) == (level, pid, ip, message, referrer)
    assert (one.status, one.flags) == (ParseStatus.PARSED, Flag.NONE)


@pytest.mark.parametrize(
    ("message", "action", "outcome"),
    [
        (b"AH01630: client denied by server configuration: /x", Action.ACCESS_DENIED, F),
        (b"AH01797: client denied by server configuration: /x", Action.ACCESS_DENIED, F),
        (b"AH01276: Cannot serve directory /x/: No matching DirectoryIndex (index.html) found", Action.ACCESS_DENIED, F),
        (b"AH10508: Unsafe URL with %3f URL rewritten without UnsafeAllow3F", Action.ACCESS_DENIED, F),
        (b"AH00128: File does not exist: /x", Action.NOT_FOUND, F),
        (b"AH00127: Cannot map GET /x HTTP/1.1 to file", Action.NOT_FOUND, F),
        (b"AH01264: script not found or unable to stat: /x", Action.NOT_FOUND, F),
        (b"AH00126: Invalid URI in request GET /../x HTTP/1.1", Action.BAD_REQUEST, F),
        (b"AH10244: invalid URI path (/cgi-bin/.%2e/x)", Action.BAD_REQUEST, F),
        (b"AH02032: Hostname a provided via SNI and hostname b provided via HTTP are different", Action.BAD_REQUEST, F),
        (b"AH00566: request failed: malformed request line", Action.BAD_REQUEST, F),
        (b"AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error.", Action.REDIRECT_LOOP, F),
        (b"AH00135: Invalid method in request BREW / HTTP/1.1", Action.BAD_METHOD, F),
        (b"AH00036: access to /x failed (filesystem path '/x')", Action.PERMISSION_DENIED, F),
        (b"AH00037: Symbolic link not allowed or link target not accessible: /x", Action.PERMISSION_DENIED, F),
        (b"AH00132: file permissions deny server access: /x", Action.PERMISSION_DENIED, F),
        (b"AH01215: sh: 1: x: not found: /cgi-bin/a", Action.APPLICATION_FAULT, None),
        (b"AH01071: Got error 'PHP message: PHP Warning:  x in /a.php on line 3'", Action.APPLICATION_FAULT, None),
        (b"AH01071: Got error 'Primary script unknown'", Action.NOT_FOUND, F),
        (b"AH00957: http: attempt to connect to 10.0.0.1:80 (10.0.0.1) failed", Action.UPSTREAM_TROUBLE, F),
        (b"AH01114: HTTP: failed to make connection to backend: 10.0.0.1", Action.UPSTREAM_TROUBLE, F),
        (b"AH00052: child pid 5 exit signal Segmentation fault (11)", Action.SERVER_NOTICE, None),
        (b"AH00169: caught SIGTERM, shutting down", Action.SERVER_NOTICE, None),
        (b"PHP Fatal error:  Uncaught Error: x in /a.php:3", Action.APPLICATION_FAULT, None),
        (b"PHP Warning:  x in /a.php on line 3", Action.APPLICATION_FAULT, None),
        (b"ModSecurity: Warning. Pattern match \"x\" [id \"942100\"]", Action.WAF_ALERT, None),
        (b"ModSecurity: Access denied with code 403 (phase 2). [id \"942100\"]", Action.WAF_BLOCKED, F),
        (b"[client 192.0.2.7] ModSecurity: Warning. Pattern match \"x\" [id \"942100\"]", Action.WAF_ALERT, None),
        (b"ModSecurity: APR compiled version=\"1.7.0\"; loaded version=\"1.7.0\"", Action.SERVER_NOTICE, None),
        (b"AH02811: script not found or unable to stat: /usr/lib/cgi-bin/a", Action.NOT_FOUND, F),
        (b"AH00687: Negotiation: discovered file(s) matching request: /x (None could be negotiated).", Action.NOT_FOUND, F),
        (b"AH01631: user bob: authorization failure for \"/a\": ", Action.ACCESS_DENIED, F),
        (b"user bob: authorization failure for \"/a\": ", Action.ACCESS_DENIED, F),
        (b"AH01790: user `bob' in realm `r' not found: /a", Action.LOGIN_FAILED, F),
        (b"AH01792: user bob: password mismatch: /a", Action.LOGIN_FAILED, F),
        (b"Digest: user bob: password mismatch: /a", Action.LOGIN_FAILED, F),
        (b"AH01694: auth_ldap authenticate: user bob authentication failed; URI /a [ldap_simple_bind() failed][Invalid credentials]", Action.LOGIN_FAILED, F),
        (b"AH02809: Options ExecCGI is off in this directory: /x", Action.ACCESS_DENIED, F),
        (b"Directory index forbidden by Options directive: /x/", Action.ACCESS_DENIED, F),
        (b"AH00035: access to /a denied (filesystem path '/x/a') because search permissions are missing on a component of the path", Action.PERMISSION_DENIED, F),
        (b"(13)Permission denied: access to /a denied", Action.PERMISSION_DENIED, F),
        (b"Symbolic link not allowed or link target not accessible: /x", Action.PERMISSION_DENIED, F),
        (b"AH02418: HTTP Request Line; Unrecognized protocol 'x' (perhaps whitespace was injected?)", Action.BAD_REQUEST, F),
        (b"AH01382: Request header read timeout", Action.CLIENT_TIMED_OUT, F),
        (b"AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting", Action.LIMIT_HIT, None),
        (b"mod_qos(031): access denied, QS_SrvMaxConnPerIP rule: max=10, concurrent connections=11, c=192.0.2.7", Action.LIMIT_HIT, F),
        (b"suexec policy violation: see suexec log for more details", Action.PERMISSION_DENIED, F),
        (b"AH01215: suexec policy violation: see suexec log for more details", Action.APPLICATION_FAULT, None),
        (b"End of script output before headers: a.cgi", Action.APPLICATION_FAULT, None),
        (b"Too many connections: throttling request", Action.LIMIT_HIT, F),
        (b"Apache/2.4.62 configured", Action.SERVER_NOTICE, None),
        # a client's own text imitates another family
        (b"File does not exist: /x/ModSecurity: Access denied [id \"1\"]", Action.NOT_FOUND, F),
        (b"AH01618: user ModSecurity: Access denied [id \"1\"] not found: /a", Action.LOGIN_FAILED, F),
        (b"AH01618: user x: authorization failure for \"/a\":  not found: /a", Action.LOGIN_FAILED, F),
        (b"File does not exist: /x", Action.NOT_FOUND, F),
        (b"client denied by server configuration: /x", Action.ACCESS_DENIED, F),
        (b"Invalid method in request BREW / HTTP/1.1", Action.BAD_METHOD, F),
        (b"AH99999: nobody has seen this", None, None),
    ],
)  # fmt: skip
def test_families(message: bytes, action: Action | None, outcome: str | None) -> None:
    one = parse(STAMP + b"[core:error] [pid 12:tid 140] [client 192.0.2.7:5555] " + message)
    assert (one.action, one.outcome, one.ip) == (action, outcome, REAL)


WAF = b'ModSecurity: Access denied. [file "/a.conf"] [id "942100"] [hostname "shop.example"] [uri "/a\\"b"] [unique_id "x"]'


@pytest.mark.parametrize(
    ("message", "user", "method", "url", "domain"),
    [
        (b'AH01617: user bob: authentication failure for "/admin": Password Mismatch', "bob", None, "/admin", None),
        (b"AH01618: user a b not found: /admin", "a b", None, "/admin", None),
        (b'user bob: authentication failure for "/admin": Password Mismatch', "bob", None, "/admin", None),
        (b"user bob not found: /admin", "bob", None, "/admin", None),
        (b"AH00126: Invalid URI in request GET /../x HTTP/1.1", None, "GET", "/../x", None),
        (b"AH00135: Invalid method in request BREW /pot HTTP/1.1", None, "BREW", "/pot", None),
        (b"AH10244: invalid URI path (/cgi-bin/.%2e/(x))", None, None, "/cgi-bin/.%2e/(x)", None),
        (b"File does not exist: /var/www/html/a/b", None, None, "/a/b", None),
        (b"AH00128: File does not exist: /var/www/shop.example/public_html/.env", None, None, "/.env", None),
        (b"File does not exist: C:/xampp/htdocs/a?b=1' OR '1'='1", None, None, "/a?b=1' OR '1'='1", None),
        (b"File does not exist: /var/www/html", None, None, "/", None),
        (b"File does not exist: /data/site/a", None, None, "/data/site/a", None),
        (b"File does not exist: /var/www/html/a/htdocs/b", None, None, "/a/htdocs/b", None),
        (b"File does not exist: /var/www/html/x: /y/../z", None, None, "/x: /y/../z", None),
        (b"AH01630: client denied by server configuration: /srv/www/htdocs/.htaccess", None, None, "/.htaccess", None),
        (b"AH01630: client denied by server configuration: uri /server-status", None, None, "/server-status", None),
        (
            b"AH01276: Cannot serve directory /var/www/html/a/: No matching DirectoryIndex (index.html) found, and server-generated directory index forbidden by Options directive",
            None,
            None,
            "/a/",
            None,
        ),
        (b"Directory index forbidden by Options directive: /var/www/html/", None, None, "/", None),
        (
            b"AH02811: script not found or unable to stat: /usr/lib/cgi-bin/test.cgi",
            None,
            None,
            "/cgi-bin/test.cgi",
            None,
        ),
        (b"script '/var/www/html/a.php' not found or unable to stat", None, None, "/a.php", None),
        (
            b"AH00035: access to /a/b denied (filesystem path '/x/a') because search permissions are missing",
            None,
            None,
            "/a/b",
            None,
        ),
        (b"client sent HTTP/1.1 request without hostname (see RFC2616 section 14.23): /a", None, None, "/a", None),
        (b"(13)Permission denied: access to /a/b denied", None, None, "/a/b", None),
        (b"AH00126: Invalid URI in request GET /a b/../../c HTTP/1.1", None, "GET", "/a b/../../c", None),
        (b"AH00135: Invalid method in request \\x16\\x03\\x01", None, "\\x16\\x03\\x01", None, None),
        (b'AH01631: user bob: authorization failure for "/a": ', "bob", None, "/a", None),
        (b"AH01790: user `bob' in realm `r' not found: /a", "bob", None, "/a", None),
        (b"AH01792: user bob: password mismatch: /a", "bob", None, "/a", None),
        (
            b"AH01694: auth_ldap authenticate: user bob authentication failed; URI /a [ldap_simple_bind() failed][Invalid credentials]",
            "bob",
            None,
            "/a",
            None,
        ),
        (WAF, None, None, '/a\\"b', "shop.example"),
        (b"[client 192.0.2.7] " + WAF, None, None, '/a\\"b', "shop.example"),
    ],
)
def test_what_messages_name(
    message: bytes, user: str | None, method: str | None, url: str | None, domain: str | None
) -> None:
    one = parse(STAMP + b"[core:error] [pid 12:tid 140] [client 192.0.2.7:5555] " + message)
    assert (one.user, one.method, one.url, one.domain, one.ip, one.flags) == (
        user,
        method,
        url,
        domain,
        REAL,
        Flag.NONE,
    )


def test_a_warning_about_a_refused_request_is_a_refusal() -> None:
    head = STAMP + b"[security2:error] [pid 12] [client 192.0.2.7:5555] [client 192.0.2.7] ModSecurity: "
    rule = b'[file "/r.conf"] [line "1"] [id "%s"] [msg "x"] [hostname "h"] [uri "/a"] [unique_id "%s"]'
    lines = [
        head + b"Warning. Pattern match. " + rule % (b"942100", b"one"),
        head + b"Warning. Pattern match. " + rule % (b"942100", b"two"),
        head + b"Access denied with code 403 (phase 2). " + rule % (b"949110", b"one"),
    ]
    parsed = [FORMAT.parse(line) for line in lines]
    better = FORMAT.review(lines, parsed)
    assert {index: (one.action, one.outcome, one.ip) for index, one in better.items()} == {
        0: (Action.WAF_BLOCKED, F, REAL)
    }


@pytest.mark.parametrize(
    "message",
    [
        b"File does not exist: /x, [client 198.51.100.77:1] AH01630: client denied",
        b"[client 198.51.100.77:1] AH01630: client denied by server configuration: /x",
        b"File does not exist: /[Mon Mar 02 10:15:31 2026] [error] [client 198.51.100.77] x",
    ],
)
def test_a_forged_client_is_never_believed(message: bytes) -> None:
    one = parse(STAMP + b"[core:error] [pid 12:tid 140] [client 192.0.2.7:5555] " + message)
    assert one.ip == REAL
    assert one.flags & Flag.FORGED_LOOKING


def test_cut_lines() -> None:
    line = (STAMP + b"[core:error] [pid 12] [client 192.0.2.7:5] AH00128: File does not exist: /" + b"a" * 9000)[:8191]
    assert (parse(line).ip, parse(line).flags) == (REAL, Flag.CUT_SHORT)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"[Mon Feb 30 10:15:30 2026] [error] x", Reason.BAD_TIME),
        (b"[Mon Abc 02 10:15:30 2026] [error] x", Reason.BAD_TIME),
        (b"[Mon Mar 02 24:15:30 2026] [error] x", Reason.BAD_TIME),
        (b"[Mon Mar 02 10:15", Reason.TRUNCATED),
        (b"[client 192.0.2.7] x", Reason.NO_FORMAT),
        (b"", Reason.NO_FORMAT),
    ],
)
def test_silent(line: bytes, expected: Reason) -> None:
    assert FORMAT.parse(line) is expected


def test_text_without_a_head_continues_the_line_before() -> None:
    one = parse(b"#0 /var/www/a.php(3): f()")
    assert (one.status, one.ip) == (ParseStatus.CONTINUATION, None)


@pytest.mark.parametrize(
    ("line", "ip", "level", "action", "user"),
    [
        (b"[client 192.0.2.7] AH01630: client denied by server configuration: /x", REAL, None, Action.ACCESS_DENIED, None),
        (b"[client 192.0.2.7:5555] File does not exist: /x", REAL, None, Action.NOT_FOUND, None),
        (b"[client 2001:db8::1:54321] x", "2001:db8::1", None, None, None),
        (b"[error] [client 192.0.2.7] PHP Fatal error:  x in /a.php on line 3", REAL, "error", Action.APPLICATION_FAULT, None),
        (b"[core:warn] [pid 5] [client 192.0.2.7] x", REAL, "warn", None, None),
        (b'[client 192.0.2.7] user admin: authentication failure for "/a": Password Mismatch', REAL, None, Action.LOGIN_FAILED, "admin"),
        (b"[client 192.0.2.7] [client 198.51.100.77] x", REAL, None, None, None),
        (b"[client 192.0.2.7] Too many connections: throttling request", REAL, None, Action.LIMIT_HIT, None),
        (b"[client 192.0.2.7] AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error.", REAL, None, Action.REDIRECT_LOOP, None),
    ],
)  # fmt: skip
def test_partial_lines(line: bytes, ip: str, level: str | None, action: Action | None, user: str | None) -> None:
    one = PARTIAL.parse(line)
    assert isinstance(one, ParsedLine)
    assert (one.ip, one.level, one.action, one.user, one.time) == (ip, level, action, user, None)


@pytest.mark.parametrize(
    "line", [b"", b"client 192.0.2.7", b"[client ] x", b"[client 999.0.2.7] x", b"[client \xef\xbc\x91.2.3.4] x"]
)
def test_no_partial_lines(line: bytes) -> None:
    assert PARTIAL.parse(line) is Reason.NO_FORMAT


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            STAMP + b"[core:error] [pid 1] ",
            b"[client 192.0.2.7] ",
            STAMP + b"[x:error] [pid 1] [client 192.0.2.7:1] ",
        ]
    ),
)
def test_any_bytes_are_read_or_given_a_reason(noise: bytes, head: bytes) -> None:
    line = head + re.sub(rb"\n", b"", noise)
    assert isinstance(FORMAT.parse(line), ParsedLine | Reason)
    assert isinstance(PARTIAL.parse(line), ParsedLine | Reason)
