"""Killed at any instant, a writer leaves the state before or the state after; running it again completes it."""

import random
import shutil
from functools import partial
from pathlib import Path

import pytest

from core.selector import Selector
from stores.cases import Cases
from stores.lake import Lake
from stores.writer import CaseWriter
from tests.killing import killed_after, killed_at_step, steps_of
from tests.stores.filling import fill, lines_of

pytestmark = pytest.mark.kill

OLD = b"".join(b"%d 10.0.0.%d GET /attack/%d 200\n" % (i, i % 5, i) for i in range(10)) + b"11 10.0.0.1 GET /half"
NEW = OLD + b"/done 200\n" + b"".join(b"%d 10.0.0.9 GET /attack/%d 404\n" % (i, i) for i in range(12, 20)) + b"20 - GET"
POINTS, LAST, MOMENTS = 64, 6, 6


def state(case_dir: Path) -> list[bytes]:
    """Raw lines of the case, read as any reader reads them."""
    with Lake.open(case_dir) as lake:
        assert lake.count(Selector()) == lake.accounting().lines
        return [line.raw for line in sorted(lake.lines(lake.refs(Selector())), key=lambda line: line.ref)]


def check(case_dir: Path) -> bool:
    """Whether the commit had happened; afterwards a second run leaves exactly the complete lines and no other file."""
    found = state(case_dir)
    assert found in (lines_of(OLD), lines_of(NEW))
    with CaseWriter.open(case_dir) as writer:
        assert b"".join(writer.content(1)) == (NEW if len(found) == len(lines_of(NEW)) else OLD)
    if found == lines_of(OLD):
        fill(case_dir, "a.log", NEW)
    assert state(case_dir) == lines_of(NEW)
    assert list((case_dir / "staging").iterdir()) == []
    return found == lines_of(NEW)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data folder whose case holds the old content, to be copied for each kill."""
    fill(Cases(tmp_path / "old").create("a"), "a.log", OLD)
    return tmp_path / "old"


def copy_of(old: Path, place: Path) -> Path:
    return Path(shutil.copytree(old, place)) / "a"


def test_killed_at_every_stage(old: Path, tmp_path: Path) -> None:
    first = copy_of(old, tmp_path / "first")
    steps = steps_of(partial(fill, first, "a.log", NEW, 20))
    outcomes: list[bool] = []
    kills = 0
    for step in [steps * place // POINTS for place in range(POINTS)] + list(range(steps - LAST, steps)):
        case_dir = copy_of(old, tmp_path / f"step-{len(outcomes)}")
        kills += killed_at_step(partial(fill, case_dir, "a.log", NEW, 20), step)
        outcomes.append(check(case_dir))
    assert kills >= 50  # how often a thread waits differs from run to run, so the last points may lie behind the end
    assert set(outcomes) == {False, True}


def test_killed_after_any_time(old: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    for place in range(MOMENTS):
        case_dir = copy_of(old, tmp_path / f"moment-{place}")
        killed_after(partial(fill, case_dir, "a.log", NEW, 20), chance.uniform(0, 0.08))
        check(case_dir)


def test_killed_while_a_case_is_made_or_deleted(old: Path, tmp_path: Path) -> None:
    for place in range(MOMENTS):
        root = tmp_path / f"root-{place}"
        assert killed_at_step(partial(Cases(root).create, "b"), 12 * place) in (True, False)
        fill(Cases(root).create("b"), "a.log", OLD)
        assert state(root / "b") == lines_of(OLD)
        killed_at_step(partial(Cases(root).delete, "b"), 8 * place)
        names = Cases(root).names()
        assert names in ((), ("b",))
        if names:
            assert state(root / "b") == lines_of(OLD)
        Cases(root).create("c")
        for name in Cases(root).names():
            Cases(root).delete(name)
        assert list(root.iterdir()) == []
