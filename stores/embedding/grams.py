"""Pieces of words, hashed: three to five letters of Latin words, one to three signs of Japanese ones."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from stores.embedding.words import latin_parts, other_parts

LONGEST_SPELLED = 24
"""A longer Latin word is a token, an encoded payload or a hash: its pieces say nothing."""

_LATIN_WEIGHTS = {3: 1, 4: 1, 5: 1}
_OTHER_WEIGHTS = {1: 1, 2: 3, 3: 2}
_KANA_FIRST, _KANA_LAST = 0x3041, 0x309F

Codes = NDArray[np.uint64]


def add_grams(words: Sequence[str], into: NDArray[np.int64]) -> None:
    """Adds the pieces of each word to its row of `into` (words x buckets)."""
    latin = [(row, f"^{part}$") for row, word in enumerate(words) for part in _spelled(word)]
    _add(latin, _LATIN_WEIGHTS, into)
    if not all(word.isascii() for word in words):
        other = [(row, part) for row, word in enumerate(words) for part in other_parts(word)]
        _add(other, _OTHER_WEIGHTS, into)


def mixed(codes: Codes) -> Codes:
    """Every bit of the result depends on every bit of the number (the finalizer of SplitMix64)."""
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))


def _spelled(word: str) -> list[str]:
    parts = [word] if word.isascii() else latin_parts(word)
    return [part for part in parts if len(part) <= LONGEST_SPELLED and not part.isdecimal()]


def _add(pieces: Sequence[tuple[int, str]], weights: dict[int, int], into: NDArray[np.int64]) -> None:
    if not pieces:
        return
    text = "".join(piece for _, piece in pieces)
    signs = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    sizes = [len(piece) for _, piece in pieces]
    ends = np.repeat(np.array(list(accumulate(sizes)), np.int64), sizes)
    rows = np.repeat(np.array([row for row, _ in pieces], np.int64), sizes)
    # endings of verbs and particles are written in hiragana: a piece of nothing else says nothing
    speaking = ~((signs >= _KANA_FIRST) & (signs <= _KANA_LAST))
    flat = into.reshape(-1)
    for length, weight in weights.items():
        count = len(signs) - length + 1
        if count <= 0:
            return
        starts = np.arange(count)
        said = np.logical_or.reduce([speaking[shift : shift + count] for shift in range(length)])
        inside = (starts + length <= ends[:count]) & said
        codes = np.full(count, length, np.uint64)
        for shift in range(length):
            codes = codes * np.uint64(0x9E3779B97F4A7C15) + signs[shift : shift + count]
        codes = mixed(codes[inside])
        buckets = rows[:count][inside] * into.shape[1] + (codes >> np.uint64(33)).astype(np.int64) % into.shape[1]
        np.add.at(flat, buckets, np.where(codes & np.uint64(1), weight, -weight))
