"""Texts as vectors: the built-in embedder, the cache for embedders that cost something, and what any embedder is."""

from stores.embedding.built_in import BuiltIn
from stores.embedding.cache import Cached
from stores.embedding.protocol import Embedder, Vectors

__all__ = ["BuiltIn", "Cached", "Embedder", "Vectors"]
