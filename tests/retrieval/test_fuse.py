"""Rankings become one, the same way every time."""

import itertools

import pytest

from retrieval.fuse import K, Ranking, fuse


@pytest.mark.parametrize(
    ("rankings", "order"),
    [
        ((), ""),
        (((), ()), ""),
        (("abc",), "abc"),
        (("ab", "ba"), "ab"),  # equal scores: by id
        (("ba", "ab"), "ab"),
        (("ab", "cb"), "bac"),  # found twice beats found first
        (("abcd", "dxyz"), "dabxcyz"),
        (("aab",), "ab"),  # listed twice counts once
    ],
)
def test_order(rankings: tuple[str, ...], order: str) -> None:
    assert "".join(one.id for one in fuse([Ranking(tuple(ids)) for ids in rankings])) == order


def test_scores_and_ranks_are_those_of_the_paper() -> None:
    found = {one.id: one for one in fuse([Ranking(("a", "b")), Ranking(("b",), 0.5)])}
    assert (found["a"].score, found["a"].ranks) == (1 / (K + 1), (1, None))
    assert (found["b"].score, found["b"].ranks) == (1 / (K + 2) + 0.5 / (K + 1), (2, 1))


def test_the_order_of_equal_ways_does_not_matter() -> None:
    ways = [Ranking(tuple("abcde")), Ranking(tuple("edcba")), Ranking(tuple("cabed"))]
    assert {tuple(one.id for one in fuse(chosen)) for chosen in itertools.permutations(ways)} == {tuple("cabed")}
