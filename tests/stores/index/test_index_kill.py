"""Killed at any instant, a writer of an index leaves the state before or the state after, and the next one goes on."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import chromadb
import pytest

from stores.index import index_writer, open_index
from tests.killing import killed_at_step, steps_of
from tests.stores.index.toy import Toy, names, scattered

pytestmark = pytest.mark.kill

DIMENSIONS = 8
EMBEDDER = Toy(DIMENSIONS)
VECTORS = scattered(40, DIMENSIONS)
OLD, NEW = frozenset(names(20)), frozenset(names(40)[5:])
POINTS, MOMENTS = 40, 5
LOADED = chromadb.__version__
"""Loaded before the work is forked, so that its steps are those of the work."""

REBUILD = """
import sys
from pathlib import Path
import chromadb
from stores.index import shard
from tests.stores.index.test_index_kill import anew

shard.GRAPH_FROM = 2
print("ready", flush=True)
anew(Path(sys.argv[1]))
"""


def first(case_dir: Path) -> None:
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.add(names(20), [f"text{place}" for place in range(20)], VECTORS[:20])
        writer.commit({"lake": "old"})


def more(case_dir: Path) -> None:
    """Takes some out, puts some in."""
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.remove(names(5))
        writer.add(names(40)[20:], [f"text{place}" for place in range(20, 40)], VECTORS[20:])
        writer.commit({"lake": "new"})


def anew(case_dir: Path) -> None:
    """Everything from nothing."""
    with index_writer(case_dir, EMBEDDER, rebuild=True) as writer:
        writer.add(names(40)[5:], [f"text{place}" for place in range(5, 40)], VECTORS[5:])
        writer.commit({"lake": "new"})


def state(case_dir: Path) -> str:
    """The stamp of what readers see, which holds together."""
    reader = open_index(case_dir, EMBEDDER)
    try:
        stamp = reader.stamp.get("lake", "")
        assert reader.ids() == {"old": OLD, "new": NEW, "": frozenset()}[stamp]
        for one in reader.ids():
            place = int(one)
            assert reader.query(VECTORS[place], 1)[0].id == one
            assert reader.match(f"text{place}", 1)[0].id == one
        return stamp
    finally:
        reader.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A case with the old state, to be copied for each kill."""
    case_dir = tmp_path / "old"
    case_dir.mkdir()
    first(case_dir)
    return case_dir


@pytest.mark.parametrize("work", [more, anew])
def test_killed_at_every_stage(old: Path, tmp_path: Path, work: Callable[[Path], None]) -> None:
    count = steps_of(partial(work, Path(shutil.copytree(old, tmp_path / "first"))))
    seen = []
    for point in range(POINTS + 1):
        case_dir = Path(shutil.copytree(old, tmp_path / f"step-{point}"))
        killed_at_step(partial(work, case_dir), count * point // (POINTS - 1))
        seen.append(state(case_dir))
        if seen[-1] == "old":
            work(case_dir)
        assert state(case_dir) == "new"
        assert left_over(case_dir) == 0
    assert set(seen) == {"old", "new"}


def test_killed_while_the_first_index_is_made(tmp_path: Path) -> None:
    case_dir = tmp_path / "case"
    case_dir.mkdir()
    count = steps_of(partial(first, Path(shutil.copytree(case_dir, tmp_path / "first"))))
    seen = set()
    for point in range(POINTS // 2 + 1):
        killed = Path(shutil.copytree(case_dir, tmp_path / f"step-{point}"))
        killed_at_step(partial(first, killed), count * point * 2 // (POINTS - 2))
        seen.add(state(killed))
        if state(killed) == "":
            first(killed)
        assert state(killed) == "old"
    assert seen == {"", "old"}


def test_killed_after_any_time_while_a_graph_is_written(old: Path, tmp_path: Path) -> None:
    """In processes of their own: Chroma's threads do not survive a fork."""
    takes, seen = rebuilt(Path(shutil.copytree(old, tmp_path / "whole")), None), []
    for moment in range(MOMENTS):
        case_dir = Path(shutil.copytree(old, tmp_path / f"moment-{moment}"))
        rebuilt(case_dir, takes * moment / MOMENTS)
        seen.append(state(case_dir))
        if seen[-1] == "old":
            anew(case_dir)
        assert state(case_dir) == "new"
        assert left_over(case_dir) == 0
    assert "old" in seen


def rebuilt(case_dir: Path, killed_after: float | None) -> float:
    """Seconds that a process of its own worked at a new index before it ended, or was killed."""
    command = [sys.executable, "-c", REBUILD, str(case_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        started = time.perf_counter()
        if killed_after is not None:
            time.sleep(killed_after)
            process.kill()
        process.wait()
        return time.perf_counter() - started


def left_over(case_dir: Path) -> int:
    """Folders that no manifest names, after one more writer has been there."""
    with index_writer(case_dir, EMBEDDER) as writer:
        writer.commit({"lake": "new"})
        named = {row.name for row in writer.shards()}
    (folder,) = (path for path in (case_dir / "index").iterdir() if path.is_dir())
    return len([path for path in folder.iterdir() if path.is_dir() and path.name not in named])
