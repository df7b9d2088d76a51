"""Readers in other processes beside one writer: each sees some committed state, never a mixture."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.selector import Selector
from stores.cases import Cases
from stores.lake import Lake
from tests.stores.filling import fill, lines_of

READER = """
import sys
from pathlib import Path
from core.selector import Selector
from stores.lake import Lake

print("ready", flush=True)
seen = 0
while True:
    with Lake.open(Path(sys.argv[1])) as lake:
        size = lake.accounting().lines
        lines = lake.line_numbers(Selector()).get(1, [])
        raws = [line.raw for line in lake.lines(lake.refs(Selector()))]
    assert size >= seen, (size, seen)
    assert lines == list(range(1, size + 1)), lines
    assert [raw.split()[0] for raw in raws if raw.count(b" ") == 4] == [b"%d" % n for n in range(1, size + 1)], raws
    seen = size
    if size == int(sys.argv[2]):
        break
print("done", seen)
"""


def content(lines: int) -> bytes:
    return b"\n".join(b"%d 10.0.0.%d GET /attack 200" % (line, line % 9) for line in range(1, lines + 1))


def reader(case_dir: Path, until: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", READER, str(case_dir), str(until)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def test_readers_see_only_committed_states(case_dir: Path) -> None:
    last = 24
    readers = [reader(case_dir, last) for _ in range(2)]
    for process in readers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for lines in range(1, last + 1):
        fill(case_dir, "a.log", content(lines))  # each time the unterminated last line is replaced
    for process in readers:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out, err) == (0, f"done {last}\n", "")


def test_a_tail_that_vanishes_while_a_reader_opens(case_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(case_dir, "a.log", content(3))
    (tail,) = (path for path in (case_dir / "segments").glob("000001-000000000003-*.events.parquet"))
    from stores import snapshot

    read = snapshot._read
    calls: list[int] = []

    def read_late(paths: list[Path], schema: object) -> object:
        if not calls:  # between the list and the file: another process replaces the tail and cleans up
            calls.append(1)
            fill(case_dir, "a.log", content(4))
            tail.unlink()
        return read(paths, schema)

    monkeypatch.setattr(snapshot, "_read", read_late)
    with Lake.open(case_dir) as lake:
        assert [line.raw for line in lake.lines(lake.refs(Selector()))] == lines_of(content(4))


def test_two_cases_are_written_side_by_side(cases: Cases) -> None:
    program = Path(__file__).with_name("filling.py")
    root = Path(__file__).parents[2]
    writers = []
    for name in ("a", "b"):
        case_dir = cases.create(name)
        (case_dir / "input").write_bytes(content(50))
        command = [sys.executable, str(program), str(case_dir), "x.log", str(case_dir / "input"), "7"]
        writers.append(subprocess.Popen(command, cwd=root, env={"PYTHONPATH": str(root)}))
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    for name in ("a", "b"):
        with Lake.open(cases.open(name)) as lake:
            assert lake.count(Selector()) == 50
