"""The vector index of a case and its keyword twin: what finds chunks, and can always be rebuilt from the lake."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, overload

from core.errors import StorageError
from stores.embedding.protocol import Embedder
from stores.index.azure.settings import AzureSearch, IndexChoice, azure_search
from stores.index.memory import MemoryIndex
from stores.index.on_disk import DiskIndex
from stores.index.protocol import Hit, HybridIndex, IndexWriter, VectorIndex
from stores.index.redacted import as_it_leaves
from stores.index.writer import DiskWriter, disk_writer

if TYPE_CHECKING:
    from stores.index.azure.check import SearchState


def open_index(case_dir: Path, embedder: Embedder, where: IndexChoice | None = None) -> VectorIndex:
    """The index for reading; one without any id when nothing was indexed there yet. Without `where`: on this disk."""
    if where is None:
        return DiskIndex(case_dir, embedder)
    with _extra():
        from stores.index.azure.reader import AzureIndex
    return AzureIndex(case_dir, embedder, where)


@overload
def index_writer(
    case_dir: Path, embedder: Embedder, where: None = None, *, rebuild: bool = False
) -> AbstractContextManager[DiskWriter]: ...


@overload
def index_writer(
    case_dir: Path, embedder: Embedder, where: IndexChoice | None, *, rebuild: bool = False
) -> AbstractContextManager[IndexWriter]: ...


def index_writer(
    case_dir: Path, embedder: Embedder, where: IndexChoice | None = None, *, rebuild: bool = False
) -> AbstractContextManager[IndexWriter]:
    """The one writer of a case's index; raises as `disk_writer` and `azure_writer` do."""
    if where is None:
        return disk_writer(case_dir, embedder, rebuild=rebuild)
    with _extra():
        from stores.index.azure.writer import azure_writer
    return azure_writer(case_dir, embedder, where, rebuild=rebuild)


def forget_index(case_dir: Path, where: IndexChoice | None) -> int:
    """Deletes what of a case is not on this disk, before the case itself is deleted; how many documents that were."""
    if where is None:
        return 0
    with _extra():
        from stores.index.azure.writer import forget_case
    return forget_case(case_dir, where.search)


def check_index(where: IndexChoice, dimensions: int) -> "SearchState":
    """Whether the service can be used as it is set up; raises what is wrong with it."""
    with _extra():
        from stores.index.azure.check import check_search
    return check_search(where.search, dimensions)


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ImportError as fault:
        raise StorageError("extra_missing", file="requirements-azure.txt", library="azure-search-documents") from fault


__all__ = [
    "AzureSearch",
    "DiskIndex",
    "Hit",
    "HybridIndex",
    "IndexChoice",
    "IndexWriter",
    "MemoryIndex",
    "VectorIndex",
    "as_it_leaves",
    "azure_search",
    "check_index",
    "forget_index",
    "index_writer",
    "open_index",
]
