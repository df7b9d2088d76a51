"""The index of a case made by a process of its own, so that no answer waits; run as a program, this is that process."""

import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

from app.indexing import index
from app.reading import engine

ROOT = Path(__file__).resolve().parents[1]


@dataclass(slots=True)
class Job:
    """A running process and how far it is (0 to 1); `state` is that of the case it was started for."""

    process: "subprocess.Popen[str]"
    state: str
    share: float = 0.0
    follower: Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self.process.poll() is None


_jobs: dict[Path, Job] = {}
_starting = Lock()


def is_current(case_dir: Path, state: str, rules: str) -> bool:
    """Whether the index knows all lines of this state; an index that cannot be read is not current."""
    from core.errors import AkashiError
    from stores.embedding import BuiltIn
    from stores.index import open_index

    try:
        with closing(open_index(case_dir, BuiltIn())) as found:
            return (found.stamp.get("lake"), found.stamp.get("rules")) == (state, rules)
    except AkashiError:
        return False


def keep_current(data_dir: Path, case_dir: Path, rules_dir: Path | None, state: str, rules: str) -> Job | None:
    """The job that brings the index to this state, started once a state; None when none is needed or it has ended."""
    with _starting:
        job = _jobs.get(case_dir)
        if job is not None and (job.running or job.state == state):
            return job if job.running else None
        if is_current(case_dir, state, rules):
            return None
        command = [sys.executable, "-m", "app.index_beside", str(data_dir), str(case_dir), str(rules_dir or "")]
        process = subprocess.Popen(  # noqa: S603 - our own module with paths we made
            command, cwd=ROOT, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        job = _jobs[case_dir] = Job(process, state)
        job.follower = Thread(target=_follow, args=(job,), daemon=True)
        job.follower.start()
        return job


def stop(case_dir: Path) -> None:
    """Ends the job of a case that is about to go."""
    job = _jobs.pop(case_dir, None)
    if job is not None:
        job.process.kill()
        if job.follower is not None:
            job.follower.join()


def _follow(job: Job) -> None:
    """Reads how far the process is until it ends; its words are numbers of ours."""
    with job.process:
        for line in job.process.stdout or ():
            job.share = float(line)


def main() -> None:
    """`python -m app.index_beside DATA_DIR CASE_DIR [RULES_DIR]`: shares of the work done, a line each, on stdout."""
    data_dir, case_dir, rules_dir = sys.argv[1:4]

    def tell(stage: str, done: int, total: int) -> None:
        half = 0.5 if stage == "embedding" else 0.0
        sys.stdout.write(f"{half + 0.5 * done / max(total, 1):.3f}\n")
        sys.stdout.flush()

    index(
        Path(data_dir),
        Path(case_dir),
        engine(Path(rules_dir) if rules_dir else None),
        datetime.now(UTC),
        progress=lambda step: tell(step.stage, step.done, step.total),
    )


if __name__ == "__main__":
    main()
