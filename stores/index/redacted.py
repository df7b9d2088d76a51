"""An embedder of what may leave: the vectors of an index elsewhere are made of redacted texts only."""

from collections.abc import Callable, Sequence

from stores.embedding.protocol import Embedder, Vectors
from stores.index.azure.settings import IndexChoice


class Redacting:
    """The same embedder under the same name: of an index here and one elsewhere, each has its own vectors anyway."""

    def __init__(self, embedder: Embedder, redact: Callable[[str], str]) -> None:
        self._embedder, self._redact = embedder, redact

    @property
    def name(self) -> str:
        """That of the embedder, which may have to ask a provider before it knows."""
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        """Columns of the vectors."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of the redacted texts."""
        return self._embedder.embed([self._redact(text) for text in texts])


def as_it_leaves(embedder: Embedder, where: IndexChoice | None) -> Embedder:
    """What texts and questions of this index are embedded with: a vector tells much of the text it was made of."""
    return embedder if where is None else Redacting(embedder, where.redact)
