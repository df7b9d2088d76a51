"""The second count, the lake's queries and the plain meaning of a selector agree on every line."""

import tempfile
from collections import Counter
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.arrow import blobs, texts
from core.key import Keys, join_keys, split_keys
from core.match import matches
from core.selector import Selector
from core.taxonomy import AttackType
from stores.byte_search import holding, needles_of
from stores.cases import Cases
from stores.lake import Lake
from stores.second_count import SecondCount
from tests.effort import examples
from tests.stores.test_selector_sql import ALONE, IDS, LINES, Line, lopsided_selectors, narrow_selectors, written


def hits_in(lines: list[Line], types: Collection[AttackType], rules: Collection[str]) -> Keys:
    """Keys of the lines with such a hit, by plain Python."""
    found = [
        join_keys(place % 2 + 1, place // 2 + 1)
        for place, (_, hits) in enumerate(lines)
        if any((not rules or rule in rules) and (not types or kind in types) for rule, kind in hits)
    ]
    return np.array(found, np.int64)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, st.lists(st.one_of(narrow_selectors(), lopsided_selectors(), ALONE), min_size=20, max_size=20))
def test_three_ways_agree(lines: list[Line], selectors: list[Selector]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case_dir = Cases(Path(folder)).create("case")
        written(case_dir, lines)
        with Lake.open(case_dir) as lake:
            second = SecondCount(lake, partial(hits_in, lines))
            for selector in selectors:
                plain = sorted(
                    (place % 2 + 1, place // 2 + 1)
                    for place, (event, hits) in enumerate(lines)
                    if matches(selector, event, hits, IDS[place % 2])
                )
                sources, numbers = split_keys(second.keys(selector))
                assert list(zip(sources.tolist(), numbers.tolist(), strict=True)) == plain, selector
                assert lake.count(selector) == len(plain)
                assert second.span(selector) == lake.span(selector)
                for column in ("source.ip", "url.path", "http.response.status_code", "user_agent.original"):
                    assert second.most(selector, column, 3) == lake.top(selector, column, 3)


TEXTS = st.lists(st.one_of(st.none(), st.text("aAbB\u212aé%\n", max_size=5)), max_size=20)


@given(TEXTS, st.lists(st.text("aBk\u212aé%\n\udc80", max_size=3), max_size=3))
def test_bytes_are_searched_as_texts_are(values: list[str | None], parts: list[str]) -> None:
    def held(value: str | None) -> bool:
        lowered = None if value is None else value.encode().lower()
        return lowered is not None and any(needle in lowered for needle in needles_of(parts))

    expected = [held(value) for value in values]
    assert holding(texts(values), needles_of(parts)).tolist() == expected
    assert holding(texts(["xx", *values]).slice(1), needles_of(parts)).tolist() == expected
    encoded = [None if value is None else value.encode() for value in values]
    assert holding(blobs(encoded), needles_of(parts)).tolist() == expected


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [
        (["a", "aa"], "aa", [False, True]),  # a find across the end of a row hides none behind it
        (["ab", "", "ab"], "ab", [True, False, True]),
        (["ab"] * 99, "b", [True] * 99),
        (["xa", "bx"], "ab", [False, False]),
    ],
)
def test_rows_are_kept_apart(values: list[str | None], part: str, expected: list[bool]) -> None:
    assert holding(texts(values), needles_of([part])).tolist() == expected


def test_counted_by_hand(tmp_path: Path) -> None:
    case_dir = Cases(tmp_path).create("case")
    event: dict[str, Any] = {"akashi.status": 0, "event.original": b""}
    urls = ["/a?x=1", "/a", "/b?", "/a?y", None]
    written(case_dir, [(event | {"url.original": url}, []) for url in urls])
    with Lake.open(case_dir) as lake:
        second = SecondCount(lake, partial(hits_in, []))
        assert Counter(second.counted(Selector(), "url.path")) == {"/a": 3, "/b": 1}
        assert second.most(Selector(), "url.path", 1) == (("/a", 3),)
        assert second.span(Selector()) == (None, None)
