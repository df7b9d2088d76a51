"""The baseline: what a log cut into so many lines each, as plain text, gives with the same embedder."""

from collections.abc import Iterable
from itertools import groupby

from core.event import RAW
from core.key import split_keys
from core.selector import Selector
from stores.embedding import Embedder
from stores.index.memory import MemoryIndex
from stores.lake import Lake

LINES = 20


class NaiveChunks:
    """Every `LINES` lines of a file, one after the other; no windows, no addresses, no tags, no folding, no filters."""

    def __init__(self, lake: Lake, embedder: Embedder, lines: int = LINES) -> None:
        self._embedder = embedder
        self._of: dict[int, str] = {}
        texts: list[str] = []
        keys = lake.keys(Selector())
        said = zip(keys.tolist(), lake.rows(keys, (RAW,)).column(RAW).to_pylist(), strict=True)
        for _, found in groupby(said, key=lambda one: split_keys(one[0])[0]):
            of_source = list(found)
            for start in range(0, len(of_source), lines):
                part = of_source[start : start + lines]
                self._of |= dict.fromkeys((key for key, _ in part), _name(len(texts)))
                texts.append(b"\n".join(raw for _, raw in part).decode("utf-8", "backslashreplace"))
        self._index = MemoryIndex(embedder.dimensions)
        self._index.add([_name(place) for place in range(len(texts))], texts, embedder.embed(texts))
        self._index.commit({})

    def __len__(self) -> int:
        return self._index.count()

    def holding(self, keys: Iterable[int]) -> frozenset[str]:
        """The ids of the chunks with these lines."""
        return frozenset(self._of[key] for key in keys)

    def rank(self, question: str, k: int) -> list[str]:
        """The ids of the nearest `k`."""
        return [one.id for one in self._index.query(self._embedder.embed([question])[0], k)]


def _name(place: int) -> str:
    return f"{place:09}"
