"""Figures of lines kept in memory, and digests made of columns, are those that the lake gives."""

import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.key import join_keys
from core.line import SourceId
from core.selector import Selector
from stores.cases import Cases
from stores.digest import digest_of
from stores.distinct import distinct_values
from stores.lake import Lake
from stores.picked import Picked, picked_from
from tests.effort import examples
from tests.stores.test_selector_sql import ALONE, LINES, Line, lopsided_selectors, narrow_selectors, written

COLUMNS = ("source.ip", "url.path", "http.response.status_code", "user_agent.original", "log.source", "event.action")


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, st.lists(st.one_of(narrow_selectors(), lopsided_selectors(), ALONE), min_size=12, max_size=12))
def test_the_same_figures(lines: list[Line], selectors: list[Selector]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case_dir = Cases(Path(folder)).create("case")
        written(case_dir, lines)
        with Lake.open(case_dir) as lake:
            picked = Picked(lake)
            for selector in selectors:
                assert picked.span(selector) == lake.span(selector)
                for column in COLUMNS:
                    every = lake.top(selector, column, 99)
                    assert picked.top(selector, column, 99) == every, selector
                    assert picked.top(selector, column, 2) == every[:2]
                    assert picked.distinct(selector, column) == distinct_values(lake, selector, column) == len(every)
                keys = lake.keys(selector)
                assert digest_of(keys, {one.id: one.number for one in lake.sources}) == lake.digest(selector)


@pytest.mark.parametrize("lines", [[], [1], [9, 10, 11], [1, 99, 100, 123456789012], list(range(95, 1005))])
def test_digest_of_lines(lines: list[int]) -> None:
    ids = {SourceId("b" * 16): 1, SourceId("a" * 16): 2}
    keys = np.array([join_keys(number, line) for number in (1, 2) for line in lines], np.int64)
    text = "".join(f"{source}:{line}\n" for source in sorted(ids) for line in lines)
    assert digest_of(keys[::-1], ids) == (2 * len(lines), hashlib.sha256(text.encode()).hexdigest())


def test_everything_is_not_kept(tmp_path: Path) -> None:
    case_dir = Cases(tmp_path).create("case")
    written(case_dir, [({"akashi.status": 0, "event.original": b""}, [])])
    with Lake.open(case_dir) as lake:
        assert picked_from(lake, Selector()) is None
        assert picked_from(lake, Selector(methods=("GET",))) is picked_from(lake, Selector(methods=("POST",)))
