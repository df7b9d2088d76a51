"""What the server answers before any page is drawn: headers, health, and nothing else open."""

import http.client
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes


def ask(base: str, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        connection.request(method, path, headers=headers or {})
        reply = connection.getresponse()
        return Answer(reply.status, reply.headers, reply.read())
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/", "/overview", "/healthz", "/_stcore/health", "/no/such/file.js"])
def test_every_answer_is_fenced(base: str, path: str) -> None:
    headers = ask(base, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_health(base: str) -> None:
    answer = ask(base, "/healthz")
    assert (answer.status, answer.body) == (200, b"ok")


@pytest.mark.parametrize(
    ("origin", "host"), [("http://attacker.example", None), (None, "attacker.example")], ids=["origin", "host"]
)
def test_foreign_pages_get_no_session(base: str, origin: str | None, host: str | None) -> None:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    headers |= {"Origin": origin} if origin else {}
    headers |= {"Host": host} if host else {}
    assert ask(base, "/_stcore/stream", headers).status == 403


def test_no_program_may_drive_the_app(base: str) -> None:
    """Streamlit describes its agent interface even when it is off; asking it for anything must fail."""
    answer = ask(base, "/_stcore/agent/interact", {"Content-Type": "application/json"}, method="POST")
    assert (answer.status, b"not_available" in answer.body) == (403, True)


def test_only_this_page_may_steer_the_app(base: str) -> None:
    assert b"streamlit.app" not in ask(base, "/_stcore/host-config").body
