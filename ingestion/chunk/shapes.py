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

_BENIGN, _SUSPICIOUS = 1, 2
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(slots=True)
class Shapes:
    """All shapes of a state, numbered in the order of first sight."""

    vocabulary: Vocabulary
    tags: Tags
    size: int
    ids: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)
    _hashes: dict[int, int] = field(default_factory=dict)

    def codes(self, chunks: Chunks) -> NDArray[np.int32]:
        """The shape of each chunk; words are made only for shapes not seen before."""
        alike = self._alike(chunks)
        distinct, first, inverse = np.unique(alike, return_index=True, return_inverse=True)
        codes = [self._code(one, chunks, row) for one, row in zip(distinct.tolist(), first.tolist(), strict=True)]
        return np.array(codes, np.int32)[inverse]

    def _alike(self, chunks: Chunks) -> NDArray[np.uint64]:
        """Equal for chunks of one shape. Benign ones: their most telling line without detail, and their kinds."""
        leading = self.vocabulary.coarse[chunks.templates.codes[chunks.templates.starts[:-1]]].astype(np.uint64)
        benign = _mixed(leading * np.uint64(4) + np.uint64(_BENIGN)) + _mixed(chunks.kinds) * np.uint64(31)
        found = benign
        suspicious = np.flatnonzero(chunks.types)
        if len(suspicious):
            everything = _mixed(chunks.types.astype(np.uint64) * np.uint64(4) + np.uint64(_SUSPICIOUS))
            everything += _mixed(chunks.kinds) * np.uint64(31)
            for place, listed in enumerate((chunks.templates, chunks.agents, chunks.users)):
                everything += _sums(listed, place)
            found = np.where(chunks.types != 0, everything, benign)
        return found

    def _code(self, alike: int, chunks: Chunks, row: int) -> int:
        code = self._hashes.get(alike)
        if code is None:
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
        types = _words(self.tags.types, int(chunks.types[row]))
        kinds = _words(self.tags.kinds, int(chunks.kinds[row]))
        if not types:
            coarse = self.vocabulary.coarse[chunks.templates.codes[chunks.templates.starts[row]]]
            return chunk_text(Content(kinds, ((self.vocabulary.texts[coarse], 0),)), self.size)
        content = Content(
            types + kinds,
            tuple((text, 0) for text in self._listed(chunks.templates, row)),
            agents=self._listed(chunks.agents, row),
            users=self._listed(chunks.users, row),
        )
        return chunk_text(content, self.size)

    def _listed(self, listed: Listed, row: int) -> tuple[str, ...]:
        """The words of a list in an order that does not depend on counts."""
        chosen = slice(listed.starts[row], listed.starts[row + 1])
        codes, hits = listed.codes[chosen], listed.hits[chosen]
        order = np.lexsort((self.vocabulary.digests[codes], -self.vocabulary.telling[codes], ~hits))
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
    step, one, two = _MIX
    found = numbers + step
    found = (found ^ (found >> np.uint64(30))) * one
    found = (found ^ (found >> np.uint64(27))) * two
    return np.asarray(found ^ (found >> np.uint64(31)))
