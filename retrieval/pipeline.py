"""From the words of a question to the chunks and lines that answer it; the only place that knows the order."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from core.chunk import Chunk
from core.errors import StorageError
from core.part import Note
from core.selector import Selector
from retrieval.among import Among
from retrieval.fuse import Fused
from retrieval.held import Held
from retrieval.pack import PER_SHAPE, Packed, pack
from retrieval.raw_lines import RawLines, search_lines
from retrieval.retrieved import NO_INDEX, Completeness, Hit, Retrieved, Way
from retrieval.search import Members, chunks_of, search_shapes, unasked
from retrieval.telling import LONGEST_WORDS, telling_words
from retrieval.tokens import TokenCounter, token_counter
from stores.chunks import ChunkStore
from stores.embedding import Embedder
from stores.index import IndexChoice, as_it_leaves
from stores.index.protocol import VectorIndex
from stores.lake import Lake

MOST_HITS = 20
BUDGET = 6_000
"""Tokens of log text that a model is shown, unless somebody says otherwise."""

_INDEX_FAULTS = {
    "chunks_damaged": "index_damaged",
    "index_damaged": "index_damaged",
    "index_embedder_mismatch": "index_other_embedder",
    "search_unreachable": "index_unreachable",
    "search_silent": "index_unreachable",
    "search_busy": "index_unreachable",
    "search_broken": "index_unreachable",
    "search_garbled": "index_unreachable",
    "search_identity": "index_refused",
    "search_key_refused": "index_refused",
    "search_role_refused": "index_refused",
    "search_rejected": "index_refused",
    "search_schema": "index_refused",
    "extra_missing": "index_refused",
    "search_no_index": "index_damaged",
    "embedding_failed": "embedding_failed",
}
"""Notes for what may be wrong with an index: mended by indexing again, by waiting, or by its settings."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, and how much of it: `k` hits, and a text of `budget` tokens as `counter` counts them."""

    words: str
    selector: Selector = field(default_factory=Selector)
    k: int = MOST_HITS
    budget: int = BUDGET
    counter: TokenCounter = field(default_factory=token_counter)


def retrieve(
    case_dir: Path,
    words: str,
    selector: Selector,
    *,
    embedder: Embedder,
    k: int = MOST_HITS,
    budget_tokens: int = BUDGET,
    counter: TokenCounter | None = None,
    lake: Lake | None = None,
    held: Held | None = None,
    where: IndexChoice | None = None,
) -> Retrieved:
    """What of the case fits the words among the lines that the selector picks; any text at all is allowed.

    `lake` is the case as the caller has it open, with the hits it has joined; without one the newest state is opened.
    `held` keeps chunks and index open for the next question; `where` the index is, when it is not on this disk.
    Without an index, or with one that does not know all lines, the lines themselves are searched as well, and the
    notes say so. Raises what `Lake.open` does and `InputError` for a selector that cannot be asked; nothing else.
    """
    wanted = Wanted(words, selector, k, budget_tokens, counter or token_counter())
    embedder = as_it_leaves(embedder, where)
    with ExitStack() as stack:
        known = lake or stack.enter_context(Lake.open(case_dir))
        try:
            with (held or Held(0)).opened(case_dir, embedder, where) as opened:
                if opened.store.built is not None:
                    return retrieve_from(opened.store, opened.index, known, embedder, wanted)
            return without_index(known, wanted, Note("index_missing"))
        except StorageError as fault:
            return without_index(known, wanted, _note_of(fault))


def retrieve_from(store: ChunkStore, index: VectorIndex, lake: Lake, embedder: Embedder, wanted: Wanted) -> Retrieved:
    """The same with everything open; raises `StorageError` when chunks or index turn out to be damaged."""
    words, among = wanted.words[:LONGEST_WORDS], Among.of(lake, wanted.selector)
    fused = {one.id: one for one in search_shapes(index, store, embedder, words, among.picked)}
    members = Members(store, among.picked, among.most(wanted.k))
    said = bool(words.strip())

    def ranked(per_shape: int) -> Iterator[Chunk]:
        """Chunks best first; in order of time, those with hits first, when there are no words to rank them by."""
        if said:
            found = chunks_of(members, tuple(fused), among.most(per_shape))
        else:
            found = unasked(store, among.picked, among.most(wanted.k))
        return among.chunks(store, found)

    hits = tuple(_hit(chunk, fused.get(chunk.shape)) for chunk in islice(ranked(wanted.k), wanted.k))
    packed = pack(islice(ranked(PER_SHAPE), wanted.k), wanted.budget, wanted.counter.count)
    state = completeness(store, index, lake)
    raw = _raw_lines(lake, wanted, state)
    ways = (*((Way.DENSE, Way.KEYWORD) if said else ()), *((Way.RAW,) if raw is not None else ()))
    notes = (*_index_notes(state), *_notes(wanted, raw, cut=among.cut))
    return Retrieved(
        hits=hits,
        lines=raw.lines if raw else (),
        packed=packed,
        words=telling_words(words),
        selector=wanted.selector,
        ways=ways,
        index=state,
        notes=notes,
    )


def without_index(lake: Lake, wanted: Wanted, *notes: Note) -> Retrieved:
    """What the lines themselves give."""
    raw = search_lines(lake, telling_words(wanted.words), wanted.selector, wanted.k)
    return Retrieved(
        hits=(),
        lines=raw.lines,
        packed=Packed((), "", 0),
        words=telling_words(wanted.words),
        selector=wanted.selector,
        ways=(Way.RAW,),
        index=NO_INDEX,
        notes=(*notes, *_notes(wanted, raw, cut=False)),
    )


def completeness(store: ChunkStore, index: VectorIndex, lake: Lake) -> Completeness:
    """How much of the case the index knows: how many of its shapes, and whether they were made of all lines of now."""
    built = store.built
    if built is None:
        return NO_INDEX
    indexed = index.count()
    if indexed != built.shapes:
        indexed = len(index.ids() & frozenset(store.shapes()))
    return Completeness(indexed, built.shapes, built.chunks, built.lake == lake.state)


def _hit(chunk: Chunk, found: Fused | None) -> Hit:
    return Hit(chunk, 0.0, None, None) if found is None else Hit(chunk, found.score, *found.ranks[:2])


def _raw_lines(lake: Lake, wanted: Wanted, state: Completeness) -> RawLines | None:
    """Lines are searched themselves only where the index does not know them all."""
    return None if state.whole else search_lines(lake, telling_words(wanted.words), wanted.selector, wanted.k)


def _note_of(fault: StorageError) -> Note:
    """What a fault of the index means for the reader; a fault of the lake is not caught here."""
    if fault.code not in _INDEX_FAULTS:
        raise fault
    return Note(_INDEX_FAULTS[fault.code])


def _index_notes(state: Completeness) -> tuple[Note, ...]:
    stale = () if state.current else (Note("index_stale"),)
    facts = {"indexed": state.indexed, "shapes": state.shapes}
    return stale if state.indexed >= state.shapes else (*stale, Note("index_incomplete", facts))


def _notes(wanted: Wanted, raw: RawLines | None, *, cut: bool) -> tuple[Note, ...]:
    """What the reader must know of the search itself."""
    said = {
        "words_cut": len(wanted.words) > LONGEST_WORDS,
        "no_words": not wanted.words.strip(),
        "chunks_cut": cut,
        "raw_lines": raw is not None,
        "raw_lines_cut": raw is not None and raw.cut,
    }
    facts = {"words_cut": {"read": LONGEST_WORDS}}
    return tuple(Note(code, facts.get(code, {})) for code, holds in said.items() if holds)
