"""Killed at any instant, a writer leaves the state before or the state after; running it again completes it."""

import ctypes
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from core.selector import Selector
from stores.cases import Cases
from stores.lake import Lake
from stores.writer import CaseWriter
from tests.stores.filling import fill, lines_of

pytestmark = [
    pytest.mark.kill,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

OLD = b"".join(b"%d 10.0.0.%d GET /attack/%d 200\n" % (i, i % 5, i) for i in range(10)) + b"11 10.0.0.1 GET /half"
NEW = OLD + b"/done 200\n" + b"".join(b"%d 10.0.0.9 GET /attack/%d 404\n" % (i, i) for i in range(12, 20)) + b"20 - GET"
POINTS, LAST, MOMENTS = 64, 6, 6
TRACE_ME, RUN_TO_SYSTEM_CALL = 0, 24  # requests of ptrace(2)
LIBC = ctypes.CDLL(None)
LIBC.ptrace.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def child(work: Callable[[], object]) -> int:
    """Runs the work in a forked process, so that a warm start costs nothing."""
    process = os.fork()
    if process == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return process


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


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


def killed_at_step(work: Callable[[], object], step: int) -> bool:
    """Kills the work at its n-th entry or exit of a system call; False when it has fewer."""
    process = child(partial(_traced, work))
    os.waitpid(process, 0)
    for _ in range(step):
        assert LIBC.ptrace(RUN_TO_SYSTEM_CALL, process, None, None) == 0
        _, status = os.waitpid(process, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return False
    os.kill(process, signal.SIGKILL)
    return ended(process) == -signal.SIGKILL


def _traced(work: Callable[[], object]) -> None:
    assert LIBC.ptrace(TRACE_ME, 0, None, None) == 0
    os.kill(os.getpid(), signal.SIGSTOP)
    work()


def steps_of(work: Callable[[], object]) -> int:
    """How many entries and exits of system calls the work has."""
    process = child(partial(_traced, work))
    os.waitpid(process, 0)
    steps = 0
    while True:
        LIBC.ptrace(RUN_TO_SYSTEM_CALL, process, None, None)
        if os.WIFEXITED(os.waitpid(process, 0)[1]):
            return steps
        steps += 1


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data folder whose case holds the old content, to be copied for each kill."""
    fill(Cases(tmp_path / "old").create("a"), "a.log", OLD)
    return tmp_path / "old"


def copy_of(old: Path, place: Path) -> Path:
    return Path(shutil.copytree(old, place)) / "a"


def test_killed_at_every_stage(old: Path, tmp_path: Path) -> None:
    first = copy_of(old, tmp_path / "first")
    steps = steps_of(lambda: fill(first, "a.log", NEW, 20))
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
        process = child(partial(fill, case_dir, "a.log", NEW, 20))
        time.sleep(chance.uniform(0, 0.08))
        os.kill(process, signal.SIGKILL)
        ended(process)
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
