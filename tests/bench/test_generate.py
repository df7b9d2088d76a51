"""The generated logs: the same bytes from the same seed, labelled, and with every oddity in them."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from bench.generate import generate
from core.taxonomy import AttackType

LINES = 30_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated log with its labels beside it."""
    file = tmp_path_factory.mktemp("bench") / "access.log"
    generate(LINES, file)
    return file


def labels(log: Path) -> dict[int, AttackType]:
    """Line number → type."""
    rows = (row.split("\t") for row in log.with_name("access.log.labels").read_text().split("\n") if row)
    return {int(number): AttackType(kind) for number, kind in rows}


def test_same_seed_same_bytes(log: Path, tmp_path: Path) -> None:
    generate(LINES, tmp_path / "again.log")
    generate(LINES, tmp_path / "other.log", seed=8)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (log, *sorted(tmp_path.glob("*.log")))]
    assert digests[0] == digests[1] != digests[2]


def test_has_as_many_lines_as_asked_for(log: Path) -> None:
    assert log.read_bytes().count(b"\n") == LINES


def test_about_one_percent_are_attacks_of_several_types(log: Path) -> None:
    counts = Counter(labels(log).values())
    assert 0.004 < counts.total() / LINES < 0.025
    assert len(counts) >= 5


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        (AttackType.BRUTE_FORCE, b"POST /wp-login.php"),
        (AttackType.PATH_TRAVERSAL, b""),
        (AttackType.VULNERABILITY_SCAN, b"404"),
    ],
)
def test_labels_point_at_the_line(log: Path, kind: AttackType, mark: bytes) -> None:
    lines = log.read_bytes().split(b"\n")
    own = [lines[number - 1] for number, label in labels(log).items() if label == kind]
    assert own
    assert all(mark in line for line in own)


@pytest.mark.parametrize(
    "oddity",
    [
        b"\\x16\\x03\\x01",
        b'"" 400 0',
        b"[error] 29#29",
        b"\n\n",
        "jörg".encode(),
        b"PRI * HTTP/2.0",
        b"2001:db8:",
        b"%252f",
    ],
)
def test_odd_lines_are_in_it(log: Path, oddity: bytes) -> None:
    assert oddity in log.read_bytes()
