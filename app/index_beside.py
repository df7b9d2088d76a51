"""The index of a case made by a process of its own, so that no answer waits; run as a program, this is that process."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

from app.embedding import embedder_of, where_of
from app.indexing import index
from app.model_access import Access, access, settings_of_models
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
_current: set[tuple[Path, str, str]] = set()
_starting = Lock()


def is_current(case_dir: Path, state: str, rules: str, access: Access | None = None) -> bool:
    """Whether the index knows all lines of this state; an index that cannot be read is not current."""
    from core.errors import AkashiError
    from stores.index import open_index

    try:
        with closing(open_index(case_dir, embedder_of(case_dir, access), where_of(case_dir, access))) as found:
            return (found.stamp.get("lake"), found.stamp.get("rules")) == (state, rules)
    except AkashiError:
        return False


def keep_current(
    data_dir: Path,
    case_dir: Path,
    rules_dir: Path | None,
    state: str,
    rules: str,
    access: Access | None = None,
    values: Mapping[str, str] | None = None,
) -> Job | None:
    """The job that brings the index to this state, started once a state; None when none is needed or it has ended.

    `values` are the settings of models that `access` was made of. The process reads them from a pipe: no key stands in
    its arguments or its environment because of us.
    """
    with _starting:
        job = _jobs.get(case_dir)
        if job is not None and (job.running or job.state == state):
            return job if job.running else None
        if (case_dir, state, rules) in _current or is_current(case_dir, state, rules, access):
            if access is not None:  # a service would be asked over the network: once a state is enough
                _current.add((case_dir, state, rules))
            return None
        return _start(data_dir, case_dir, rules_dir, state, settings_of_models(values or {}))


def make_anew(
    data_dir: Path, case_dir: Path, rules_dir: Path | None, state: str, values: Mapping[str, str] | None = None
) -> Job:
    """The job that forgets the index and makes it with these settings; the one that is running, if there is one."""
    with _starting:
        job = _jobs.get(case_dir)
        if job is not None and job.running:
            return job
        return _start(data_dir, case_dir, rules_dir, state, settings_of_models(values or {}), rebuild=True)


def _start(
    data_dir: Path,
    case_dir: Path,
    rules_dir: Path | None,
    state: str,
    values: Mapping[str, str],
    *,
    rebuild: bool = False,
) -> Job:
    command = [sys.executable, "-m", "app.index_beside", str(data_dir), str(case_dir), str(rules_dir or "")]
    process = subprocess.Popen(  # noqa: S603 - our own module with paths we made
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with suppress(BrokenPipeError), process.stdin as pipe:  # one that has ended already says so by its end
        json.dump({"settings": dict(values), "rebuild": rebuild}, pipe)
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
    """`python -m app.index_beside DATA_DIR CASE_DIR [RULES_DIR] <JSON`: shares of the work done, a line each."""
    data_dir, case_dir, rules_dir = sys.argv[1:4]
    handed = json.loads(sys.stdin.read())

    def tell(stage: str, done: int, total: int) -> None:
        half = 0.5 if stage == "embedding" else 0.0
        sys.stdout.write(f"{half + 0.5 * done / max(total, 1):.3f}\n")
        sys.stdout.flush()

    index(
        Path(data_dir),
        Path(case_dir),
        engine(Path(rules_dir) if rules_dir else None),
        datetime.now(UTC),
        access=access(handed["settings"]),
        rebuild=handed["rebuild"],
        progress=lambda step: tell(step.stage, step.done, step.total),
    )


if __name__ == "__main__":
    main()
