"""The job that makes a case findable: chunks of the lake's lines, a vector and the words of every distinct text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from core.errors import StorageError
from ingestion.chunk.build import Cut, StoppedError, hits_digest, write_chunks
from ingestion.chunk.tags import tags
from stores.chunk_files import FOLDER as CHUNKS
from stores.chunk_files import Built, ChunkWriter
from stores.chunks import ChunkStore
from stores.embedding import Embedder
from stores.index import IndexChoice, as_it_leaves, index_writer, open_index
from stores.index.azure.ledger import ROOT as SEARCH
from stores.index.lock import FOLDER as INDEX
from stores.index.protocol import IndexWriter
from stores.lake import Lake

BATCH = 1_000
"""Texts that are embedded together."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the job is: `stage` is chunking (lines) or embedding (texts); `done` of `total`."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the job did. Vectors: `added`, `kept` from before, `dropped`; `bytes` on the disk, chunks and index.

    `made` False: the chunks were those of this very state already. `repaired` are codes of what was damaged and is
    made anew (chunks_damaged, index_damaged). `stopped`: somebody asked for it; what was done by then is kept.
    """

    built: Built | None
    made: bool
    added: int
    kept: int
    dropped: int
    bytes: int
    repaired: tuple[str, ...] = ()
    stopped: bool = False


def index_case(
    case_dir: Path,
    lake: Lake,
    hits: pa.Table,
    rules: str,
    embedder: Embedder,
    *,
    cut: Cut | None = None,
    rebuild: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    where: IndexChoice | None = None,
) -> Indexed:
    """Bring chunks and index of a case to the state of this lake; what they hold already is kept.

    `hits` are HIT_SCHEMA rows of the lake, those of the behaviours as well; `rules` is the version of the rule set.
    Killed at any instant, readers see the old state or the new chunks with as many vectors as were committed, and the
    next call does the rest. Damage is repaired from the lake. `where` the index is to be, when it is not on this disk:
    then every text is redacted before it is embedded and before it leaves, and the `search_…` codes may be raised.
    Raises `CaseError("index_busy")` while another does this, `StorageError("index_embedder_mismatch")` unless it is a
    rebuild, and `StorageError` when the disk refuses.
    """
    embedder = as_it_leaves(embedder, where)
    repaired = [] if rebuild else _index_damage(case_dir, embedder, where)
    with index_writer(case_dir, embedder, where, rebuild=rebuild or bool(repaired)) as writer:
        job = _Job(case_dir, lake, hits, rules, embedder, cut or Cut(), progress, stop)
        return job.run(writer, repaired, rebuild=rebuild)


@dataclass(frozen=True, slots=True)
class _Job:
    case_dir: Path
    lake: Lake
    hits: pa.Table
    rules: str
    embedder: Embedder
    cut: Cut
    progress: Callable[[Progress], None]
    stop: Callable[[], bool]

    def run(self, writer: IndexWriter, repaired: list[str], *, rebuild: bool) -> Indexed:
        held = len(writer.ids())
        done = Indexed(None, made=False, added=0, kept=held, dropped=0, bytes=0, repaired=tuple(repaired))
        try:
            built, made, damage = self._chunks(rebuild=rebuild)
        except StoppedError:
            return replace(done, bytes=_size(self.case_dir), stopped=True)
        done = replace(done, built=built, made=made, repaired=(*done.repaired, *damage))
        with ChunkStore.open(self.case_dir) as store:
            done = self._vectors(store, writer, done)
        return replace(done, bytes=_size(self.case_dir))

    def _chunks(self, *, rebuild: bool) -> tuple[Built, bool, tuple[str, ...]]:
        """The chunks of this state, whether they had to be made, and what was damaged."""
        built, damage = self._known()
        if built is not None and not rebuild and self._is_current(built):
            return built, False, damage
        writer = ChunkWriter.open(self.case_dir)
        try:
            built, _ = write_chunks(self.lake, self.hits, self.rules, writer, self.cut, self._step)
            writer.commit(built)
        except BaseException:
            writer.discard()
            raise
        return built, True, damage

    def _known(self) -> tuple[Built | None, tuple[str, ...]]:
        try:
            with ChunkStore.open(self.case_dir) as store:
                return store.built, ()
        except StorageError as fault:
            if fault.code != "chunks_damaged":
                raise
            return None, (fault.code,)

    def _is_current(self, built: Built) -> bool:
        same = (built.lake, built.rules, built.seconds, built.size) == (
            self.lake.state,
            self.rules,
            self.cut.seconds,
            self.cut.size,
        )
        words = (built.types, built.kinds) == (tags().types, tags().kinds)
        return same and words and built.hits == hits_digest(self.hits)

    def _step(self, lines: int) -> None:
        self.progress(Progress("chunking", lines, self.lake.accounting().lines))
        if self.stop():
            raise StoppedError

    def _vectors(self, store: ChunkStore, writer: IndexWriter, done: Indexed) -> Indexed:
        """Adds what is new, takes out what is no more; stopped half-way, what was added stays and nothing is lost."""
        wanted, held = store.shapes(), writer.ids()
        new = [shape for shape in wanted if shape not in held]
        gone = held - frozenset(wanted)
        texts, added = store.shape_texts(new), 0
        while added < len(new) and not self.stop():
            batch = list(islice(texts, BATCH))
            words = [text for _, text in batch]
            writer.add([shape for shape, _ in batch], words, self.embedder.embed(words))
            added += len(batch)
            self.progress(Progress("embedding", added, len(new)))
        stopped = added < len(new)
        if not stopped:
            writer.remove(gone)
        writer.commit(self._stamp(stopped=stopped))
        dropped = 0 if stopped else len(gone)
        return replace(done, added=added, kept=len(held) - len(gone), dropped=dropped, stopped=stopped)

    def _stamp(self, *, stopped: bool) -> Mapping[str, str]:
        return {"lake": "" if stopped else self.lake.state, "rules": self.rules}


def _index_damage(case_dir: Path, embedder: Embedder, where: IndexChoice | None) -> list[str]:
    """Whether the index must be made anew because it cannot be read."""
    try:
        open_index(case_dir, embedder, where).close()
    except StorageError as fault:
        if fault.code != "index_damaged":
            raise
        return [fault.code]
    return []


def _size(case_dir: Path) -> int:
    """Bytes of all files of chunks and index; files that go away meanwhile do not count."""
    return sum(
        path.stat().st_size
        for folder in (CHUNKS, INDEX, SEARCH)
        for path in (case_dir / folder).rglob("*")
        if path.is_file()
    )
