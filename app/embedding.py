"""Who embeds what a case is searched by, and where its index is: built in and on this disk, unless set up otherwise."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from app.model_access import Access
from core.errors import StorageError

if TYPE_CHECKING:  # loaded by the first question: other commands start without it
    from stores.embedding import Embedder, Vectors
    from stores.index import IndexChoice
    from stores.lake import Lake


def embedder_of(case_dir: Path, access: Access | None = None, *, of_a_question: bool = False) -> "Embedder":
    """Vectors that cost money are kept with the case, so that no text is paid for twice.

    The words of a question are waited for no longer than a turn may take; then the search goes on without them.
    """
    if access is None or access.models.embeddings is None:
        return _built_in()
    from app.advising import outside_embedder
    from stores.embedding import Cached

    outside = outside_embedder(case_dir, access)
    if outside is None:
        return _built_in()
    if of_a_question:
        outside = outside.until(monotonic() + access.models.limits.turn_seconds)
    return Cached(Refusing(outside), case_dir)


def where_of(case_dir: Path, access: Access | None = None) -> "IndexChoice | None":
    """Where the index is when it is not on this disk."""
    if access is None or access.search is None:
        return None
    from app.advising import redactor_of
    from stores.index import IndexChoice

    return IndexChoice(access.search, redactor_of(case_dir, access).redact)


def forget_elsewhere(case_dir: Path, access: Access | None) -> None:
    """Deletes what of a case is kept in a search service, before the case itself goes; raises the `search_…` codes."""
    if access is not None and access.search is not None:
        from stores.index import forget_index

        forget_index(case_dir, where_of(case_dir, access))


def learn(case_dir: Path, access: Access, lake: "Lake") -> None:
    """Makes the names of the case known to what hides them, as far as they are to be hidden."""
    from app.advising import learn as learn_names

    learn_names(case_dir, access, lake)


@cache
def _built_in() -> "Embedder":
    from stores.embedding import BuiltIn

    return BuiltIn()


class Refusing:
    """An embedder whose faults are those of any store: `StorageError("embedding_failed")` with the fault."""

    def __init__(self, inner: "Embedder") -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        """That of the embedder; it may have to ask for its columns first."""
        with _refusals():
            return self._inner.name

    @property
    def dimensions(self) -> int:
        """Columns of the vectors."""
        with _refusals():
            return self._inner.dimensions

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """As the embedder does it."""
        with _refusals():
            return self._inner.embed(texts)


@contextmanager
def _refusals() -> Iterator[None]:
    from models.chat import ModelFault

    try:
        yield
    except ModelFault as fault:
        raise StorageError("embedding_failed", fault=fault.code.value) from fault
