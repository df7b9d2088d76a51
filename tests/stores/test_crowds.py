"""Lines with many of their address around them, however they are spread over segments, sources and tails."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from core.key import split_keys
from stores.cases import SEGMENTS, Cases
from stores.crowds import crowded
from stores.snapshot import load
from tests.stores.filling import fill

MINUTE = timedelta(minutes=1)
Entry = tuple[int, str]


def line(second: int, ip: str) -> bytes:
    return b"%d %s GET / 200" % (second, ip.encode())


def found_in(case_dir: Path, lines: int) -> set[tuple[int, int]]:
    relation = load(case_dir / SEGMENTS)
    try:
        sources, numbers = split_keys(crowded(relation, lines, MINUTE))
    finally:
        relation.engine.close()
    return set(zip(sources.tolist(), numbers.tolist(), strict=True))


def crowded_plainly(logs: list[list[Entry]], lines: int) -> set[tuple[int, int]]:
    """Every line that lies in some minute (of any beginning) with so many lines of its address."""
    found = set()
    placed = [(s, ip, (source, n)) for source, log in enumerate(logs, 1) for n, (s, ip) in enumerate(log, 1)]
    for address in {ip for _, ip, _ in placed} - {"-"}:
        own = sorted((second, place) for second, ip, place in placed if ip == address)
        for begin, _ in own:
            inside = [place for second, place in own if begin <= second < begin + 60]
            if len(inside) >= lines:
                found.update(inside)
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lines", [1, 5, 12, 60])
def test_every_crowded_line_is_found(tmp_path: Path, seed: int, lines: int) -> None:
    chance = random.Random(seed)
    case_dir = Cases(tmp_path).create("a")
    logs: list[list[Entry]] = []
    for source in range(3):
        ips = chance.choices(["10.0.0.1", "10.0.0.2", "2001:db8::1", "-"], [5, 1, 1, 1], k=300)
        own = [(chance.randrange(600), ip) for ip in ips]
        logs.append(sorted(own) if source else own)
        content = b"\n".join(line(*entry) for entry in logs[-1]) + b"\n" * (source != 1)
        fill(case_dir, f"{source}.log", content, chance.choice([7, 50, 1000]))
    assert crowded_plainly(logs, lines) <= found_in(case_dir, lines)


def test_who_is_nowhere_near_is_left_out(tmp_path: Path) -> None:
    case_dir = Cases(tmp_path).create("a")
    entries = [(second // 4, "10.0.0.1" if 480 <= second < 720 else f"10.0.1.{second % 9}") for second in range(1200)]
    fill(case_dir, "a.log", b"".join(line(*entry) + b"\n" for entry in entries), 100)
    assert found_in(case_dir, 200) == {(1, number) for number in range(481, 721)}


def test_a_case_without_lines_has_no_crowd(tmp_path: Path) -> None:
    assert found_in(Cases(tmp_path).create("a"), 1) == set()
