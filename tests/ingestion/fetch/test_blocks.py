"""The splitter against the plain truth of bytes.split(b"\\n"), for every size of block and budget."""

import hashlib
import io
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ingestion.fetch.blocks import Block, blocks
from ingestion.fetch.digest import Digest
from ingestion.fetch.expand import from_stream
from ingestion.fetch.input import Input
from ingestion.fetch.magic import Kind, kind_of
from tests.effort import examples

Make = Callable[..., Input]
ReadAll = Callable[[Input], Any]
Packs = dict[str, Callable[[bytes], bytes]]
Row = tuple[int, int, bytes, int]


def split(found: Input, size: int, budget: int, **options: Any) -> list[Block]:  # noqa: ANN401
    with found.open() as reader:
        return list(blocks(reader, size, budget, **options))


def rebuilt(parts: Iterable[Block]) -> Iterator[Row]:
    """(number, offset, kept bytes, true length) of every line, as a consumer of blocks computes them."""
    for block in parts:
        offset, shift = block.first_offset, {line.row: line for line in block.oversize}
        rows = block.data.split(b"\n")
        if block.terminated:
            rows.pop()
        assert len(rows) == block.lines
        for row, kept in enumerate(rows):
            length = shift[row].length if row in shift else len(kept)
            yield block.first_line + row, offset, kept, length
            offset += length + 1


def truth(data: bytes, budget: int) -> Iterator[Row]:
    rows = data.split(b"\n")
    if rows[-1] == b"":
        rows.pop()
    offset = 0
    for number, row in enumerate(rows, 1):
        yield number, offset, row[:budget], len(row)
        offset += len(row) + 1


SEPARATORS = b"a\rb\x00c\x0bd\x0ce\x1cf\x1dg\x1eh" + "\x85i\u2028j\u2029k".encode() + b"\x85l\r\nnext\n\r\n\n\x00\n"
TABLE = {
    "empty": b"", "byte": b"x", "lf": b"\n", "lfs": b"\n\n\n", "crlf": b"a\r\nb\r\n", "no-final-lf": b"a\nb",
    "separators": SEPARATORS, "bom": b"\xef\xbb\xbfa\nb\n", "budget": b"x" * 64 + b"\n" + b"y" * 65 + b"\n" + b"z" * 64,
    "long-first": b"x" * 1000 + b"\na\n", "long-last": b"a\n" + b"x" * 1000, "only-long": b"x" * 1000,
    "long-lf": b"x" * 1000 + b"\n", "two-long": b"a\n" + b"x" * 700 + b"\n" + b"y" * 900 + b"\nb\n" + b"z" * 65,
}  # fmt: skip


@pytest.mark.parametrize("data", TABLE.values(), ids=TABLE.keys())
@pytest.mark.parametrize("size", [1, 7, 64, 100, 4096, 1 << 20])
def test_lines_numbers_offsets(entry: Make, data: bytes, size: int) -> None:
    parts = split(entry(data), size, 64)
    assert list(rebuilt(parts)) == list(truth(data, 64))
    assert [block.terminated for block in parts[:-1]] == [True] * len(parts[:-1])
    assert sum(block.size for block in parts) == len(data)
    assert all(
        b.first_offset == a.first_offset + a.size and b.first_line == a.first_line + a.lines for a, b in pairwise(parts)
    )


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.binary(max_size=40) | st.integers(0, 400).map(lambda n: b"#" * n), max_size=30),
    last=st.booleans(),
    size=st.integers(1, 500),
    budget=st.integers(1, 200),
    codec=st.sampled_from(["plain", "gzip"]),
)
def test_any_bytes(pack: Packs, rows: list[bytes], last: bool, size: int, budget: int, codec: str) -> None:
    data = b"\n".join(rows) + (b"\n" if last else b"")
    assume(kind_of(data) is Kind.PLAIN)
    with from_stream("any", io.BytesIO(pack[codec](data))) as expansion:
        digest = Digest([0, len(data) // 2, len(data)])
        parts = split(expansion.inputs[0], size, budget, digest=digest)
        assert list(rebuilt(parts)) == list(truth(data, budget))
        assert digest.finish() == hashlib.sha256(data).hexdigest()
        assert digest.snapshots[len(data) // 2] == hashlib.sha256(data[: len(data) // 2]).hexdigest()
        for block in parts:
            for line in block.oversize:
                rows_of = data.split(b"\n")
                assert line.sha256 == hashlib.sha256(rows_of[block.first_line + line.row - 1]).hexdigest()


@pytest.mark.parametrize("codec", ["plain", "gzip", "bzip2", "xz", "zstd"])
@pytest.mark.parametrize("digested", [False, True])
def test_growth_starts_behind_the_old_end(entry: Make, pack: Packs, codec: str, digested: bool) -> None:
    old, new = b"one\ntwo\n" * 50_000, b"three\nfour"
    digest = Digest([len(old)]) if digested else None
    parts = split(
        entry(pack[codec](old + new)), 1 << 20, 1 << 20, start_line=100_001, start_offset=len(old), digest=digest
    )
    assert b"".join(block.data for block in parts) == new
    assert (parts[0].first_line, parts[0].first_offset) == (100_001, len(old))
    if digest:
        assert digest.finish() == hashlib.sha256(old + new).hexdigest()
        assert digest.snapshots == {len(old): hashlib.sha256(old).hexdigest()}


def test_start_behind_the_end_gives_nothing(entry: Make) -> None:
    assert split(entry(b"a\nb\n"), 100, 100, start_line=9, start_offset=400) == []


def test_line_numbers_are_those_of_sed_and_wc(entry: Make) -> None:
    data = SEPARATORS * 3
    found = entry(data)
    path = str(found.path)
    lines = list(rebuilt(split(found, 16, 1 << 20)))
    assert len(lines) == int(subprocess.run(["wc", "-l", path], capture_output=True, check=True).stdout.split()[0])
    for number, offset, kept, _ in lines:
        sed = subprocess.run(["sed", "-n", f"{number}p", path], capture_output=True, check=True).stdout
        assert sed == kept + b"\n"
        assert data[offset : offset + len(kept)] == kept


def test_block_tells_its_byte_order_mark(entry: Make) -> None:
    assert [block.bom for block in split(entry(b"\xef\xbb\xbfa\nb\n"), 2, 100)] == [True, False]
    assert [block.bom for block in split(entry(b"a\n"), 10, 100)] == [False]


def test_large_plain_file_has_whole_lines_and_full_blocks(entry: Make) -> None:
    data = b"".join(b"%d %s\n" % (i, b"x" * (i % 300)) for i in range(20_000))
    parts = split(entry(data), 1 << 20, 1 << 20)
    assert b"".join(block.data for block in parts) == data
    assert all(len(block.data) > (1 << 20) - (1 << 17) for block in parts[:-1])


def test_consumer_may_stop_early(entry: Make) -> None:
    with entry(b"line\n" * 1_000_000).open() as reader:
        for _ in blocks(reader, 4096):
            break
    assert not [thread for thread in threading.enumerate() if thread.name == "fetch"]
