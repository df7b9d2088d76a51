"""What bytes are: packed, binary, UTF-16, a log."""

import pytest

from ingestion.fetch.magic import Kind, kind_of, looks_binary, looks_like_log, utf16_of

LINE = b'192.0.2.7 - - [21/Nov/2026:13:00:00 +0000] "GET / HTTP/1.1" 200 5\n'


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", Kind.PLAIN),
        (LINE, Kind.PLAIN),
        (b"BZh", Kind.PLAIN),
        (b"BZh9 is how this text begins\n", Kind.PLAIN),
        (b"\x1f\x8b", Kind.PLAIN),
        (b"\x1f\x8b\x08\x00", Kind.GZIP),
        (b"\x5a\x2a\x4d\x18\x00", Kind.ZSTD),
        (b"Rar!\x1a\x07\x01\x00", Kind.RAR),
        (b"\x04\x22\x4d\x18", Kind.LZ4),
    ],
)
def test_kind(head: bytes, kind: Kind) -> None:
    assert kind_of(head) is kind


@pytest.mark.parametrize(
    "head",
    [
        b"\x7fELF\x02\x01\x01", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"SQLite format 3\x00",
        b"LPKSHHRH", bytes(4096), bytes(range(256)) * 4, b"\x01\x00\x02\x00" * 99,
    ],
)  # fmt: skip
def test_binary(head: bytes) -> None:
    assert looks_binary(head)


@pytest.mark.parametrize(
    "head",
    [
        b"", LINE, LINE.decode().encode("utf-16"), "ログ 検索\n".encode("cp932"), "ログ\n".encode("euc-jp"),
        "ログ\n".encode("iso2022_jp"), bytes(900) + LINE, b"\x1b[31mred\x1b[0m\r\n",
        LINE + b"\x16\x03\x01 \x00\n" + LINE,
        b"\xef\xbb\xbf" + LINE,
    ],
)  # fmt: skip
def test_text(head: bytes) -> None:
    assert not looks_binary(head)


def test_utf16() -> None:
    assert utf16_of("a\n".encode("utf-16-le")) is None
    assert utf16_of(b"\xff\xfea\x00") == "utf-16-le"
    assert utf16_of(b"\xfe\xff\x00a") == "utf-16-be"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (LINE, True),
        (b"Nov 21 13:00:00 host sshd[1]: x\n", True),
        (b"type=SYSCALL msg=audit(1700000000.123:9): x\n", True),
        (b"[client 192.0.2.9] x\n", True),
        (b'{"a": 1}\n', True),
        (b"2026/11/21 x\n", True),
        ("2026-11-21".encode("utf-16"), True),
        (b"# A title\n\nSome words of prose, version 3.\n", False),
        (b"", False),
    ],
)
def test_like_a_log(head: bytes, expected: bool) -> None:
    assert looks_like_log(head) is expected
