"""Clients and users as chunks name them, and the tags of both languages."""

from collections.abc import Callable

import pytest

from core.action import Action
from core.errors import ContentError
from core.taxonomy import AttackType
from ingestion.chunk.tags import FILE, read, tags
from ingestion.chunk.words import client_of, coarse_request, is_static, user_of


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("sqlmap/1.6.2#stable (https://sqlmap.org)", "sqlmap/<n>#stable (https://sqlmap.org)"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot/<n>"),
        ("Mozilla/5.0 (Linux; Android 6) Chrome/1 (compatible; AhrefsBot/7.0; +http://x)", "AhrefsBot/<n>"),
        ("Mozilla/5.0 zgrab-scanner/0.x", "zgrab-scanner"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:108.0) Gecko/20100101 Firefox/108.0", None),
        ("curl/8.1.2", "curl/<n>"),
        ("a\x1b[2J\u202e", "a<U+001B>[<n>J<U+202E>"),
        ("", None),
    ],
)
def test_the_program_a_user_agent_names(agent: str, expected: str | None) -> None:
    assert client_of(agent) == expected


@pytest.mark.parametrize(("name", "expected"), [("root", "root"), ("-", None), (" ", None), ("a\nb", "a<U+000A>b")])
def test_users(name: str, expected: str | None) -> None:
    assert user_of(name) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/", "GET / 2xx"), ("/a", "GET /a 2xx"), ("/a/b?c=<v>", "GET /a/… 2xx"), ("/a?c=<v>", "GET /a 2xx")],
)
def test_what_benign_chunks_share(url: str, expected: str) -> None:
    assert coarse_request("GET", url, "2xx") == expected


@pytest.mark.parametrize(
    ("template", "static"),
    [("GET /a.css 2xx", True), ("GET /a.JPG?v=<v> 2xx", True), ("GET /a.php 2xx", False), ("GET /js/ 2xx", False)],
)
def test_what_pages_load_by_themselves(template: str, static: bool) -> None:
    assert is_static(template) == static


def test_every_type_and_action_has_tags_in_both_languages() -> None:
    assert {name for name, _ in tags().types} == set(AttackType)
    assert {name for name, _ in tags().kinds} >= set(Action)
    for _, words in (*tags().types, *tags().kinds):
        assert any(character.isascii() and character.isalpha() for character in words)
        assert not words.isascii()


def test_tags_fit_into_their_bits() -> None:
    assert len(tags().types) <= 29
    assert len(tags().kinds) <= 64


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("[type]", "[tipe]"),
        lambda text: text.replace('\nxss = { en = "cross-site scripting, XSS"', '\nxxs = { en = "x"'),
        lambda text: text.replace('dos = { en = "denial of service, DoS, flood", ja', 'dos = { fr = "x", ja'),
        lambda text: "\n".join(line for line in text.split("\n") if not line.startswith("ssrf")),
        lambda text: text + "[",
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(ContentError):
        read(change(FILE.read_text("utf-8")))
