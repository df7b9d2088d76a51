"""Two dictionaries become one in which no text stands twice."""

import pytest

from core.arrow import texts
from ingestion.parse.dictionary import joined


@pytest.mark.parametrize(
    ("base", "more", "whole", "places"),
    [
        (["a", "b"], ["b", "a"], ["a", "b"], [1, 0]),
        (["a", "b"], ["c", "a", "c"], ["a", "b", "c"], [2, 0, 2]),
        ([], ["x", "x"], ["x"], [0, 0]),
        (["a"], [], ["a"], []),
    ],
    ids=["known", "new ones once", "nothing known", "nothing more"],
)
def test_no_text_stands_twice(base: list[str], more: list[str], whole: list[str], places: list[int]) -> None:
    found, where = joined(texts(base), texts(more))
    assert (found.to_pylist(), where.to_pylist()) == (whole, places)
