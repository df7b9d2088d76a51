"""The index of a case in Azure AI Search, open for reading: what the ledger in the case names counts, nothing else."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import TypeVar

import numpy as np

from core.errors import StorageError
from stores.embedding.protocol import Embedder
from stores.index.azure import filters
from stores.index.azure.connection import Connection, rows_of
from stores.index.azure.ledger import ROOT, About, Ledger
from stores.index.azure.settings import AzureSearch, IndexChoice
from stores.index.commit_file import manifest_faults
from stores.index.keywords import Keywords
from stores.index.lock import Lease
from stores.index.on_disk import current_folder
from stores.index.protocol import Hit, Vector, Vectors
from stores.index.ranking import nearest
from stores.index.words import match_expression

T = TypeVar("T")

_TRIES = 10
_SPARE = 16
"""Asked for beyond k, so that the boundary between the k-th and the next is seen."""

_GROWTH = 8
_NOISE = 1e-4
"""How far a cosine made of the service's score may be off: scores are 32-bit numbers between 1/3 and 1."""

_MOST_KEPT = 4_096
"""Vectors kept in memory: 25 MB at 1,536 dimensions."""


def place_of(search: AzureSearch) -> str:
    """Which index of which service."""
    return f"{search.endpoint} {search.index_name}"


def check_embedder(about: About, embedder: Embedder) -> None:
    """`StorageError("index_embedder_mismatch")` when another embedder made the vectors."""
    if (about.embedder, about.dimensions) != (embedder.name, embedder.dimensions):
        raise StorageError("index_embedder_mismatch", index=about.embedder, now=embedder.name)


class _State:
    """Everything of one commit."""

    def __init__(self, ledger: Ledger) -> None:
        with ledger.reading():
            self.changes = ledger.changes()
            self.about = ledger.about()
            self.key_of = ledger.documents()
        self.id_of = {key: one for one, key in self.key_of.items()}
        self.chosen = filters.born_within(self.about.case, self.about.first, self.about.last)


