"""Shares of the first places, worked out by hand."""

from math import log2

import pytest

from eval.retrieval_measures import Measured, by_chance, mean, measure, ndcg_at, recall_at

GAIN = [1 / log2(place + 1) for place in range(1, 11)]


@pytest.mark.parametrize(
    ("found", "relevant", "recall"),
    [
        ("", 0, None),  # nothing to find is no data
        ("-----", 0, None),
        ("", 3, 0.0),
        ("+", 1, 1.0),
        ("---------+", 1, 1.0),
        ("----------+", 1, 0.0),  # the eleventh place
        ("++-", 4, 0.5),
        ("++++++++++", 80, 1.0),  # more than ten: the share of the ten places used well
        ("+++++-----+++++", 80, 0.5),
    ],
)
def test_recall(found: str, relevant: int, recall: float | None) -> None:
    assert recall_at([sign == "+" for sign in found], relevant) == recall


@pytest.mark.parametrize(
    ("found", "relevant", "ndcg"),
    [
        ("", 0, None),
        ("--", 2, 0.0),
        ("+", 1, 1.0),
        ("-+", 1, GAIN[1]),
        ("+-+", 2, (GAIN[0] + GAIN[2]) / (GAIN[0] + GAIN[1])),
        ("+" * 10, 80, 1.0),
        ("-" * 10 + "+", 1, 0.0),
    ],
)
def test_ndcg(found: str, relevant: int, ndcg: float | None) -> None:
    assert ndcg_at([sign == "+" for sign in found], relevant) == (None if ndcg is None else pytest.approx(ndcg))


@pytest.mark.parametrize(
    ("ranking", "relevant", "neutral", "measured"),
    [
        ("abc", "a", "", Measured(1.0, 1.0)),
        ("abc", "b", "a", Measured(1.0, 1.0)),  # what is right as well takes no place
        ("aab", "b", "", Measured(1.0, GAIN[1])),  # listed twice is one place
        ("xyz", "", "xyz", Measured(None, None)),
    ],
)
def test_measure(ranking: str, relevant: str, neutral: str, measured: Measured) -> None:
    found = measure(list(ranking), frozenset(relevant), frozenset(neutral))
    assert (found.recall, found.ndcg) == (measured.recall, pytest.approx(measured.ndcg) if measured.ndcg else None)


@pytest.mark.parametrize(
    ("values", "expected"), [([], None), ([None, None], None), ([None, 0.5], 0.5), ([0.0, 1.0], 0.5)]
)
def test_mean_of_what_is_known(values: list[float | None], expected: float | None) -> None:
    assert mean(values) == expected


@pytest.mark.parametrize(
    ("relevant", "total", "recall", "ndcg"),
    [
        (0, 100, None, None),
        (1, 100, 0.1, sum(GAIN) / 100),
        (100, 100, 1.0, 1.0),
        (5, 5, 1.0, 1.0),
        (20, 100, 0.2, 0.2),
        (1, 8, 1.0, sum(GAIN[:8]) / 8),  # all eight are shown
    ],
)
def test_chance(relevant: int, total: int, recall: float | None, ndcg: float | None) -> None:
    found = by_chance(relevant, total)
    assert (found.recall, found.ndcg) == (
        pytest.approx(recall) if recall else None,
        pytest.approx(ndcg) if ndcg else None,
    )
