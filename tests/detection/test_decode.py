"""Layers of encoding in, the text a server or browser would see out."""

import pytest

from core.field import Field
from detection.stored import decoded


@pytest.mark.parametrize(
    ("logged", "field", "expected"),
    [
        (b"a%20b", Field.PATH, b"a b"),
        (b"a+b", Field.QUERY, b"a b"),
        (b"a+b", Field.PATH, None),
        (b"plain", Field.QUERY, None),
        (b"%2527", Field.QUERY, b"'"),
        (b"%25252e", Field.PATH, b"."),
        (b"\\x22x\\x5C", Field.USER_AGENT, b'"x\\'),
        (b"%u0027", Field.QUERY, b"'"),
        (b"\\u003c", Field.QUERY, b"<"),
        (b"%5Cu003c", Field.QUERY, b"<"),
        (b"&lt;b&gt;", Field.QUERY, b"<b>"),
        (b"&#x3c;&#60;", Field.QUERY, b"<<"),
        (b"alert&lpar;1&rpar;", Field.QUERY, b"alert(1)"),
        (b"java&NewLine;script&colon;x", Field.QUERY, b"java\x0bscript:x"),
        (b"%c0%ae%c0%af", Field.PATH, b"./"),
        (b"%e0%80%ae", Field.PATH, b"."),
        (b"%c0.%c0/", Field.PATH, b"./"),
        (b"%uff0e%u2215%u2216", Field.QUERY, b"./\\"),
        (b"%0a%0d", Field.QUERY, b"\x0b\r"),
        (b"%zz%4", Field.QUERY, None),
        ("日本".encode(), Field.QUERY, None),
        ("１ ＯＲ　１".encode(), Field.QUERY, b"1 OR 1"),
        (b"%EF%BC%87%EF%BC%9C", Field.QUERY, b"'<"),
        (b"\\xE2\\x80\\x99 or \\xE2\\x80\\x9Cx", Field.USER_AGENT, b"' or \"x"),
        (b"%CA%BC%C2%A0%E2%80%93", Field.QUERY, b"' -"),
        ("select\u2003x".encode(), Field.QUERY, b"select x"),
        ("a\u200bb".encode(), Field.QUERY, None),
        ("a\u2026b".encode(), Field.QUERY, None),
        (b"100%25 &copy &x;", Field.QUERY, b"100% &copy &x;"),
    ],
)
def test_decoding(logged: bytes, field: Field, expected: bytes | None) -> None:
    assert decoded(logged, field) == expected


def test_nothing_decodes_to_a_line_end() -> None:
    assert all(
        b"\n" not in (decoded(b"x" + text, Field.QUERY) or b"") for text in (b"%0a", b"\\x0a", b"&#10;", b"%u000a")
    )
