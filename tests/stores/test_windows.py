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
from stores.lake import Lake
from stores.windows import bursts, sequence, sessions
from tests.stores.filling import fill

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 3)), max_size=30).map(sorted)
SMALL = st.integers(1, 8)


def arrays(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=300, deadline=None)
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
    assert sessions(keys, times, gap, lines, paths if distinct else None, distinct).tolist() == expected


@settings(max_examples=300, deadline=None)
@given(ROWS, SMALL, SMALL)
def test_sequences_are_successes_after_failures(rows: list[tuple[int, int, int]], within: int, lines: int) -> None:
    keys, times, roles = arrays(rows)
    failed = roles > 1
    expected = [
        not failed[place]
        and sum(failed[i] and rows[i][0] == key and time - rows[i][1] <= within for i in range(place)) >= lines
        for place, (key, time, _) in enumerate(rows)
    ]
    assert sequence(keys, times, failed, within, lines).tolist() == expected


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
        assert lake.sequence(FAILED, WORKED, key, within, lines).column("log.line").to_pylist() == found


def test_a_line_in_both_roles_does_not_precede_itself(tmp_path: Path) -> None:
    with lake_of(tmp_path, LOGINS) as lake:
        assert lake.sequence(FAILED, FAILED, "source.ip", 60, 2).column("log.line").to_pylist() == [4]


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
        table = lake.sessions(Selector(status_codes=((404, 404),)), "source.ip", gap, lines, urls)
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
        assert lake.bursts(Selector(), key, window, lines).column("log.line").to_pylist() == found


def test_rows_carry_what_a_hit_needs(tmp_path: Path) -> None:
    with lake_of(tmp_path, SCAN) as lake:
        (row,) = lake.bursts(Selector(ips=("10.0.0.2",)), "source.ip", 1, 1).to_pylist()
        assert (row["source.ip"], row["http.request.method"], row["http.response.status_code"]) == (
            "10.0.0.2",
            "GET",
            404,
        )


@pytest.mark.parametrize("key", ["event.original", 'x" OR TRUE --', "rule.id"])
def test_unknown_key(tmp_path: Path, key: str) -> None:
    with lake_of(tmp_path, SCAN) as lake, pytest.raises(InputError, match="unknown_column"):
        lake.bursts(Selector(), key, 1, 1)
