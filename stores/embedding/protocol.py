"""What any embedder is: texts in, rows of unit length out."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row a text."""


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors; the same `name` gives the same vectors, everywhere and always.

    `name` changes whenever the vectors do: it is stamped into an index, and another name cannot query it.
    """

    @property
    def name(self) -> str:
        """What makes these vectors, and in which version."""

    @property
    def dimensions(self) -> int:
        """Columns of the vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions) in order, rows of unit length; any text is allowed, the empty one and 1 MB as well."""
