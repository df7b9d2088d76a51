"""Whether a search service can be used as it is set up, step by step, changing nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.errors import StorageError
from stores.index.azure import filters
from stores.index.azure.connection import Connection
from stores.index.azure.settings import AzureSearch


@dataclass(frozen=True, slots=True)
class SearchState:
    """The index exists (else the first `akashi index` makes it), how many documents of all cases are in it, and
    whether the semantic ranker answers (None: not asked for)."""

    exists: bool
    documents: int
    semantic: bool | None


def check_search(
    search: AzureSearch, dimensions: int, *, connect: Callable[[AzureSearch], Connection] = Connection
) -> SearchState:
    """What there is; raises the code of the first thing that is wrong: reach, key or role, fields, rights.

    Deleting a document that cannot be there shows whether this key or role may write.
    """
    connection = connect(replace(search, patience=search.asking))
    try:
        try:
            connection.check(dimensions)
        except StorageError as fault:
            if fault.code != "search_no_index":
                raise
            return SearchState(exists=False, documents=0, semantic=None)
        documents = connection.count(filters.EVERYTHING)
        connection.delete(["0" * 32])
        return SearchState(exists=True, documents=documents, semantic=_semantic(connection, search, dimensions))
    finally:
        connection.close()


def _semantic(connection: Connection, search: AzureSearch, dimensions: int) -> bool | None:
    if not search.semantic:
        return None
    nothing = np.eye(1, dimensions, dtype=np.float32)[0]
    try:
        connection.both('"akashi"', "akashi", nothing, 1, filters.EVERYTHING, session="doctor", semantic=True)
    except StorageError as fault:
        if fault.code != "search_rejected":
            raise
        return False
    return True
