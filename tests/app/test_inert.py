"""Log text on a terminal: nothing acts, nothing hides, ordinary text stays."""

import unicodedata

import pytest

from app.inert import inert, inert_bytes, split_inert


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"GET /index.html", "GET /index.html"),
        (b"a\tb", "a\tb"),
        ("検索 ログ".encode(), "検索 ログ"),
        (b"\x1b[2J\x07", "\\x1b[2J\\x07"),
        (b"a\r\nb\x00\x7f", "a\\x0d\\x0ab\\x00\\x7f"),
        ("\u009b31m".encode(), "\\x9b31m"),
        (b"\x9b31m\xff", "\\x9b31m\\xff"),
        ("gol\u202egnp.exe".encode(), "gol\\u{202e}gnp.exe"),
        ("a\u200bb\u2066c\ufeff".encode(), "a\\u{200b}b\\u{2066}c\\u{feff}"),
        ("a\u2028b\u2029\u0085c".encode(), "a\\u{2028}b\\u{2029}\\x85c"),
        ("\U000e0041\U000e0100\u3164".encode(), "\\u{e0041}\\u{e0100}\\u{3164}"),
    ],
)
def test_active_bytes_are_shown_and_the_rest_stays(raw: bytes, shown: str) -> None:
    assert inert_bytes(raw) == shown


def test_no_character_of_unicode_escapes_or_hides() -> None:
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    kinds = {unicodedata.category(character) for character in inert(everything) if character != "\t"}
    assert kinds.isdisjoint({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})


@pytest.mark.parametrize(
    ("raw", "start", "end", "parts"),
    [
        (b"abcdef", 2, 4, ("ab", "cd", "ef")),
        (b"abcdef", 0, 0, ("abcdef", "", "")),
        (b"abcdef", 4, 99, ("abcdef", "", "")),
        ("aあb".encode(), 2, 3, ("a", "あ", "b")),
        (b"\x1b[1mX", 0, 4, ("", "\\x1b[1m", "X")),
    ],
)
def test_a_span_is_cut_at_character_borders(raw: bytes, start: int, end: int, parts: tuple[str, str, str]) -> None:
    assert split_inert(raw, start, end) == parts
