"""Every codec: whole, joined, cut short, followed by rubbish, damaged; nothing that was whole is lost."""

from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from ingestion.fetch.input import Input

Make = Callable[..., Input]
ReadAll = Callable[[Input], Any]
Packs = dict[str, Callable[[bytes], bytes]]

TEXT = b"".join(
    b'192.0.2.%d - - [21/Nov/2026:13:00:00 +0000] "GET /%d HTTP/1.1" 200 5\n' % (i % 256, i) for i in range(9999)
)
CODECS = ("gzip", "bzip2", "xz", "zstd")


@pytest.mark.parametrize("codec", ["plain", *CODECS])
@pytest.mark.parametrize("text", [b"", b"a", b"\n", b"a\nb", TEXT], ids=["empty", "byte", "lf", "no-final-lf", "long"])
@pytest.mark.parametrize("name", ["access.log", "access.log.gz"])
def test_content_decides_not_the_name(
    entry: Make, content: ReadAll, pack: Packs, codec: str, text: bytes, name: str
) -> None:
    found = entry(pack[codec](text), name)
    assert found.kind == codec
    assert content(found).data == text
    assert content(found).notes == (), "a second reading gives the same"
    assert content(found).data == text


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("build", "expected", "notes"),
    [
        (lambda one: one(TEXT) + one(TEXT), TEXT * 2, ("multi_member",)),
        (lambda one: one(b"a\n") + one(b"") + one(b"b\n"), b"a\nb\n", ("multi_member",)),
        (
            lambda one: b"".join(one(b"%d\n" % i) for i in range(500)),
            b"".join(b"%d\n" % i for i in range(500)),
            ("multi_member",),
        ),
        (lambda one: one(TEXT) + b"rubbish behind it", TEXT, ("trailing_garbage",)),
        (lambda one: one(TEXT) + b"\x1f", TEXT, ("trailing_garbage",)),
        (lambda one: one(TEXT) + one(TEXT) + b"?", TEXT * 2, ("multi_member", "trailing_garbage")),
    ],
    ids=["two", "empty-between", "many", "rubbish", "one-byte", "two-rubbish"],
)
def test_members_and_what_follows(
    entry: Make,
    content: ReadAll,
    pack: Packs,
    codec: str,
    build: Callable[[Callable[[bytes], bytes]], bytes],
    expected: bytes,
    notes: tuple[str, ...],
) -> None:
    got = content(entry(build(pack[codec])))
    assert (got.data, got.notes) == (expected, notes)


@pytest.mark.parametrize("codec", ["gzip", "bzip2", "xz"])
def test_zero_padding_is_no_rubbish(entry: Make, content: ReadAll, pack: Packs, codec: str) -> None:
    got = content(entry(pack[codec](b"a\n") + bytes(512) + pack[codec](b"b\n") + bytes(100_000)))
    assert (got.data, got.notes) == (b"a\nb\n", ("multi_member",))


@pytest.mark.parametrize("codec", CODECS)
def test_cut_anywhere_gives_a_prefix_and_the_note(entry: Make, content: ReadAll, pack: Packs, codec: str) -> None:
    packed = pack[codec](TEXT)
    for cut in (12, 40, len(packed) // 2, len(packed) - 9, len(packed) - 4, len(packed) - 1):
        got = content(entry(packed[:cut]))
        assert TEXT.startswith(got.data), cut
        assert got.notes == ("truncated_archive",), cut


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_cut_loses_only_what_is_missing(entry: Make, content: ReadAll, pack: Packs, codec: str) -> None:
    packed = pack[codec](TEXT)
    assert len(content(entry(packed[: len(packed) // 2])).data) > len(TEXT) // 4
    assert content(entry(packed[:-1])).data == TEXT


@pytest.mark.parametrize("codec", CODECS)
def test_second_member_cut_keeps_the_first(entry: Make, content: ReadAll, pack: Packs, codec: str) -> None:
    got = content(entry(pack[codec](TEXT) + pack[codec](TEXT)[:30]))
    assert got.data[: len(TEXT)] == TEXT
    assert got.notes == ("multi_member", "truncated_archive")


@pytest.mark.parametrize("codec", CODECS)
def test_damage_is_noted_and_what_came_before_is_kept(entry: Make, content: ReadAll, pack: Packs, codec: str) -> None:
    damaged = bytearray(pack[codec](TEXT))
    damaged[len(damaged) // 2] ^= 0xFF
    damaged[-5] ^= 0xFF
    got = content(entry(pack[codec](TEXT) + bytes(damaged)))
    assert got.notes == ("multi_member", "corrupt_archive")
    assert got.data.startswith(TEXT)


def test_zstd_skippable_frames(entry: Make, content: ReadAll, pack: Packs) -> None:
    skippable = b"\x53\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    one = pack["zstd"]
    assert content(entry(skippable + one(b"a\n") + skippable + one(b"b\n"))).data == b"a\nb\n"
    assert content(entry(one(b"a\n") + skippable[:-1])).notes == ("truncated_archive",)


@pytest.mark.parametrize("options", [{}, {"write_content_size": False}, {"write_checksum": True}, {"level": 19}])
def test_zstd_frame_headers(entry: Make, content: ReadAll, options: dict[str, Any]) -> None:
    for size in (0, 1, 200, 300, 70_000, 1 << 20):
        text = (TEXT * 2)[:size]
        packed = zstandard.ZstdCompressor(**options).compress(text)
        got = content(entry(packed))
        assert (got.data, got.notes) == (text, ()), size


def test_zstd_run_length_blocks(entry: Make, content: ReadAll, pack: Packs) -> None:
    assert content(entry(pack["zstd"](b"\n" * 5_000_000))).data == b"\n" * 5_000_000


def test_a_window_of_two_gigabytes_is_over_budget(entry: Make, content: ReadAll) -> None:
    frame = b"\x28\xb5\x2f\xfd" + b"\x00" + bytes([(31 - 10) << 3]) + b"\x01\x00\x00"
    assert content(entry(frame)).notes == ("budget_exceeded",)
