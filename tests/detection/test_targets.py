"""Queries in, where they send the server or the visitor out: the checks behind SSRF, open redirect and inclusion."""

import pytest

from core.field import Field
from detection.inclusion import includes_remote, sets_include_variable
from detection.redirect import leads_away, leaves_site
from detection.ssrf import reaches_inside
from detection.url import parameters, read_url

Q = Field.QUERY


def texts(*values: str) -> list[bytes]:
    return [value.encode() for value in values]


INSIDE = texts(
    "url=http://127.0.0.1/", "url=http://0x7f.1/", "u=http://[::ffff:127.0.0.1]:80/", "u=https://017700000001/x",
    "img=http://①⑨②.168.0.1/", "u=http://10.1.2.3:9200/_cat", "u=gopher://x:70/_a", "u=dict://127.0.0.1:11211/",
    "u=ldap://files.example/a", "u=jar:http://files.example/a.jar!/", "u=http://example.org@127.0.0.1/",
    "u=http://example.org#@169.254.169.254/", "u=http:\\\\localhost\\x", "u=//169.254.169.254/latest",
    "host=127.0.0.1:6379/a", "u=169.254.169.254/latest/meta-data/", "u=http://a.b.nip.io/",
    "u=http://example.org/latest/meta-data/iam/", "u=http://consul.service.consul:8500/v1", "u=url:http://localhost:80/",
    "x=unix:AAAA|http://example.org/", "u=https://metadata.google.internal/computeMetadata/v1/",
)  # fmt: skip
NOT_INSIDE = texts(
    "url=https://www.example.org/", "u=//cdn.example.org/x.js", "redirect_uri=http://localhost:8080/callback",
    "redirect_uri=http://127.0.0.1:1/", "server=localhost", "q=http://", "q=localhost", "ip=10.0.0.1", "v=1.2.3.4",
    "u=https://203.0.113.5/a", "q=127.0.0.1", "mail=mailto:a@example.org", "u=https://example.org/@user/post",
    "q=what is http://127.0.0.1 for", "time=12:30", "u=tel:+81312345678",
    "q=http://localhost:8080/a", "u=https://localhost:3000 refused to connect",
)  # fmt: skip
AWAY = texts(
    "next=//evil.example", "next=/\\evil.example", "next=///evil.example/%2f..", "next=https:evil.example",
    "next=http:///evil.example", "next=https://shop.example@evil.example/", "goto=/https://evil.example",
    "return_to=https://shop.example\\@evil.example", "redirect=http://0xcb007105/", "url=https://a.example@evil.example",
    "u=http://[::ffff:203.0.113.5]/", "next=\x0b/evil.example",
    "returnUrl=java\x0bscript:alert(1)", "next=〱evil.example",
    "redirect=https://shop.example/https://evil.example/", "continue=https://evil。example/", "next=\\evil.example/x",
    "next=<>//evil.example", "next=/\x09/evil.example", "//evil.example/x",
)  # fmt: skip
NOT_AWAY = texts(
    "next=/account", "next=/a//b", "next=account/orders", "next=https://shop.example/cart?x=1", "q=//comment",
    "url=//cdn.example.org/x.js", "redirect_uri=https://app.example.org/cb", "to=Tokyo", "page=2", "next=",
    "return=/search?q=a@b.example", "u=https://example.org/a/b", "url=https://example.org/x@2x.png", "path=./a/b",
    "next=/2024/05/31/", "q=https://user:pw@host.example/", "data=a;b", "ref=https://www.example.org/?a=b",
    "data=http://", "//", "url=https://example.org/a//b",
)  # fmt: skip
REMOTE = texts(
    "page=http://files.example/a.txt?", "include=https://files.example/x", "cfg[base_path]=http://files.example/r",
    "file=http://203.0.113.7/c", "template=ftp://files.example/t", "f=\\\\203.0.113.7\\share\\a.php",
    "GLOBALS[x]=http://files.example/", "file=http://files.example/r57.txt\x00", "x=smb://files.example/a", "x=ftp?",
)  # fmt: skip
NOT_REMOTE = texts(
    "url=https://www.example.org/a.php?id=3", "page=https://www.example.org/article/7", "image=https://cdn.example.org/a.png",
    "u=http://www.example.org/?", "link=https://news.example.org/a.html", "file=report.txt", "q=why not https?",
    "share=https://example.org/a?b=c", "file=https://cdn.example.org/b/a.png", "q=ftp://user@host syntax",
)  # fmt: skip


