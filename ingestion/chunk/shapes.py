"""Shapes: chunks that read alike share one text, which is embedded and stored once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingestion.chunk.tags import Tags
from ingestion.chunk.vocabulary import Vocabulary
from ingestion.chunk.windows import Chunks, Listed
from stores.chunk_text import Content, chunk_text

MOST = 15_000
"""Different texts of suspicious chunks, and of benign ones, that are told apart; what comes later shares coarser ones.

Somebody who never asks for the same thing twice could else fill an index with as many vectors as there are windows.
"""

_TELLING = 2
"""An error counts as much as being four times as rare, for each step on the scale of `Template.telling`."""

_BENIGN, _SUSPICIOUS = 1, 2
_STEP, _ONE, _TWO = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is known of each text while one part is worked on."""

    digests: NDArray[np.uint64]
    telling: NDArray[np.int8]
    kinds: NDArray[np.uint64]
    coarse: NDArray[np.int32]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "_Texts":
        return cls(vocabulary.digests, vocabulary.telling, vocabulary.kinds, vocabulary.coarse)


@dataclass(slots=True)
class Shapes:
    """All shapes of a state, numbered in the order of first sight."""

    vocabulary: Vocabulary
    tags: Tags
    size: int
    most: int = MOST
    ids: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)
    _hashes: dict[int, int] = field(default_factory=dict)
    _leading: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    _known_texts: _Texts = field(default_factory=lambda: _Texts.of(Vocabulary()))
    _told_apart: list[int] = field(default_factory=lambda: [0, 0])

    def codes(self, chunks: Chunks) -> NDArray[np.int32]:
        """The shape of each chunk; words are made only for shapes not seen before."""
        self._known_texts = _Texts.of(self.vocabulary)
        self._leading = self._leaders(chunks.templates)
        alike = self._alike(chunks)
        distinct, first, inverse = np.unique(alike, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")  # as they come, so that the same lines give the same shapes
        codes = np.empty(len(distinct), np.int32)
        for place in order.tolist():
            codes[place] = self._code(int(distinct[place]), chunks, int(first[place]))
        return codes[inverse]

    def _leaders(self, listed: Listed) -> NDArray[np.int32]:
        """The line that stands for each chunk: rare in the whole log, or telling by itself."""
        codes, known = listed.codes, self._known_texts
        common = self.vocabulary.frequency[codes] - _TELLING * known.telling[codes]
        chunk = np.repeat(np.arange(len(listed.total)), np.diff(listed.starts))
        order = np.lexsort((known.digests[codes], common, ~listed.hits, chunk))
        return codes[order[listed.starts[:-1]]]

    def _alike(self, chunks: Chunks) -> NDArray[np.uint64]:
        """Equal for chunks of one shape. Benign ones: the line that stands for them."""
        leading = self._leading.astype(np.uint64)
        benign = _mixed(leading * np.uint64(4) + np.uint64(_BENIGN))
        if not chunks.types.any():
            return benign
        everything = _mixed(chunks.types.astype(np.uint64) * np.uint64(4) + np.uint64(_SUSPICIOUS))
        everything += _mixed(chunks.kinds) * np.uint64(31)
        for place, listed in enumerate((chunks.templates, chunks.agents, chunks.users)):
            everything += _sums(listed, place)
        return np.where(chunks.types != 0, everything, benign)

    def _code(self, alike: int, chunks: Chunks, row: int) -> int:
        code = self._hashes.get(alike)
        if code is not None:
            return code
        kind = int(chunks.types[row] != 0)
        if self._told_apart[kind] >= self.most:
            return self._numbered(self._coarse_text(chunks, row))
        self._told_apart[kind] += 1
        code = self._hashes[alike] = self._numbered(self._text(chunks, row))
        return code

    def _numbered(self, text: str) -> int:
        name = hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16]
        code = self._known.get(name)
        if code is None:
            code = self._known[name] = len(self.ids)
            self.ids.append(name)
            self.texts.append(text)
        return code

    def _text(self, chunks: Chunks, row: int) -> str:
        if not chunks.types[row]:
            leading = self.vocabulary.texts[self._leading[row]]
            return chunk_text(Content(self._tags(chunks, row), ((leading, 0),)), self.size)
        content = Content(
            self._tags(chunks, row),
            tuple((text, 0) for text in self._listed(chunks.templates, row)),
            agents=self._listed(chunks.agents, row),
            users=self._listed(chunks.users, row),
        )
        return chunk_text(content, self.size)

    def _coarse_text(self, chunks: Chunks, row: int) -> str:
        """Tags, and the class of the most telling line where the texts of those are not too many by themselves."""
        coarse = int(self._known_texts.coarse[self._leading[row]])
        listed = ((self.vocabulary.texts[coarse], 0),) if coarse < self.most else ()
        return chunk_text(Content(self._tags(chunks, row), listed), self.size)

    def _tags(self, chunks: Chunks, row: int) -> tuple[str, ...]:
        """Of all lines of a suspicious chunk, of the line that stands for a benign one."""
        types = int(chunks.types[row])
        kinds = int(chunks.kinds[row] if types else self._known_texts.kinds[self._leading[row]])
        return _words(self.tags.types, types) + _words(self.tags.kinds, kinds)

    def _listed(self, listed: Listed, row: int) -> tuple[str, ...]:
        """The words of a list in an order that does not depend on counts."""
        chosen = slice(listed.starts[row], listed.starts[row + 1])
        codes, hits = listed.codes[chosen], listed.hits[chosen]
        known = self._known_texts
        order = np.lexsort((known.digests[codes], -known.telling[codes], ~hits))
        return tuple(self.vocabulary.texts[code] for code in codes[order].tolist())


def _words(bits: Sequence[tuple[str, str]], mask: int) -> tuple[str, ...]:
    return tuple(tag for place, (_, tag) in enumerate(bits) if mask >> place & 1)


def _sums(listed: Listed, place: int) -> NDArray[np.uint64]:
    """Of each chunk's list, whatever its order."""
    mixed = _mixed(listed.codes.astype(np.uint64) * np.uint64(8) + np.uint64(place))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    return np.asarray(sums[listed.starts[1:]] - sums[listed.starts[:-1]])


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers spread over all 64 bits, so that their sums do not meet."""
    found = numbers + _STEP
    found = (found ^ (found >> np.uint64(30))) * _ONE
    found = (found ^ (found >> np.uint64(27))) * _TWO
    return np.asarray(found ^ (found >> np.uint64(31)))
