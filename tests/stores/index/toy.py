"""An embedder small enough to reason about, and rows to fill an index with."""

from collections.abc import Sequence

import numpy as np

from stores.embedding.protocol import Vectors


class Toy:
    """A text of numbers is that vector, brought to unit length: "1 0 0"."""

    def __init__(self, dimensions: int = 3, name: str = "toy-1") -> None:
        self.name = name
        self.dimensions = dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.array([[float(number) for number in text.split()] for text in texts], np.float32)
        return unit(rows.reshape(len(texts), self.dimensions))


def unit(rows: Vectors) -> Vectors:
    """The rows with length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def scattered(count: int, dimensions: int, seed: int = 0) -> Vectors:
    """Rows in all directions, with no structure at all: what HNSW is worst at."""
    return unit(np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32))


def crowded(count: int, dimensions: int, centres: int = 20, seed: int = 0) -> Vectors:
    """Rows in a few tight groups, like the texts of one log."""
    chance = np.random.default_rng(seed)
    middle = chance.standard_normal((centres, dimensions))
    rows = middle[chance.integers(0, centres, count)] + 0.02 * chance.standard_normal((count, dimensions))
    return unit(rows.astype(np.float32))


def names(count: int, prefix: str = "") -> list[str]:
    """Ids that sort like their numbers."""
    return [f"{prefix}{place:06}" for place in range(count)]
