"""What the server answers before any page is drawn: headers, health, and nothing else open."""

import http.client
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser


def get(base: str, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    connection.request("GET", path, headers=headers or {})
    return connection.getresponse()


@pytest.mark.parametrize("path", ["/", "/overview", "/healthz", "/_stcore/health", "/no/such/file.js"])
def test_every_answer_is_fenced(base: str, path: str) -> None:
    with get(base, path) as answer:
        policy = answer.getheader("content-security-policy") or ""
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert answer.getheader("x-frame-options") == "DENY"
        assert answer.getheader("x-content-type-options") == "nosniff"
        assert answer.getheader("referrer-policy") == "no-referrer"


def test_health(base: str) -> None:
    with get(base, "/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok")


@pytest.mark.parametrize(
    ("origin", "host"), [("http://attacker.example", None), (None, "attacker.example")], ids=["origin", "host"]
)
def test_foreign_pages_get_no_session(base: str, origin: str | None, host: str | None) -> None:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    headers |= {"Origin": origin} if origin else {}
    headers |= {"Host": host} if host else {}
    with get(base, "/_stcore/stream", headers) as answer:
        assert answer.status == 403


def test_no_program_may_drive_the_app(base: str) -> None:
    with get(base, "/_stcore/agent/openapi.json") as answer:
        assert answer.status in {403, 404}


def test_only_this_page_may_steer_the_app(base: str) -> None:
    with get(base, "/_stcore/host-config") as answer:
        assert b"streamlit.app" not in answer.read()
