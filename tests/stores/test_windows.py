"""Behaviour in time: tables of lines in, numbers of the qualifying lines out; and a slow twin that must agree."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.selector import Selector
from core.source import Source
from stores.cases import Cases
from stores.crowd import Crowd
from stores.lake import Lake
from stores.windows import bursts, members, sequence, sessions, stretches, variety, weigh
from tests.effort import examples
from tests.stores.filling import fill

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 3)), max_size=30).map(sorted)
SMALL = st.integers(1, 8)


def arrays(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


@settings(max_examples=examples(300), deadline=None)
@given(ROWS, SMALL, SMALL)
def test_bursts_are_all_lines_of_any_full_window(rows: list[tuple[int, int, int]], width: int, lines: int) -> None:
    expected = [
        any(
            sum(other == key and start <= moment < start + width for other, moment, _ in rows) >= lines
            for start in range(time - width + 1, time + 1)
        )
        for key, time, _ in rows
    ]
    keys, times, _ = arrays(rows)
    assert bursts(keys, times, width, lines).tolist() == expected


@settings(max_examples=examples(300), deadline=None)
@given(ROWS, SMALL, SMALL, st.integers(0, 3))
def test_sessions_are_runs_without_a_long_pause(
    rows: list[tuple[int, int, int]], gap: int, lines: int, distinct: int
) -> None:
    runs: list[list[tuple[int, int, int]]] = []
    for row in rows:
        if runs and runs[-1][-1][0] == row[0] and row[1] - runs[-1][-1][1] <= gap:
            runs[-1].append(row)
        else:
            runs.append([row])
    expected = [
        len(run) >= lines and (not distinct or len({path for _, _, path in run}) >= distinct)
        for run in runs
        for _ in run
    ]
    keys, times, paths = arrays(rows)
    groups, all_of = sessions(keys, times, gap), np.ones(len(rows), dtype=np.bool_)
    enough = weigh(groups, np.ones_like(groups), all_of) >= lines
    enough &= variety(groups, paths, all_of) >= distinct
    assert members(groups, enough).tolist() == expected


@settings(max_examples=examples(300), deadline=None)
@given(ROWS, SMALL, SMALL, st.sampled_from([0.0, 0.2, 1.0, 100.0]))
def test_sequences_are_successes_after_failures(
    rows: list[tuple[int, int, int]], within: int, lines: int, share: float
) -> None:
    keys, times, roles = arrays(rows)
    failed = roles > 1
    expected = []
    for place, (key, time, _) in enumerate(rows):
        before = [i for i in range(place) if rows[i][0] == key and time - rows[i][1] <= within]
        failures = sum(2 for i in before if failed[i])
        successes = sum(not failed[i] for i in before)
        expected.append(bool(not failed[place] and failures >= lines and successes <= share * failures))
    weights = np.full(len(rows), 2, dtype=np.int64)
    assert sequence(keys, times, failed, within, lines, weights, share).tolist() == expected


@settings(max_examples=examples(300), deadline=None)
@given(ROWS, SMALL, SMALL)
def test_stretches_number_what_bursts_chose(rows: list[tuple[int, int, int]], width: int, lines: int) -> None:
    keys, times, _ = arrays(rows)
    chosen = bursts(keys, times, width, lines)
    groups = stretches(keys, times, width, chosen)
    assert (groups >= 0).tolist() == chosen.tolist()
    held = weigh(groups, np.ones_like(times), chosen)
    assert (held >= lines).all()
    assert sorted({(int(key), int(group)) for key, group in zip(keys[chosen], groups[chosen], strict=True)}) == sorted(
        {(int(keys[groups == group][0]), group) for group in range(len(held))}
    )


def lake_of(tmp_path: Path, text: str) -> Lake:
    case_dir = Cases(tmp_path / "data").create("case")
    source: Source = fill(case_dir, "a.log", text.encode(), per_segment=4)
    assert source.number == 1
    return Lake.open(case_dir)


LOGINS = """\
10 10.0.0.1 POST /login 401 root
10 10.0.0.1 POST /login 401 root
11 10.0.0.2 POST /login 401 alice
12 10.0.0.1 POST /login 401 root
12 10.0.0.1 POST /login 302 root
13 10.0.0.2 POST /login 302 alice
- 10.0.0.1 POST /login 302 root
14 - POST /login 302 root
90 10.0.0.1 POST /login 302 root
"""
FAILED, WORKED = Selector(status_codes=((401, 401),)), Selector(status_codes=((302, 302),))


@pytest.mark.parametrize(
    ("key", "within", "lines", "found"),
    [
        ("source.ip", 60, 3, [5]),
        ("source.ip", 60, 1, [5, 6]),
        ("source.ip", 60, 4, []),
        ("source.ip", 80, 3, [5, 9]),
        ("source.ip", 79, 3, [5]),
        ("user.name", 60, 3, [5, 8]),
    ],
)
def test_success_after_failures(tmp_path: Path, key: str, within: int, lines: int, found: list[int]) -> None:
    with lake_of(tmp_path, LOGINS) as lake:
        assert lake.sequence(FAILED, WORKED, key, within, Crowd(lines, share=1)).column("log.line").to_pylist() == found


def test_a_line_in_both_roles_does_not_precede_itself(tmp_path: Path) -> None:
    with lake_of(tmp_path, LOGINS) as lake:
        assert lake.sequence(FAILED, FAILED, "source.ip", 60, Crowd(2, share=1)).column("log.line").to_pylist() == [4]


SCAN = """\
0 10.0.0.1 GET /a?x=1 404
30 10.0.0.1 GET /a?x=2 404
60 10.0.0.1 GET /b 404
60 10.0.0.2 GET /a 404
91 10.0.0.1 GET /c 404
92 10.0.0.1 GET /d 200
"""


@pytest.mark.parametrize(
    ("gap", "lines", "urls", "found"),
    [
        (30, 3, 0, [1, 2, 3]),
        (31, 4, 0, [1, 2, 3, 5]),
        (31, 4, 3, [1, 2, 3, 5]),
        (30, 3, 3, []),
        (30, 1, 0, [1, 2, 3, 4, 5]),
    ],
)
def test_sessions(tmp_path: Path, gap: int, lines: int, urls: int, found: list[int]) -> None:
    with lake_of(tmp_path, SCAN) as lake:
        crowd = Crowd(lines, "url.path", urls)
        table = lake.sessions(Selector(status_codes=((404, 404),)), "source.ip", gap, crowd)
        assert table.column("log.line").to_pylist() == found


@pytest.mark.parametrize(
    ("key", "window", "lines", "found"),
    [
        ("source.ip", 30, 2, [5, 6]),
        ("source.ip", 30.5, 2, [1, 2, 3, 5, 6]),
        ("url.path", 61, 3, [1, 2, 4]),
        ("url.original", 61, 2, []),
        ("http.response.status_code", 1, 2, [3, 4]),
    ],
)
def test_bursts(tmp_path: Path, key: str, window: float, lines: int, found: list[int]) -> None:
    with lake_of(tmp_path, SCAN) as lake:
        assert lake.bursts(Selector(), key, window, Crowd(lines)).column("log.line").to_pylist() == found


def test_rows_carry_what_a_hit_needs(tmp_path: Path) -> None:
    with lake_of(tmp_path, SCAN) as lake:
        (row,) = lake.bursts(Selector(ips=("10.0.0.2",)), "source.ip", 1, Crowd(1)).to_pylist()
        assert (row["source.ip"], row["http.request.method"], row["http.response.status_code"]) == (
            "10.0.0.2",
            "GET",
            404,
        )


@pytest.mark.parametrize("key", ["event.original", 'x" OR TRUE --', "rule.id"])
def test_unknown_key(tmp_path: Path, key: str) -> None:
    with lake_of(tmp_path, SCAN) as lake, pytest.raises(InputError, match="unknown_column"):
        lake.bursts(Selector(), key, 1, Crowd(1))
