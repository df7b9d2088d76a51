"""Counting the tokens of a text without a network: exactly where the vocabulary is at hand, else from above."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEFAULT = "o200k_base"
"""The vocabulary of a model that is not known by name."""

_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
"""Never asked for: its SHA-1 is the name under which tiktoken keeps the file."""

_SHA256 = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
_SAME_RANKS = {"o200k_harmony": "o200k_base"}

_TAIL = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
PATTERNS = {
    "o200k_base": "|".join((
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + _TAIL,
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + _TAIL,
        r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    )),
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
        r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
}  # fmt: skip
"""How a text is cut before its pieces are merged (tiktoken_ext/openai_public.py of tiktoken 0.14, MIT)."""


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts tokens; where not `exact`, `count` is never below the truth. `name` is the vocabulary's."""

    name: str
    exact: bool
    count: Callable[[str], int]


def token_counter(folder: Path | None = None, model: str = "") -> TokenCounter:
    """The counter for a model (the default vocabulary for one that is not known).

    `folder` is where tiktoken would keep its files (`TIKTOKEN_CACHE_DIR`); a missing, foreign or damaged file there
    means counting from above. No file is fetched, ever. Raises nothing.
    """
    name = vocabulary_of(model)
    count = None if folder is None else _exact(folder / file_name(name), name)
    return TokenCounter(name, count is not None, count or at_most)


def at_most(text: str) -> int:
    """No fewer than the tokens of the text in any byte-level vocabulary: the bytes of its UTF-8.

    Such a vocabulary starts from the 256 single bytes and every merge makes one token of two, so a text of n bytes has
    at most n tokens, however it is cut before. A vocabulary without merges reaches n: nothing tighter holds for all,
    and what a given one merges cannot be known without its file.
    """
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def vocabulary_of(model: str) -> str:
    """The vocabulary's name for a model's name; no file is looked at."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model)
    except KeyError:
        return DEFAULT
    return _SAME_RANKS.get(name, name)


def file_name(name: str) -> str:
    """The name of a vocabulary's file in a folder of tiktoken's."""
    return hashlib.sha1(_ADDRESS.format(name=name).encode(), usedforsecurity=False).hexdigest()


@cache
def _exact(path: Path, name: str) -> Callable[[str], int] | None:
    """A count by the vocabulary in the file, None when there is no such file or it is not what its name says."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != _SHA256.get(name):
        return None
    return counting(name, content)


def counting(name: str, content: bytes) -> Callable[[str], int]:
    """A count by the ranks of a vocabulary file: lines of a token in base 64 and its rank."""
    from tiktoken import Encoding

    rows = (line.split() for line in content.split(b"\n") if line)
    ranks = {base64.b64decode(token): int(rank) for token, rank in rows}
    encoding = Encoding(name, pat_str=PATTERNS[name], mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))
