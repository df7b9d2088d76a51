"""The concepts that texts are about: a table of phrases in two languages, read strictly from `concepts.toml`."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from core.errors import ContentError
from stores.embedding.words import says_something, stem, words_of

FILE = Path(__file__).with_name("concepts.toml")
PLACES = 96
"""Dimensions kept for concepts: more concepts than that do not fit."""

LONGEST_PHRASE = 3
NAMED, IMPLIED = 2, 1
_Phrase = TypeVar("_Phrase")
_KEYS = {"en": True, "ja": True, "implies": False}


@dataclass(frozen=True, slots=True)
class Concepts:
    """`names` in their places; stemmed English phrases and Japanese pieces, each with the places they stand for.

    A place comes with how much a phrase means it: NAMED, or IMPLIED. `digest` changes whenever the table does.
    """

    names: tuple[str, ...]
    english: Mapping[tuple[str, ...], Mapping[int, int]]
    japanese: Mapping[str, Mapping[int, int]]
    digest: str


@cache
def built_in_concepts() -> Concepts:
    """The table that comes with the embedder."""
    return read_concepts(FILE.read_bytes(), FILE.name)


def read_concepts(content: bytes, file: str) -> Concepts:
    """A table from TOML; `ContentError("bad_content_file")` names what is wrong in it."""
    try:
        table = tomllib.loads(content.decode())
    except ValueError as error:
        raise ContentError("rule_not_toml", file=file, problem=str(error)) from error
    names = tuple(table)
    if not 0 < len(names) <= PLACES:
        raise _bad(file, "", f"1 to {PLACES} concepts")
    english: dict[tuple[str, ...], dict[int, int]] = {}
    japanese: dict[str, dict[int, int]] = {}
    for name, entry in table.items():
        _check(file, names, name, entry)
        meant = {names.index(one): IMPLIED for one in entry.get("implies", ())} | {names.index(name): NAMED}
        for phrase in entry["en"]:
            _add(english, _english(file, name, phrase), meant)
        for phrase in entry["ja"]:
            _add(japanese, _japanese(file, name, phrase), meant)
    return Concepts(names, english, japanese, hashlib.sha256(content).hexdigest()[:12])


def _add(table: dict[_Phrase, dict[int, int]], phrase: _Phrase, meant: Mapping[int, int]) -> None:
    entry = table.setdefault(phrase, {})
    for place, weight in meant.items():
        entry[place] = max(weight, entry.get(place, 0))


def _check(file: str, names: tuple[str, ...], name: str, entry: object) -> None:
    if not isinstance(entry, dict) or entry.keys() - _KEYS.keys():
        raise _bad(file, name, f"a table with the keys {', '.join(_KEYS)}")
    for key, needed in _KEYS.items():
        texts = entry.get(key, None if needed else [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or (needed and not texts):
            raise _bad(file, f"{name}.{key}", "a list of texts")
        if len(set(texts)) < len(texts):
            raise _bad(file, f"{name}.{key}", "each text once")
    unknown = set(entry.get("implies", ())) - set(names)
    if unknown:
        raise _bad(file, f"{name}.implies", f"no such concept: {', '.join(sorted(unknown))}")


def _english(file: str, name: str, phrase: str) -> tuple[str, ...]:
    words = tuple(stem(word) for word in words_of(phrase))
    if not phrase.isascii() or not 0 < len(words) == len(phrase.split()) <= LONGEST_PHRASE:
        raise _bad(file, f"{name}.en", f"{phrase!r}: 1 to {LONGEST_PHRASE} English words that say something")
    return words


def _japanese(file: str, name: str, phrase: str) -> str:
    words = words_of(phrase)
    if phrase.isascii() or len(words) != 1 or not says_something(words[0]):
        raise _bad(file, f"{name}.ja", f"{phrase!r}: one run of Japanese, with Latin letters at most before it")
    return words[0]


def _bad(file: str, key: str, problem: str) -> ContentError:
    return ContentError("bad_content_file", file=file, key=key, problem=problem)
