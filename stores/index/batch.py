"""What may be added to an index together: as many texts and rows as ids, and no id twice."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from stores.index.protocol import Vectors


def check_batch(
    ids: Sequence[str], texts: Sequence[str], vectors: Vectors, held: AbstractSet[str], dimensions: int
) -> None:
    """`ValueError` when the batch is not one an index can take."""
    if len(texts) != len(ids) or vectors.shape != (len(ids), dimensions):
        raise ValueError(f"{len(ids)} ids, {len(texts)} texts, vectors {vectors.shape}, dimensions {dimensions}")
    if len(set(ids)) < len(ids) or not held.isdisjoint(ids):
        raise ValueError("an id is there already")
