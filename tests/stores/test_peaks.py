"""The busiest stretch of each address, however its lines are spread over segments, sources and tails."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from core.event import IP, TIME
from stores.behaviour import PEAK_LINES
from stores.cases import SEGMENTS, Cases
from stores.peaks import peaks_of
from stores.snapshot import load
from tests.stores.filling import fill

MINUTE = timedelta(minutes=1)


def line(second: int, ip: str) -> bytes:
    return b"%d %s GET / 200" % (second, ip.encode())


def stored(case_dir: Path, lines: int) -> dict[str, int]:
    relation = load(case_dir / SEGMENTS)
    try:
        found = peaks_of(relation.folder, relation.segments, relation.tails((IP, TIME)), lines, MINUTE)
    finally:
        relation.engine.close()
    assert isinstance(found, pa.Table)
    return dict(zip(found.column("key").to_pylist(), found.column("at_most").to_pylist(), strict=True))


def expected(entries: list[tuple[int, str]], lines: int) -> dict[str, int]:
    counts = Counter((ip, second // 60) for second, ip in entries if ip != "-")
    most: dict[str, int] = {}
    for (ip, _), count in counts.items():
        most[ip] = max(most.get(ip, 0), count)
    return {ip: count for ip, count in most.items() if count >= lines}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lines", [1, 4, 9, PEAK_LINES // 2])
def test_every_address_of_a_plain_count_is_found(tmp_path: Path, seed: int, lines: int) -> None:
    chance = random.Random(seed)
    case_dir = Cases(tmp_path).create("a")
    entries = []
    for source in range(3):
        ips = chance.choices(["10.0.0.1", "10.0.0.2", "2001:db8::1", "-"], [5, 1, 1, 1], k=300)
        own = [(chance.randrange(600), ip) for ip in ips]
        if source:
            own.sort()
        entries += own
        content = b"\n".join(line(*entry) for entry in own) + b"\n" * (source != 1)
        fill(case_dir, f"{source}.log", content, chance.choice([7, 50, 1000]))
    found, true = stored(case_dir, lines), expected(entries, lines)
    assert set(true) <= set(found) <= set(expected(entries, 1))
    assert all(found[ip] >= most for ip, most in true.items())


def test_who_is_nowhere_near_is_left_out(tmp_path: Path) -> None:
    case_dir = Cases(tmp_path).create("a")
    entries = [(second // 4, "10.0.0.1" if second % 40 else "10.0.0.2") for second in range(1200)]
    fill(case_dir, "a.log", b"".join(line(*entry) + b"\n" for entry in entries), 100)
    assert set(stored(case_dir, 200)) == {"10.0.0.1"}


def test_a_case_without_lines_has_no_peaks(tmp_path: Path) -> None:
    assert stored(Cases(tmp_path).create("a"), 1) == {}
