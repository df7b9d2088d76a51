"""What retrieval found, which ways were searched, and how much of the case the index knew."""

from dataclasses import dataclass
from enum import StrEnum

from core.chunk import Chunk
from core.line import LineRef
from core.part import Note
from core.selector import Selector
from retrieval.pack import Packed


class Way(StrEnum):
    """How something can be found."""

    DENSE = "dense"  # by meaning: vectors of the index
    KEYWORD = "keyword"  # by words: the index of words
    RAW = "raw"  # by words in the lines themselves, without an index


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk with its fused score (higher is better) and its rank from 1 in each way, None where it was not found."""

    chunk: Chunk
    score: float
    dense: int | None
    keyword: int | None


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line that holds words of the question."""

    ref: LineRef
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Of the case's `chunks`, those of `indexed` of all `shapes` can be found; `current`: no line is in none."""

    indexed: int
    shapes: int
    chunks: int
    current: bool

    @property
    def whole(self) -> bool:
        """Whether nothing of the case is missing from the index."""
        return self.current and self.indexed >= self.shapes


NO_INDEX = Completeness(0, 0, 0, current=False)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found, best first.

    `hits` come from the index, `lines` from the lines themselves (only where the index is missing or not whole).
    `packed` is what of the hits fits the token budget. `words` were looked for, `selector` narrowed it. `notes` are
    codes for whoever reads the answer:
    index_missing, index_stale (lines or rules are newer), index_incomplete, index_damaged, index_other_embedder;
    raw_lines, raw_lines_cut: the lines themselves were searched, and held more than could be ranked;
    words_cut, no_words, chunks_cut: of the question, and of a selector that too many chunks had to be looked at for.
    """

    hits: tuple[Hit, ...]
    lines: tuple[RawLine, ...]
    packed: Packed
    words: tuple[str, ...]
    selector: Selector
    ways: tuple[Way, ...]
    index: Completeness
    notes: tuple[Note, ...] = ()
