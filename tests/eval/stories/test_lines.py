"""One step in, the line that each server writes out."""

from datetime import datetime, timedelta, timezone

import pytest

from eval.stories.access_log import apache_access, apache_vhost_access, nginx_access
from eval.stories.auth_log import classic_auth, dated_auth
from eval.stories.error_log import apache_error, nginx_error
from eval.stories.hard_benign import encoded
from eval.stories.step import Cause, Fault, Message, Request

WHEN = datetime(2026, 11, 9, 2, 3, 4, tzinfo=timezone(timedelta(hours=9)))


def request(
    target: str = "/a", agent: str = "Mozilla/5.0", status: int = 200, size: int = 7, raw: str | None = None
) -> Request:
    return Request(WHEN, "203.0.113.7", "GET", target, status, size, agent, raw=raw)


HEAD = "203.0.113.7 - - [09/Nov/2026:02:03:04 +0900]"
ACCESS = [
    (request(), f'{HEAD} "GET /a HTTP/1.1" 200 7 "-" "Mozilla/5.0"', None),
    (
        request(agent='a"b\\c\x1bé'),
        f'{HEAD} "GET /a HTTP/1.1" 200 7 "-" "a\\x22b\\x5Cc\\x1B\\xC3\\xA9"',
        f'{HEAD} "GET /a HTTP/1.1" 200 7 "-" "a\\"b\\\\c\\x1b\\xc3\\xa9"',
    ),
    (
        request(status=304, size=0),
        f'{HEAD} "GET /a HTTP/1.1" 304 0 "-" "Mozilla/5.0"',
        f'{HEAD} "GET /a HTTP/1.1" 304 - "-" "Mozilla/5.0"',
    ),
    (
        request(raw="\x16\x03\n"),
        f'{HEAD} "\\x16\\x03\\x0A" 200 7 "-" "Mozilla/5.0"',
        f'{HEAD} "\\x16\\x03\\n" 200 7 "-" "Mozilla/5.0"',
    ),
]


@pytest.mark.parametrize(("step", "nginx", "apache"), ACCESS)
def test_access_lines(step: Request, nginx: str, apache: str | None) -> None:
    assert nginx_access(step).decode() == nginx
    assert apache_access(step).decode() == (apache or nginx)
    assert apache_vhost_access(step).decode() == f"www.teahouse.example:443 {apache or nginx}"


FAULTS = [
    (
        Fault(Cause.DENIED),
        (
            b"access forbidden by rule, client: 203.0.113.7, server: www.teahouse.example, "
            b'request: "GET /a HTTP/1.1", host: "www.teahouse.example"'
        ),
        b"AH01630: client denied by server configuration: /srv/www/teahouse/a",
    ),
    (
        Fault(Cause.MISSING),
        b'open() "/srv/www/teahouse/a" failed (2: No such file or directory), client: 203.0.113.7',
        None,
    ),
    (
        Fault(Cause.PASSWORD_MISMATCH, "ann"),
        b'user "ann": password mismatch',
        b"AH01617: user ann: authentication failure",
    ),
    (Fault(Cause.UNKNOWN_USER, "ann"), b'user "ann" was not found in', b"AH01618: user ann not found: /a"),
    (Fault(Cause.LIMIT), b"limiting requests, excess: 20.640 by zone", None),
    (Fault(Cause.APPLICATION, "PHP Fatal error:  x"), b'upstream: "fastcgi://unix:', b"[php:error]"),
    (Fault(Cause.INVALID_METHOD), None, b"AH00135: Invalid method in request GET /a HTTP/1.1"),
]


@pytest.mark.parametrize(("fault", "nginx", "apache"), FAULTS)
def test_error_lines(fault: Fault, nginx: bytes | None, apache: bytes | None) -> None:
    for line, part in ((nginx_error(request(), fault), nginx), (apache_error(request(), fault), apache)):
        assert (line is None) == (part is None)
        assert part is None or (line is not None and part in line)


def test_nginx_writes_a_decoded_line_feed_and_apache_does_not() -> None:
    step = request("/a%0Aforged")
    nginx, apache = nginx_error(step, Fault(Cause.MISSING)), apache_error(step, Fault(Cause.DENIED))
    assert (nginx or b"").count(b"\n") == 1
    assert b"/a\\nforged" in (apache or b"")


def test_login_messages() -> None:
    message = Message(WHEN, "sshd[7]", "Accepted publickey for ann from 203.0.113.7 port 9 ssh2")
    assert dated_auth(message) == b"2026-11-09T02:03:04.000000+09:00 teahouse1 sshd[7]: " + message.text.encode()
    assert classic_auth(message) == b"Nov  9 02:03:04 teahouse1 sshd[7]: " + message.text.encode()


WAYS = [
    (0, "/s?q=it%27s+a%3Cb+%26+%E8%8C%B6"),
    (1, "/s?q=it's%20a%3Cb%20%26%20%E8%8C%B6"),
    (2, "/s?q=it%27s%20a%3Cb%20%26%20%E8%8C%B6"),
    (3, "/s?q=it%27s+a%3cb+%26+%e8%8c%b6"),
    (4, "/s?q=it%27s+a%3Cb+%26+%E8%8C%B6"),
]


@pytest.mark.parametrize(("number", "expected"), WAYS)
def test_texts_are_encoded_in_turn(number: int, expected: str) -> None:
    assert encoded("/s?q=⟦it's a<b & 茶⟧", number) == expected


def test_character_sets_and_line_ends() -> None:
    assert encoded("/s?q=⟦shift_jis|表⟧&m=⟦a⏎b⟧", 1) == "/s?q=%95%5C&m=a%0D%0Ab"
