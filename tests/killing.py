"""Work killed at an exact step or after some time, in processes forked from one that has no thread but its own."""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

TRACE_ME, RUN_TO_SYSTEM_CALL = 0, 24  # requests of ptrace(2)
PATIENCE = 120
"""Seconds until work counts as stuck."""

Work = Callable[[], object]
"""Must be picklable: a function of a module, or a `partial` of one."""


def steps_of(work: Work) -> int:
    """How many entries and exits of system calls the work has."""
    return _launcher().submit(_steps_of, work).result(PATIENCE)


def killed_at_step(work: Work, step: int) -> bool:
    """Kills the work at its n-th entry or exit of a system call; False when it has fewer."""
    return _launcher().submit(_killed_at_step, work, step).result(PATIENCE)


def killed_after(work: Work, seconds: float) -> None:
    """Kills the work after some time, unless it has ended by then."""
    _launcher().submit(_killed_after, work, seconds).result(PATIENCE)


@cache
def _launcher() -> ProcessPoolExecutor:
    """A fresh interpreter: what runs in the tests' own has threads (of databases, of Chroma) that no fork survives."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _forked(work: Work) -> int:
    process = os.fork()
    if process == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return process


def _traced(work: Work) -> int:
    """A process that waits before the first step of its work."""

    def begin() -> None:
        assert _libc().ptrace(TRACE_ME, 0, None, None) == 0
        os.kill(os.getpid(), signal.SIGSTOP)
        work()

    process = _forked(begin)
    os.waitpid(process, 0)
    return process


def _steps_of(work: Work) -> int:
    process, steps = _traced(work), 0
    while True:
        _libc().ptrace(RUN_TO_SYSTEM_CALL, process, None, None)
        if os.WIFEXITED(os.waitpid(process, 0)[1]):
            return steps
        steps += 1


def _killed_at_step(work: Work, step: int) -> bool:
    process = _traced(work)
    for _ in range(step):
        assert _libc().ptrace(RUN_TO_SYSTEM_CALL, process, None, None) == 0
        _, status = os.waitpid(process, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return False
    os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL


def _killed_after(work: Work, seconds: float) -> None:
    process = _forked(work)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


@cache
def _libc() -> ctypes.CDLL:
    library = ctypes.CDLL(None)
    library.ptrace.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    return library
