"""Reductions: no data stays None, and a real zero stays zero."""

import pytest

from eval.metrics import f1, per_thousand, ratio


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 4, 0.0), (1, 4, 0.25), (4, 4, 1.0), (5, 4, 1.25)],
)
def test_ratio(part: int, whole: int, expected: float | None) -> None:
    assert ratio(part, whole) == expected


@pytest.mark.parametrize(
    ("precision", "recall", "expected"),
    [
        (None, None, None),  # nothing expected, nothing reported
        (None, 0.0, 0.0),  # something expected, nothing reported
        (0.0, None, 0.0),  # nothing expected, something reported
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 1.0),
        (0.5, 1.0, pytest.approx(2 / 3)),
    ],
)
def test_f1(precision: float | None, recall: float | None, expected: float | None) -> None:
    assert f1(precision, recall) == expected


@pytest.mark.parametrize(("part", "whole", "expected"), [(0, 0, None), (0, 9, 0.0), (3, 2000, 1.5)])
def test_per_thousand(part: int, whole: int, expected: float | None) -> None:
    assert per_thousand(part, whole) == expected
