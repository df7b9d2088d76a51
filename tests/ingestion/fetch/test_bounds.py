"""Whatever the input inflates to, memory stays small, the budget holds, and what was read is kept."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.fetch.budget import Budget
from ingestion.fetch.expand import Expansion, expand
from ingestion.fetch.input import Input

Make = Callable[..., Input]
ReadAll = Callable[[Input], Any]
Packs = dict[str, Callable[[bytes], bytes]]
MIB = 1 << 20
LINE = b'192.0.2.7 - - [21/Nov/2026:13:00:00 +0000] "GET / HTTP/1.1" 200 5\n'

MEASURED = """
import json, resource, sys
from ingestion.fetch.blocks import blocks
from ingestion.fetch.budget import Budget
from ingestion.fetch.digest import Digest
from ingestion.fetch.expand import expand

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with expand([sys.argv[1]], budget=Budget(run_bytes=int(sys.argv[2]))) as expansion:
    [found] = expansion.inputs
    with found.open() as reader:
        digest, size, lines, oversize = Digest(), 0, 0, []
        for block in blocks(reader, digest=digest):
            size, lines = size + block.size, lines + block.lines
            oversize += [(block.first_line + line.row, line.length) for line in block.oversize]
        digest.finish()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"grown": peak - before, "size": size, "lines": lines, "oversize": oversize,
                          "hashed": digest.size, "notes": reader.notes}))
"""


def measured(path: Path, budget: int) -> dict[str, Any]:
    command = [sys.executable, "-c", MEASURED, str(path), str(budget)]
    run = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", data)
    return out.getvalue()


@pytest.mark.parametrize("codec", ["gzip", "bzip2", "xz", "zstd", "zip"])
def test_bomb_stops_at_the_budget(tmp_path: Path, pack: Packs, codec: str) -> None:
    text = (LINE * (4 * MIB // len(LINE) + 1))[: 4 * MIB - 1] + b"\n"
    bomb = zipped(pack["gzip"](text) * 64) if codec == "zip" else pack[codec](text) * 64
    (tmp_path / "bomb.log").write_bytes(bomb)
    result = measured(tmp_path / "bomb.log", 80_000_000)
    assert (result["size"], result["hashed"]) == (80_000_000, 80_000_000)
    assert result["lines"] == (text * 20)[:80_000_000].count(b"\n") + 1
    assert "budget_exceeded" in result["notes"]
    assert result["grown"] < 120_000, "KiB beside the interpreter"


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_one_line_of_300_megabytes(tmp_path: Path, pack: Packs, codec: str) -> None:
    first, part = LINE * 3 + b"x", bytes(20 * MIB)
    bomb = pack[codec](first) + pack[codec](part) * 15 + pack[codec](b"\n" + LINE)
    (tmp_path / "long.log").write_bytes(bomb)
    result = measured(tmp_path / "long.log", 1 << 40)
    assert result["oversize"] == [[4, 15 * 20 * MIB + 1]]
    assert result["lines"] == 5
    assert result["size"] == result["hashed"] == len(first) + 15 * len(part) + 1 + len(LINE)
    assert result["grown"] < 120_000


def test_one_plain_line_of_half_a_sparse_gigabyte(tmp_path: Path) -> None:
    with (tmp_path / "hole.log").open("wb") as file:
        file.write(LINE)
        file.seek(1 << 29)
        file.write(b"\n" + LINE)
    result = measured(tmp_path / "hole.log", 1 << 40)
    assert result["oversize"] == [[2, (1 << 29) - len(LINE)]]
    assert (result["lines"], result["size"]) == (3, (1 << 29) + 1 + len(LINE))
    assert result["grown"] < 120_000


def test_packed_bytes_that_inflate_to_nothing_are_under_the_budget(entry: Make, content: ReadAll) -> None:
    found = entry(zipped(gzip.compress(b"", mtime=0) * 500_000), "a.zip", Budget(input_bytes=MIB))
    got = content(found)
    assert (got.data, got.notes) == (b"", ("multi_member", "budget_exceeded"))


@pytest.mark.parametrize("codec", ["plain", "gzip", "zstd"])
def test_budget_of_an_input_and_of_the_run(tmp_path: Path, content: ReadAll, pack: Packs, codec: str) -> None:
    for name in ("a.log", "b.log", "c.log"):
        (tmp_path / name).write_bytes(pack[codec](LINE * 20_000))

    def run(**budget: int) -> list[Any]:
        return [content(found) for found in expand([tmp_path], budget=Budget(**budget)).inputs]

    whole = len(LINE) * 20_000
    assert [(len(got.data), got.notes) for got in run()] == [(whole, ())] * 3
    assert [(len(got.data), got.notes) for got in run(input_bytes=9999)] == [(9999, ("budget_exceeded",))] * 3
    shared = run(run_bytes=whole * 2)
    assert [(len(got.data), got.notes) for got in shared] == [(whole, ()), (whole, ()), (0, ("budget_exceeded",))]


def test_content_that_just_fits_is_not_flagged(entry: Make, content: ReadAll) -> None:
    assert content(entry(LINE, budget=Budget(input_bytes=len(LINE)))).notes == ()
    assert content(entry(LINE, budget=Budget(run_bytes=len(LINE)))).notes == ()


def test_reading_again_costs_nothing(entry: Make, content: ReadAll) -> None:
    found = entry(LINE * 100, budget=Budget(run_bytes=len(LINE) * 100))
    assert [content(found).notes for _ in range(3)] == [(), (), ()]


@pytest.mark.parametrize("codec", ["plain", "gzip"])
def test_time_of_the_run(tmp_path: Path, pack: Packs, codec: str) -> None:
    now = [0.0]
    (tmp_path / "a.log").write_bytes(pack[codec](LINE * 100_000))
    expansion: Expansion = expand([tmp_path], budget=Budget(seconds=10), clock=lambda: now[0])
    with expansion.inputs[0].open() as reader:
        first = reader.read(MIB)
        now[0] = 10.0
        assert reader.read(MIB) == b""
        assert reader.notes == ("budget_exceeded",)
        assert (LINE * 100_000).startswith(first)
        assert first
