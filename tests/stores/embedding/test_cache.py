"""The cache gives what the embedder gave, asks it once for a text, and never stands in the way."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from stores.embedding import BuiltIn, Cached
from stores.embedding.cache import FILE
from stores.embedding.protocol import Vectors


class Counting:
    """The built-in embedder, which remembers what it was asked."""

    def __init__(self, name: str = "counting-1") -> None:
        self.name = name
        self.dimensions = BuiltIn().dimensions
        self.asked: list[str] = []
        self._inner = BuiltIn()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self._inner.embed(texts)


TEXTS = ["SQL injection", "", "総当たり", "SQL injection", "\ud800"]


def test_each_text_is_asked_for_once_ever(tmp_path: Path) -> None:
    inner = Counting()
    expected = BuiltIn().embed(TEXTS)
    for _ in range(2):
        assert np.array_equal(Cached(inner, tmp_path).embed(TEXTS), expected)
    assert inner.asked == ["SQL injection", "", "総当たり", "\ud800"]
    assert np.array_equal(Cached(inner, tmp_path).embed(["new", "総当たり"]), BuiltIn().embed(["new", "総当たり"]))
    assert inner.asked[-1] == "new"
    assert len(Cached(inner, tmp_path).embed([])) == 0


def test_another_embedder_shares_nothing(tmp_path: Path) -> None:
    first, second = Counting("one"), Counting("two")
    Cached(first, tmp_path).embed(TEXTS)
    Cached(second, tmp_path).embed(TEXTS)
    assert second.asked == first.asked


def test_many_texts(tmp_path: Path) -> None:
    inner, texts = Counting(), [f"text {place}" for place in range(1_700)]
    cached = Cached(inner, tmp_path)
    assert np.array_equal(cached.embed(texts), cached.embed(texts))
    assert len(inner.asked) == len(texts)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + os.urandom(5_000)])
def test_a_file_that_is_no_cache_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    inner = Counting()
    for _ in range(3):
        assert np.array_equal(Cached(inner, tmp_path).embed(["a", "b"]), BuiltIn().embed(["a", "b"]))
    assert len(inner.asked) <= 4


def test_a_cache_that_cannot_be_written_is_no_cache(tmp_path: Path) -> None:
    inner = Counting()
    cached = Cached(inner, tmp_path / "nowhere")
    assert np.array_equal(cached.embed(TEXTS), BuiltIn().embed(TEXTS))
    assert np.array_equal(cached.embed(TEXTS), BuiltIn().embed(TEXTS))
