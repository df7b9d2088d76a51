"""Readers, in this process and in others, see one committed state after the other, and what nobody reads goes away."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stores.index import index_writer, open_index, shard
from stores.index.merging import MOST_SHARDS
from stores.index.shard import Shard, ShardRow, write_shard
from tests.stores.index.toy import Toy, crowded, names, scattered, unit

DIMENSIONS = 8
EMBEDDER = Toy(DIMENSIONS)

READER = """
import sys
from pathlib import Path
from stores.index import open_index, shard
from tests.stores.index.toy import Toy, names, scattered

shard.GRAPH_FROM, shard.CLOSE = 40, -2
rows, ids = scattered(400, 8), names(400)
index = open_index(Path(sys.argv[1]), Toy(8))
print("ready", flush=True)
seen = asked = 0
while seen < int(sys.argv[2]):
    if asked % 5 == 4:  # sometimes as a new reader
        index.close()
        index = open_index(Path(sys.argv[1]), Toy(8))
    found = sorted(index.ids())
    assert found == ids[: len(found)], found
    assert len(found) >= seen, (len(found), seen)
    assert len(found) % 10 == 0, len(found)
    seen, asked = len(found), asked + 1
    for place in range(0, seen, 7):
        assert index.query(rows[place], 1)[0].id == ids[place], place
        assert index.match(f"text{place}", 1)[0].id == ids[place], place
print("done", seen)
"""


def add(case_dir: Path, start: int, count: int, *, rebuild: bool = False) -> None:
    ids, rows = names(400)[start : start + count], scattered(400, DIMENSIONS)[start : start + count]
    with index_writer(case_dir, EMBEDDER, rebuild=rebuild) as writer:
        writer.add(ids, [f"text{start + place}" for place in range(count)], rows)
        writer.commit({"lake": str(start + count)})


def folders(case_dir: Path) -> int:
    """How many shards lie in how many manifests' folders."""
    return len([path for path in (case_dir / "index").glob("*/*") if path.is_dir()])


def test_two_processes_read_while_one_writes(case_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard, "GRAPH_FROM", 40)
    last = 100
    command = [sys.executable, "-c", READER, str(case_dir), str(last)]
    root = Path(__file__).parents[3]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root) for _ in range(2)
    ]
    for process in readers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for start in range(0, last, 10):
        add(case_dir, start, 10)
        if start == last // 2:  # a rebuild swaps all at once
            add(case_dir, 0, start + 10, rebuild=True)
    for process in readers:
        out, err = process.communicate(timeout=200)
        assert (process.returncode, out, err) == (0, f"done {last}\n", "")
    add(case_dir, last, 10)
    assert folders(case_dir) <= MOST_SHARDS


def test_a_reader_follows_commits_and_rebuilds(case_dir: Path) -> None:
    reader = open_index(case_dir, EMBEDDER)
    seen = [reader.count()]
    for start in range(0, 40, 10):
        add(case_dir, start, 10)
        seen.append(reader.count())
    add(case_dir, 0, 5, rebuild=True)
    seen.append(reader.count())
    assert seen == [0, 10, 20, 30, 40, 5]
    assert reader.stamp == {"lake": "5"}
    reader.close()


def test_what_was_not_committed_is_forgotten(case_dir: Path) -> None:
    add(case_dir, 0, 10)
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.add(["x"], ["x"], scattered(1, DIMENSIONS))
        writer.remove(names(5))
        assert len(writer.ids()) == 6
    with index_writer(case_dir, EMBEDDER, rebuild=True) as writer:
        writer.add(["y"], ["y"], scattered(1, DIMENSIONS))
    assert open_index(case_dir, EMBEDDER).ids() == frozenset(names(10))
    add(case_dir, 10, 10)
    assert folders(case_dir) == 2
    assert len([path for path in (case_dir / "index").iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("rows", [160, pytest.param(400, marks=pytest.mark.slow)])
def test_many_small_shards_become_few(case_dir: Path, rows: int) -> None:
    """Twice as many commits as there may be shards, and five times as many."""
    for start in range(0, rows, 10):
        add(case_dir, start, 10)
    assert folders(case_dir) <= MOST_SHARDS + 1
    reader = open_index(case_dir, EMBEDDER)
    assert [reader.query(row, 1)[0].id for row in scattered(400, DIMENSIONS)[:rows]] == names(rows)


def test_rows_that_nobody_names_go_away(case_dir: Path) -> None:
    add(case_dir, 0, 400)
    before = max(path.stat().st_size for path in (case_dir / "index").rglob("vectors.npy"))
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.remove(names(400)[:200])
        writer.commit({})
    (after,) = (path.stat().st_size for path in (case_dir / "index").rglob("vectors.npy"))
    assert after < before * 0.6
    reader = open_index(case_dir, EMBEDDER)
    assert [reader.query(row, 1)[0].id for row in scattered(400, DIMENSIONS)[200:]] == names(400)[200:]


def test_a_folder_that_is_read_stays_until_nobody_reads_it(case_dir: Path) -> None:
    add(case_dir, 0, 10)
    (folder,) = (path for path in (case_dir / "index").iterdir() if path.is_dir())
    reader = open_index(case_dir, EMBEDDER)
    add(case_dir, 0, 20, rebuild=True)
    assert folder.exists()
    assert reader.count() == 20  # the reader moves on and lets go
    add(case_dir, 20, 10)
    assert not folder.exists()
    reader.close()


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShardRow:
    monkeypatch.setattr(shard, "GRAPH_FROM", 2)
    monkeypatch.setattr(shard, "CLOSE", -2)
    return write_shard(tmp_path / "shard", scattered(600, DIMENSIONS))


def test_graphs_leave_no_threads_and_no_files_open(large: ShardRow, tmp_path: Path) -> None:
    def used() -> tuple[int, int]:
        threads = len(list(Path("/proc/self/task").iterdir()))
        return threads, len(list(Path("/proc/self/fd").iterdir()))

    def ask() -> None:
        opened = Shard(tmp_path / "shard", large)
        assert opened.near(scattered(1, DIMENSIONS)[0], 1) is not None
        opened.close()

    ask()
    threads, files = used()
    for _ in range(20):
        ask()
    after = used()
    assert after[0] < threads + 10  # one that stays behind stays twenty times; others of the process come and go
    assert after[1] < files + 10


def test_two_readers_in_one_process_share_nothing_that_closes(large: ShardRow, tmp_path: Path) -> None:
    """Chroma keeps one client per folder and process."""
    row = scattered(1, DIMENSIONS)[0]
    first, second = Shard(tmp_path / "shard", large), Shard(tmp_path / "shard", large)
    expected = first.near(row, 1)
    assert expected is not None
    first.close()
    again = second.near(row, 1)
    assert again is not None
    assert again.tolist() == expected.tolist()
    second.close()


def test_a_question_far_from_everything_misses_nothing(case_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows far from a large crowd, and questions only a little like them: the graph alone misses them."""
    monkeypatch.setattr(shard, "GRAPH_FROM", 2)
    embedder = Toy(48)
    rare = unit(scattered(5, 48, seed=8) + 2 * np.eye(48, dtype=np.float32)[:1])
    rows = np.concatenate([crowded(4000, 48), rare])
    with index_writer(case_dir, embedder) as writer:
        writer.add(names(4005), names(4005), rows)
        writer.commit({})
    reader = open_index(case_dir, embedder)
    for question in scattered(40, 48, seed=9):
        exact = reader.query(question, 10, names(4005))
        assert reader.query(question, 10) == exact
