"""The built-in embedder: concepts and spellings hashed to a vector in whole numbers, the same on every machine."""

from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from stores.embedding.concepts import LONGEST_PHRASE, PLACES, Concepts, built_in_concepts
from stores.embedding.grams import add_grams, mixed
from stores.embedding.protocol import Vectors
from stores.embedding.words import all_words_of, latin_parts, says_something, stem

VERSION = 1
DIMENSIONS = 384
SPELLING = DIMENSIONS - PLACES - 1
"""Dimensions that words and their pieces are hashed to; the last one is for texts that say nothing."""

ABOUT = 0.6
"""How much of the likeness of two texts is what they are about; the rest is how it is spelled."""

_BATCH = 256
_MOST_REMEMBERED = 40_000
_SILENT = -1
_ROW_BITS = 32
_LOW = np.uint64(0xFFFFFFFF)
_WORD_WEIGHT, _PAIR_WEIGHT = 4, 2

Whole = NDArray[np.int64]
Codes = NDArray[np.uint64]


class BuiltIn:
    """Needs no download and no training: a text's vector depends on the text alone.

    The first places tell which concepts the text names, in either language; the others hold its words, pairs of words
    and pieces of words. Each of the two parts has a length of its own, so that a long text is as near as a short one.
    """

    def __init__(self) -> None:
        self._concepts = built_in_concepts()
        self._phrases = _Phrases(self._concepts)
        self._lock = Lock()
        self._forget()

    @property
    def name(self) -> str:
        """Changes with the code's version and with the table of concepts."""
        return f"built-in-{VERSION}-{self._concepts.digest}"

    @property
    def dimensions(self) -> int:
        """Columns of the vectors."""
        return DIMENSIONS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions), rows of unit length; the same text gives the same bits, whatever is asked beside it."""
        found = np.zeros((len(texts), DIMENSIONS), np.float32)
        with self._lock:
            for start in range(0, len(texts), _BATCH):
                found[start : start + _BATCH] = self._batch(texts[start : start + _BATCH])
        return found

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float64]:
        words = [all_words_of(text) for text in texts]
        if len(self._places) > _MOST_REMEMBERED:
            self._forget()
        self._learn({word for each in words for word in each} - self._places.keys())
        places = np.array([self._places[word] for each in words for word in each], np.int64)
        rows = np.repeat(np.arange(len(texts)), [len(each) for each in words])
        rows, places = rows[places != _SILENT], places[places != _SILENT]
        spelling = np.zeros((len(texts), SPELLING), np.int64)
        about = np.zeros((len(texts), PLACES), np.int64)
        if len(rows):
            self._add_words(places, rows, spelling, about)
            _add_pairs(self._codes[places], rows, spelling)
            self._phrases.add(self._stems[places], rows, about)
        return _joined(_damped(about), spelling)

    def _add_words(self, places: Whole, rows: Whole, spelling: Whole, about: Whole) -> None:
        """Each different word of a text, with what its pieces hash to and what a Japanese run names."""
        keys, counts = np.unique((rows << _ROW_BITS) | places, return_counts=True)
        rows, places = keys >> _ROW_BITS, keys & ((1 << _ROW_BITS) - 1)
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        # these are whole numbers far below 2^24: float32 adds them exactly, in whatever order
        weighted = self._spelling[places] * _damped(counts).astype(np.float32)[:, None]
        spelling[rows[starts]] = np.add.reduceat(weighted, starts, axis=0)
        naming = self._naming[places]
        np.add.at(about, rows[naming], (self._about[places[naming]] * counts[naming, None]))

    def _forget(self) -> None:
        self._places: dict[str, int] = {}
        self._codes: Codes = np.zeros(0, np.uint64)
        self._stems: Codes = np.zeros(0, np.uint64)
        self._spelling = np.zeros((0, SPELLING), np.float32)
        self._about: Whole = np.zeros((0, PLACES), np.int64)
        self._naming = np.zeros(0, np.bool_)

    def _learn(self, new: set[str]) -> None:
        """Works out the words that were not met before."""
        self._places |= {word: _SILENT for word in new if not says_something(word)}
        words = sorted(new - self._places.keys())
        if not words:
            return
        codes = np.array([_code(word) for word in words], np.uint64)
        spelling = np.zeros((len(words), SPELLING), np.int64)
        signs = np.where(codes & np.uint64(1), _WORD_WEIGHT, -_WORD_WEIGHT)
        spelling[np.arange(len(words)), (codes >> np.uint64(33)).astype(np.int64) % SPELLING] = signs
        add_grams(words, spelling)
        self._places |= {word: len(self._codes) + place for place, word in enumerate(words)}
        self._codes = np.concatenate([self._codes, codes])
        self._stems = np.concatenate([self._stems, np.array([_code(stem(word)) for word in words], np.uint64)])
        self._spelling = np.concatenate([self._spelling, spelling.astype(np.float32)])
        self._about = np.concatenate([self._about, np.array([self._named(word) for word in words], np.int64)])
        self._naming = np.any(self._about, axis=1)

    def _named(self, word: str) -> list[int]:
        """How often each concept is named inside one word: a Japanese run may name many."""
        found = [0] * PLACES
        if word.isascii():
            return found  # English phrases are looked up as sequences
        named = [self._concepts.english.get((stem(part),), {}) for part in latin_parts(word)]
        named += [meant for phrase, meant in self._concepts.japanese.items() if phrase in word]
        for meant in named:
            for place, weight in meant.items():
                found[place] += weight
        return found


def _add_pairs(codes: Codes, rows: Whole, spelling: Whole) -> None:
    """Each different pair of neighbours in a text."""
    beside = rows[1:] == rows[:-1]
    pairs = mixed(codes[:-1] * np.uint64(3) + codes[1:])[beside] & _LOW
    seen = np.unique((rows[1:][beside].astype(np.uint64) << np.uint64(32)) | pairs).astype(np.int64)
    places = (seen >> 32) * SPELLING + ((seen & int(_LOW)) >> 1) % SPELLING
    signs = np.where(seen & 1, _PAIR_WEIGHT, -_PAIR_WEIGHT)
    spelling += np.bincount(places, signs, spelling.size).astype(np.int64).reshape(spelling.shape)


class _Phrases:
    """English phrases of one to three words, looked up by hash."""

    def __init__(self, concepts: Concepts) -> None:
        by_code = {_sequence([_code(word) for word in words]): places for words, places in concepts.english.items()}
        self._codes = np.array(sorted(by_code), np.uint64)
        self._named = np.zeros((len(by_code), PLACES), np.int64)
        for row, code in enumerate(self._codes.tolist()):
            self._named[row, list(by_code[code])] = list(by_code[code].values())

    def add(self, stems: Codes, rows: Whole, about: Whole) -> None:
        """Adds to `about` (texts x concepts) what the words of each row name."""
        running = np.zeros(len(stems), np.uint64)
        for length in range(1, LONGEST_PHRASE + 1):
            if len(stems) < length:
                return
            inside = rows[length - 1 :] == rows[: len(rows) - length + 1]
            running = mixed(running[: len(stems) - length + 1] * np.uint64(5) + stems[length - 1 :])
            found = np.minimum(np.searchsorted(self._codes, running), len(self._codes) - 1)
            matches = inside & (self._codes[found] == running)
            np.add.at(about, rows[length - 1 :][matches], self._named[found[matches]])


def _sequence(codes: Sequence[int]) -> int:
    running = np.zeros(1, np.uint64)
    for code in codes:
        running = mixed(running * np.uint64(5) + np.uint64(code))
    return int(running[0])


def _code(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


_DAMPED = np.array([count.bit_length() for count in range(256)], np.int64)


def _damped(counts: Whole) -> Whole:
    """1, 2, 2, 3, 3, 3, 3, 4 …: the tenth time says less than the first; whole numbers have no rounding."""
    return _DAMPED[np.minimum(counts, len(_DAMPED) - 1)]


def _joined(about: Whole, spelling: Whole) -> NDArray[np.float64]:
    lengths = [np.sqrt((part * part).sum(axis=1).astype(np.float64)) for part in (about, spelling)]
    shares = [np.where(lengths[0] > 0, ABOUT, 0.0), np.where(lengths[1] > 0, 1 - ABOUT, 0.0)]
    total = np.maximum(shares[0] + shares[1], 1e-9)
    parts = [
        part * (np.sqrt(share / total) / np.maximum(length, 1.0))[:, None]
        for part, share, length in zip((about, spelling), shares, lengths, strict=True)
    ]
    silent = (lengths[0] == 0) & (lengths[1] == 0)
    return np.concatenate([*parts, silent[:, None].astype(np.float64)], axis=1)
