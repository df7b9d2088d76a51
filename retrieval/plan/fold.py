"""A question in one shape: width, case, spaces and dashes folded, every character knowing where it was written."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SAME = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "〜": "~", "～": "~", "∼": "~", "“": '"', "”": '"', "„": '"', "。": ".", "、": ",", "・": " ", "：": ":",
})  # fmt: skip
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_FULL_STOPS = "。｡"
_VOICED = {"ﾞ", "ﾟ", "゙", "゚"}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is lower-cased and `cased` is not; both have one length. `starts[i]`, `ends[i]` bound what was written."""

    text: str
    cased: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from `start` to `end` stand in the question as written."""
        if start >= end or not self.starts:
            return (0, 0)
        return self.starts[start], self.ends[end - 1]

    def with_word(self, start: int, end: int, word: str) -> "Folded":
        """The same question with another word in one place, which stands where the old one was written."""
        begin, stop = self.span(start, end)
        return Folded(
            self.text[:start] + word + self.text[end:],
            self.cased[:start] + word + self.cased[end:],
            (*self.starts[:start], *[begin] * len(word), *self.starts[end:]),
            (*self.ends[:start], *[stop] * len(word), *self.ends[end:]),
        )


def is_japanese(char: str) -> bool:
    """Whether a character is written without spaces around it: kana, kanji, the long vowel mark, 々 and 〇."""
    return (
        "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char in "々〇"
    )


def is_katakana(char: str) -> bool:
    """Whether a character belongs to a katakana word."""
    return "\u30a1" <= char <= "\u30fa" or char == "ー"


def fold(question: str) -> Folded:
    """Linear in the length of the question; any text is allowed, also lone surrogates."""
    kept: list[tuple[str, int, int]] = []
    for char, start, end in _characters(question):
        if char == " ":
            # A space beside a Japanese character says nothing: 「SQL インジェクション」 is one word.
            if kept and kept[-1][0] != " " and not is_japanese(kept[-1][0]):
                kept.append((char, start, end))
        else:
            if kept and kept[-1][0] == " " and is_japanese(char):
                kept.pop()
            kept.append((char, start, end))
            if char == "." and question[start] in _FULL_STOPS:
                kept.append((" ", start, end))  # "です。404は" has no ".404" in it
    if kept and kept[-1][0] == " ":
        kept.pop()
    cased = "".join(char for char, _, _ in kept)
    lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in cased)
    return Folded(lower, cased, tuple(start for _, start, _ in kept), tuple(end for _, _, end in kept))


def _characters(question: str) -> Iterator[tuple[str, int, int]]:
    """Every folded character with the place of what it came from; several may come from one (㏂, ﾊﾞ)."""
    at, length = 0, len(question)
    while at < length:
        end = at + 1
        while end < length and (question[end] in _VOICED or unicodedata.combining(question[end])):
            end += 1
        for char in unicodedata.normalize("NFKC", question[at:end]).translate(_SAME):
            if char.isspace():
                yield " ", at, end
            elif unicodedata.category(char) not in _INVISIBLE:
                yield char, at, end
        at = end
