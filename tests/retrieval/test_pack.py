"""A packed text holds whole chunks, never many of one shape, and never more than its budget."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chunk import Chunk
from retrieval.pack import SEPARATOR, pack
from retrieval.tokens import at_most


def chunk(name: str, text: str, shape: str = "") -> Chunk:
    return Chunk(name, shape or name, None, None, None, None, None, 1, (), False, text)


ABC = (chunk("a", "aaaa"), chunk("b", "bb"), chunk("c", "c"))
ALIKE = tuple(chunk(f"s{n}", "x", "same") for n in range(5))


@pytest.mark.parametrize(
    ("ranked", "budget", "packed", "too_long", "alike"),
    [
        ((), 10, "", "", ""),
        (ABC, 100, "abc", "", ""),
        (ABC, 11, "abc", "", ""),
        (ABC, 10, "ab", "c", ""),
        (ABC, 7, "ac", "b", ""),
        (ABC, 3, "b", "ac", ""),
        (ABC, 0, "", "abc", ""),
        (ALIKE, 100, "s0 s1 s2", "", "s3 s4"),
        ((*ALIKE, *ABC), 100, "s0 s1 s2 a b c", "", "s3 s4"),
    ],
)
def test_what_fits(ranked: tuple[Chunk, ...], budget: int, packed: str, too_long: str, alike: str) -> None:
    got = pack(ranked, budget, at_most)
    names = ["".join(one.id for one in got.chunks), "".join(got.too_long), "".join(got.alike)]
    assert names == [expected.replace(" ", "") for expected in (packed, too_long, alike)]


def test_the_text_is_the_chunks_whole_and_in_order() -> None:
    got = pack(ABC, 100, at_most)
    assert got.text == SEPARATOR.join(one.text for one in ABC)
    assert got.tokens == at_most(got.text)


def odd_count(text: str) -> int:
    """Tokens that do not add up: a joined text has more of them than its parts."""
    return len(text) + 7 * text.count("\n")


@pytest.mark.parametrize("count", [at_most, odd_count, len])
@given(texts=st.lists(st.text(max_size=40), max_size=12), budget=st.integers(0, 200), per_shape=st.integers(1, 3))
def test_never_over_budget_and_nothing_is_lost(
    count: Callable[[str], int], texts: list[str], budget: int, per_shape: int
) -> None:
    ranked = [chunk(str(place), text, text[:1] or "-") for place, text in enumerate(texts)]
    got = pack(ranked, budget, count, per_shape)
    assert got.tokens == count(got.text) <= budget or not got.chunks
    assert sorted([*(one.id for one in got.chunks), *got.too_long, *got.alike]) == sorted(one.id for one in ranked)
    assert all(sum(one.shape == shape for one in got.chunks) <= per_shape for shape in {one.shape for one in ranked})