class AzureIndex:
    """Safe to share between threads; never stale: what was asked is asked again when somebody commits meanwhile.

    Opening and asking for words touches no network. Whatever does may raise the `search_…` codes, and
    `StorageError("index_damaged")` when the service lacks documents: indexing again uploads them.
    """

    def __init__(
        self,
        case_dir: Path,
        embedder: Embedder,
        where: IndexChoice,
        *,
        connect: Callable[[AzureSearch], Connection] = Connection,
    ) -> None:
        self._root = case_dir / ROOT
        self._embedder, self._where = embedder, where
        self._connect = connect
        self._guard = RLock()
        self._connection: Connection | None = None
        self._folder: Path | None = None
        self._lease: Lease | None = None
        self._ledger: Ledger | None = None
        self._state: _State | None = None
        self._rows: OrderedDict[str, Vector] = OrderedDict()
        self._refresh()

    @property
    def stamp(self) -> Mapping[str, str]:
        """What the writer noted at the last commit; empty without an index."""
        with self._guard:
            state = self._refresh()
            return state.about.stamp if state else {}

    def count(self) -> int:
        """How many ids there are."""
        with self._guard:
            state = self._refresh()
            return len(state.key_of) if state else 0

    def ids(self) -> frozenset[str]:
        """All of them."""
        with self._guard:
            state = self._refresh()
            return frozenset(state.key_of) if state else frozenset()

    def query(self, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k nearest, exactly: the service compares all, and cosines are added up here from the rows it returns."""
        if k <= 0:
            return []

        def ask(state: _State) -> list[Hit]:
            keys = _keys(state, among)
            if keys is None:
                found = self._near(state, vector, k, state.chosen, len(state.key_of))
            else:
                parts = filters.groups(keys)
                found = [one for part in parts for one in self._near_part(state, vector, k, part)]
            scores = np.array([score for _, score in found], np.float32)
            bound = np.sort(scores)[-k] - _NOISE if k < len(scores) else -np.inf
            close = [key for key, score in found if score >= bound]
            return nearest(vector, [state.id_of[key] for key in close], self._fetched(state, close), k)

        return self._asked(ask, [])

    def match(self, words: str, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k texts that say these words best; looked up in the case itself, where no text is redacted."""
        with self._guard:
            if self._refresh() is None or self._ledger is None:
                return []
            with manifest_faults():
                return Keywords(self._ledger.connection).match(words, k, among)

    def hybrid(self, words: str, vector: Vector, k: int, among: Collection[str] | None = None) -> list[Hit]:
        """The k that fit words and vector best as the service joins both, and its semantic ranker if that is on.

        Scores fall from 1 with the rank. Empty when nothing is to be looked up, or when `among` needs several
        requests: one ranking of all would have to be made of several that share no scale.
        """
        question = self._where.redact(words)
        expression = match_expression(question).replace(" OR ", " | ")
        if not expression or k <= 0:
            return []

        def ask(state: _State) -> list[Hit]:
            keys = _keys(state, among)
            if keys is not None and not 0 < len(keys) <= filters.MOST_VALUES:
                return []
            chosen = state.chosen if keys is None else filters.among(state.chosen, keys)
            found = self._both(expression, question, vector, k + _SPARE, chosen, state.about.case)
            ids = [state.id_of[key] for key, _ in found if key in state.id_of]
            return [Hit(one, 1 / rank) for rank, one in enumerate(ids[:k], 1)]

        return self._asked(ask, [])

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """(ids, dimensions) in order; zeros for an id that is not there."""
        nothing: Vectors = np.zeros((len(ids), self._embedder.dimensions), np.float32)

        def ask(state: _State) -> Vectors:
            known = [place for place, one in enumerate(ids) if one in state.key_of]
            found = nothing.copy()
            found[known] = self._fetched(state, [state.key_of[ids[place]] for place in known])
            return found

        return self._asked(ask, nothing)

    def close(self) -> None:
        """Lets go of files, sockets and memory."""
        with self._guard:
            self._let_go()
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _both(
        self, expression: str, question: str, vector: Vector, k: int, chosen: str, case: str
    ) -> list[tuple[str, float]]:
        """A service whose semantic ranker is switched off or used up still joins both lists."""
        if self._where.search.semantic:
            try:
                return self._service().both(
                    expression, question, vector, k, chosen, session=case, semantic=True
                )  # fmt: skip
            except StorageError as fault:
                if fault.code not in {"search_rejected", "search_busy"}:
                    raise
        return self._service().both(expression, question, vector, k, chosen, session=case, semantic=False)

    def _near_part(self, state: _State, vector: Vector, k: int, keys: Sequence[str]) -> list[tuple[str, float]]:
        return self._near(state, vector, k, filters.among(state.chosen, keys), len(keys))

    def _near(self, state: _State, vector: Vector, k: int, chosen: str, there: int) -> list[tuple[str, float]]:
        """The k nearest of `there` documents, and all that may be as near as the last of them.

        The service breaks ties as it likes and may still hold what was removed: more is asked for until one follows
        that is farther away than the k-th, or until there are no more.
        """
        asked = k + _SPARE
        while True:
            answer = self._service().near(vector, asked, chosen, state.about.case)
            found = [(key, cosine) for key, cosine in answer if key in state.id_of]
            if len(answer) < asked:
                break
            if len(found) > k and found[-1][1] < found[k - 1][1] - _NOISE:
                return found
            asked *= _GROWTH
        if len(found) < there:
            raise StorageError("index_damaged", reason=f"{there - len(found)} documents are missing")
        return found

    def _fetched(self, state: _State, keys: Sequence[str]) -> Vectors:
        """The rows of documents; a document never changes, so a row that is known stays right."""
        lacking = [key for key in keys if key not in self._rows]
        dimensions = state.about.dimensions
        found = {key: self._rows[key] for key in keys if key in self._rows}
        if lacking:
            found |= self._service().vectors(lacking, state.about.case, dimensions)
        missing = sum(key not in found for key in keys)
        if missing:
            raise StorageError("index_damaged", reason=f"{missing} documents are missing")
        self._keep(found)
        return rows_of(found, keys, dimensions)

    def _keep(self, rows: Mapping[str, Vector]) -> None:
        self._rows.update(rows)
        for key in rows:
            self._rows.move_to_end(key)
        while len(self._rows) > _MOST_KEPT:
            self._rows.popitem(last=False)

    def _asked(self, ask: Callable[[_State], T], nothing: T) -> T:
        """What the service answers for one state: asked again when that state did not outlast the answer.

        Documents of an older state are deleted only after a newer one was committed, so an answer during which none
        was is of this state alone.
        """
        with self._guard:
            for last in (*(False,) * (_TRIES - 1), True):
                state = self._refresh()
                if state is None or not state.key_of:
                    return nothing
                try:
                    answer = ask(state)
                except StorageError:
                    if last or self._refresh() is state:
                        raise
                    continue
                if last or self._refresh() is state:
                    return answer
        raise AssertionError("the last try returns or raises")

    def _service(self) -> Connection:
        if self._connection is None:
            search = self._where.search
            self._connection = self._connect(replace(search, patience=search.asking))
        return self._connection

    def _refresh(self) -> _State | None:
        """The state that counts now. A writer may replace it while we look: then we look again."""
        for _ in range(_TRIES):
            try:
                return self._look()
            except FileNotFoundError:
                self._let_go()
        raise StorageError("index_damaged", reason="files are missing")

    def _look(self) -> _State | None:
        folder = current_folder(self._root)
        if folder != self._folder or (folder is not None and not folder.is_dir()):
            self._let_go()
        if folder is None:
            return None
        if self._ledger is None:
            self._lease = Lease(folder)
            self._folder, self._ledger = folder, Ledger.open(folder)
        with manifest_faults():
            if self._state is None or self._ledger.changes() != self._state.changes:
                self._state = _State(self._ledger)
        if self._state.about.place != place_of(self._where.search):
            return None
        check_embedder(self._state.about, self._embedder)
        return self._state

    def _let_go(self) -> None:
        if self._ledger is not None:
            self._ledger.close()
        if self._lease is not None:
            self._lease.end()
        self._state = self._ledger = self._lease = self._folder = None


def _keys(state: _State, among: Collection[str] | None) -> list[str] | None:
    """The keys of those ids that there are, None for all: the service is not told what it need not know."""
    if among is None:
        return None
    wanted = sorted(state.key_of[one] for one in set(among) if one in state.key_of)
    return None if len(wanted) == len(state.key_of) else wanted
