"""A disk that refuses: a clear code, nothing half-written, and the earlier state stays."""

import contextlib
import errno
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import StorageError
from core.selector import Selector
from stores.cases import Cases
from stores.disk import disk_faults
from stores.lake import Lake
from stores.writer import CaseWriter
from tests.stores.filling import fill, source_of, stage

SMALL = b"1 10.0.0.1 GET /a 200\n"
NOISE = b"".join(b"2 10.0.0.2 GET /%s 200\n" % os.urandom(30).hex().encode() for _ in range(9000))


def in_child(work: Callable[[], None]) -> int:
    process = os.fork()
    if process == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def held(case_dir: Path) -> tuple[int, list[str]]:
    with Lake.open(case_dir) as lake:
        assert lake.count(Selector()) == lake.accounting().lines
        return lake.accounting().lines, sorted(path.name for path in (case_dir / "staging").iterdir())


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_file_that_may_not_grow(case_dir: Path) -> None:
    fill(case_dir, "a.log", SMALL)

    def write() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        with pytest.raises(StorageError, match="disk_full"):
            fill(case_dir, "a.log", SMALL + NOISE, per_segment=9000)
        assert held(case_dir) == (1, [])

    assert in_child(write) == 0
    assert held(case_dir) == (1, [])
    fill(case_dir, "a.log", SMALL + NOISE, per_segment=9000)
    assert held(case_dir) == (9001, [])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 600 KB; where mounting is not allowed, a quota of the same size on files."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here; the limit on file size above covers the same path")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    case_dir = Cases(small_disk).create("a")
    fill(case_dir, "a.log", SMALL)
    with pytest.raises(StorageError) as refusal:
        fill(case_dir, "a.log", SMALL + NOISE, per_segment=1000)
    assert (refusal.value.code, refusal.value.facts["reason"]) == ("disk_full", "ENOSPC")
    with CaseWriter.open(case_dir):
        assert held(case_dir) == (1, [])
    fill(case_dir, "a.log", SMALL + NOISE[:5000])
    assert held(case_dir)[0] > 1


def fill_up(ballast: Path) -> None:
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_disk_that_fills_up_before_the_registry_is_written(small_disk: Path) -> None:
    case_dir = Cases(small_disk).create("a")
    fill(case_dir, "a.log", SMALL)
    grown = SMALL + NOISE[:5000]
    with CaseWriter.open(case_dir) as writer:
        rows = list(stage(writer.staging, 1, grown, *writer.resume_point(1), 9000))
        source = source_of(1, "a.log", grown, writer.sources()[0].id)
        fill_up(small_disk / "ballast")
        with pytest.raises(StorageError) as refusal:
            writer.commit(source, rows)
        assert refusal.value.code == "disk_full"
        assert list(writer.staging.iterdir()) == []
    (small_disk / "ballast").unlink()
    assert held(case_dir) == (1, [])
    fill(case_dir, "a.log", grown)
    assert held(case_dir)[0] > 1


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EFBIG, "disk_full"),
        (errno.EIO, "write_failed"),
        (errno.EROFS, "write_failed"),
        (errno.EACCES, "write_failed"),
    ],
)
def test_codes(tmp_path: Path, number: int, code: str) -> None:
    with pytest.raises(StorageError) as refusal, disk_faults(tmp_path):
        raise OSError(number, os.strerror(number))
    assert (refusal.value.code, refusal.value.facts["reason"]) == (code, errno.errorcode[number])
