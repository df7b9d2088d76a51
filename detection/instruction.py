"""Does a text order a language model about? Imperatives with an object, not words about prompts, decide.

A title or a search *about* prompts speaks of instructions; an attack gives them: it begins a clause with the
imperative, it names what the reader was told before or how to judge the log, or it imitates the frame of a chat (roles,
special tokens). Fields that no person writes into (user agents, headers, user names) need one such sign, addresses and
parameters need one at the beginning of a clause, or two of different kinds.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.field import Field
from detection.instruction_words import CERTAIN, FRAME, SIGNS, TALK
from detection.sql import values

END = 1500
"""So much of a long text's beginning, and of its end, is read: a reader in a hurry does no more."""

_FREE = frozenset({Field.USER_AGENT, Field.USER, Field.OTHER})
"""Fields in which no person writes sentences."""

_ADDRESS = re.compile(rb"[a-z][a-z0-9+.-]{1,12}://", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,4000}={0,2}")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]")
_SEPARATED = re.compile(r"(?<=\w)[-_+~]+(?=\w)")
_SLUG = re.compile(r"[\w/.~+%-]+")
_SPACES = re.compile(r"[\s\x0b]+")
_OPENING = ".!?;:\"'([{<>*#=|/,、。！？「『（…-"
_POLITE = frozenset("please now instead kindly then so also first just important attention".split())


@dataclass(frozen=True, slots=True)
class _Text:
    """What is looked at: compatibility forms folded, invisible characters gone; `slug`: words joined by signs only."""

    words: str
    slug: bool


def is_instruction(record: bytes, field: Field) -> bool:
    """Whether a value of the record, or what is encoded in it, gives orders to a model."""
    free = field in _FREE or (field is Field.REFERRER and not _ADDRESS.match(record))
    if any(_orders(_read(value), free) for value in _values(record, field)):
        return True
    return any(_orders(_read(text), free=True) for text in _encoded(record[: 4 * END]))


def _values(record: bytes, field: Field) -> Iterator[bytes]:
    if field in (Field.QUERY, Field.REFERRER):
        yield from values(record, field)
    else:
        yield record


def _read(value: bytes) -> _Text:
    if len(value) > 2 * END:
        value = value[:END] + b"\x0b" + value[-END:]
    text = _TAGS.sub(lambda found: chr(ord(found[0]) - 0xE0000), value.decode("utf-8", "replace"))
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    slug = text.isascii() and _SLUG.fullmatch(text) is not None
    return _Text(_SPACES.sub(" ", _SEPARATED.sub(" ", text) if slug else text).strip(), slug)


def _orders(text: _Text, free: bool) -> bool:
    if FRAME.search(text.words):
        return True
    kinds = {kind for kind, pattern in SIGNS if pattern.search(text.words)}
    if free:
        return bool(kinds & _ENOUGH) or len(kinds) > 1
    if TALK.search(text.words):
        return "verdict" in kinds and len(kinds) > 1
    if len(kinds) > 1:
        return True
    return not text.slug and any(_begins_clause(text.words, found.start()) for found in CERTAIN.finditer(text.words))


_ENOUGH = frozenset({"override", "verdict", "persona", "exfiltration"})


def _begins_clause(words: str, start: int) -> bool:
    before = words[:start].rstrip()
    return not before or before[-1] in _OPENING or before.rpartition(" ")[2] in _POLITE or not words[start].isascii()


def _encoded(record: bytes) -> Iterator[bytes]:
    """Readable text that stands in the record as base64."""
    for found in _BASE64.finditer(record):
        token = found[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        token = token[: len(token) - (len(token) % 4 == 1)]
        try:
            text = base64.b64decode(token + b"=" * (-len(token) % 4))
        except binascii.Error:
            continue
        if text and sum(32 <= byte < 127 or byte > 127 for byte in text) > 0.95 * len(text):
            yield text