@pytest.mark.parametrize("query", INSIDE)
def test_reaches_inside(query: bytes) -> None:
    assert reaches_inside(query, Q)


@pytest.mark.parametrize("query", NOT_INSIDE)
def test_stays_outside(query: bytes) -> None:
    assert not reaches_inside(query, Q)


def test_a_url_inside_a_path_is_fetched_a_whole_one_is_proxied() -> None:
    assert reaches_inside(b"/fetch/http://127.0.0.1/", Field.PATH)
    assert not reaches_inside(b"http://127.0.0.1/", Field.PATH)


@pytest.mark.parametrize("query", AWAY)
def test_leads_away(query: bytes) -> None:
    assert leads_away(query, Q)


@pytest.mark.parametrize("query", NOT_AWAY)
def test_does_not_lead_away(query: bytes) -> None:
    assert not leads_away(query, Q)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"next=https://evil.example/", True),
        (b"goto=http://203.0.113.3/a", True),
        (b"next=https://www.google.com/", True),
        (b"next=https://www.google.com/maps", False),
        (b"next=https://shop.example/cart", False),
        (b"redirect_uri=http://203.0.113.3/cb", False),
        (b"url=http://203.0.113.3/", False),
        (b"next=https://medieval.example/", False),
    ],
)
def test_leaves_site(query: bytes, *, expected: bool) -> None:
    assert leaves_site(query, Q) is expected


@pytest.mark.parametrize("query", REMOTE)
def test_includes_remote(query: bytes) -> None:
    assert includes_remote(query, Q)


@pytest.mark.parametrize("query", NOT_REMOTE)
def test_includes_nothing_remote(query: bytes) -> None:
    assert not includes_remote(query, Q)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"GLOBALS[a]=x", True),
        (b"cfg[sys][base_path]=x", True),
        (b"phpbb_root_path=x", True),
        (b"themepath=x", True),
        (b"sort_dir=asc", False),
        (b"path=x", False),
        (b"file_path=a/b.pdf", False),
        (b"base_path=7", False),
        (b"filter[name]=x", False),
    ],
)
def test_sets_include_variable(query: bytes, *, expected: bool) -> None:
    assert sets_include_variable(query, Q) is expected


def test_parameters() -> None:
    assert list(parameters(b"A=1&b[c]=x=y&z&%=2")) == [("a", "1"), ("b[c]", "x=y"), ("", "z"), ("%", "2")]


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("https://u:p@Host.example:8080/x?y#z", ("https", "//", "u:p", "Host.example", "8080", "/x?y#z")),
        ("//host/x", ("", "//", "", "host", "", "/x")),
        ("http:\\\\host", ("http", "\\\\", "", "host", "", "")),
        ("ht\ttp://host", ("http", "//", "", "host", "", "")),
        ("http://[::1]:80/", ("http", "//", "", "[::1]", "80", "/")),
    ],
)
def test_read_url(value: str, parts: tuple[str, ...]) -> None:
    target = read_url(value)
    assert target is not None
    assert (target.scheme, target.slashes, target.userinfo, target.host, target.port, target.rest) == parts


@pytest.mark.parametrize("value", ["plain", "/path", "", "12:30 o'clock"[3:], "a b"])
def test_no_url(value: str) -> None:
    assert read_url(value) is None
