"""Text of a model without anything that could be more than words: markup, links, and characters nobody sees."""

import re
import unicodedata
from dataclasses import dataclass

from answering.model import limits

_LINK = re.compile(
    # with its address, or by reference
    r"!?\[(?P<text>[^\[\]]{0,500})\]\s?(?:\((?:[^()]|\([^()]{0,500}\)){0,2000}\)|\[[^\[\]]{0,500}\])"
    r"|^\s{0,3}\[[^\[\]]{1,500}\]:\s*\S+.*$"
    r"|(?:(?<![A-Za-z0-9])(?:https?|ftp|file|data|javascript|vbscript|mailto):|//|(?<![A-Za-z0-9])www\.)"
    r"[^\s<>「」、。]{1,2000}",
    re.IGNORECASE | re.MULTILINE,
)
_TAG = re.compile(
    r"<[/!?]?[A-Za-z][^<>]{0,2000}>|<!--.*?-->|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE | re.DOTALL
)
_SIGNS = re.compile(
    r"```\w*|~~~|\*\*|__(?=\S)|(?<=\S)__|^\s{0,3}#{1,6}\s|\$\$|:[a-z_]+:(?=\s|$)|:material/\w+:", re.MULTILINE
)
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Clean:
    """`text` is one line of plain words; `removed` are the pieces that were taken out, made visible."""

    text: str
    removed: tuple[str, ...]


def clean(text: str) -> Clean:
    """Removes links and markup (the words of a link stay), then characters that are not seen or turn text around."""
    removed: list[str] = []
    kept = "".join(_seen(one, removed) for one in text[: limits.TEXT])
    for pattern in (_LINK, _TAG, _SIGNS):
        while True:  # what was taken apart may have stood inside each other
            shorter = pattern.sub(lambda found: _without(found, removed), kept)
            if shorter == kept:
                break
            kept = shorter
    return Clean(" ".join(kept.split()), tuple(removed))


def _seen(character: str, removed: list[str]) -> str:
    if character in "\n\r\t":
        return "\n" if character == "\n" else " "
    if unicodedata.category(character) in _UNSEEN:
        removed.append(visible(character))
        return ""
    return character


def _without(found: re.Match[str], removed: list[str]) -> str:
    removed.append(found[0])
    return found.groupdict().get("text") or ""


def visible(text: str) -> str:
    """The text shortened, with everything that is not seen written as `\\u{…}`."""
    short = text if len(text) <= limits.SAID else text[: limits.SAID] + "…"
    return "".join(f"\\u{{{ord(one):x}}}" if unicodedata.category(one) in _UNSEEN else one for one in short)


def flat(text: str) -> str:
    """The text with full-width and other compatible characters as plain ones, each in its place."""
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
