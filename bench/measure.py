"""Run a command as a whole process and say what it cost: wall time, CPU time and peak memory of its process tree."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.1  # seconds between two looks at the process tree: more would take a core from what is measured
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """One run. `wall` and `cpu` in seconds; `peak` in bytes.

    `cpu` is user + system time of the process and all it waited for. `peak` is the larger of the kernel's own
    high-water mark of the process (`ru_maxrss`) and the largest sum of resident sets over the process tree, looked at
    ten times a second; pages shared by two processes count twice, so it errs upwards. A high-water mark that is no
    larger than this process is left out: a child inherits it.
    """

    wall: float
    cpu: float
    peak: int
    output: bytes


class CommandFailedError(Exception):
    """A measured command ended with an error, so its time means nothing."""


def descendants(pid: int) -> Iterator[int]:
    """A process and everything it started; gone processes are left out."""
    yield pid
    try:
        listings = [task.joinpath("children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return
    for child in " ".join(listings).split():
        yield from descendants(int(child))


def resident(pid: int) -> int:
    """Resident set of one process in bytes; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def watch(pid: int, done: threading.Event, peak: list[int]) -> None:
    """Keep the largest sum of resident sets in `peak[0]` until `done`."""
    while True:
        peak[0] = max(peak[0], sum(map(resident, descendants(pid))))
        if done.wait(INTERVAL):
            return


def run(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run `command` to its end. Raises CommandFailedError with the end of what it said on standard error."""
    done, peak = threading.Event(), [0]
    inherited = resident(os.getpid())
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        start = time.perf_counter()
        watcher = threading.Thread(target=watch, args=(process.pid, done, peak))
        complaints = threading.Thread(target=lambda: errors.append(process.stderr.read() if process.stderr else b""))
        errors: list[bytes] = []
        watcher.start()
        complaints.start()
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        done.set()
        watcher.join()
        complaints.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        message = b"".join(errors)[-2000:].decode(errors="replace")
        raise CommandFailedError(f"{' '.join(command)}: exit code {process.returncode}\n{message}")
    own = usage.ru_maxrss * 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(peak[0], own if own > inherited * 1.1 else 0), output)
