"""The vector index of a case and its keyword twin: what finds chunks, and can always be rebuilt from the lake."""

from stores.index.memory import MemoryIndex
from stores.index.on_disk import DiskIndex
from stores.index.protocol import Hit, IndexWriter, VectorIndex
from stores.index.writer import index_writer

open_index = DiskIndex
"""`open_index(case_dir, embedder)`: the index for reading; one without any id when nothing was indexed yet."""

__all__ = ["DiskIndex", "Hit", "IndexWriter", "MemoryIndex", "VectorIndex", "index_writer", "open_index"]
