"""A text as the words that are embedded: one spelling for what means the same, without what means nothing."""

import re
import unicodedata

LONGEST_TEXT = 32_768
"""Characters of a text that are looked at."""

MOST_WORDS = 4_096
LONGEST_WORD = 64
"""A longer run without a break is cut into words of this length."""

_CODED = re.compile(r"%[0-9a-f]{2}|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}")
_LATIN_THEN_OTHER = re.compile(r"(?<=[a-z0-9])[ 　]+(?=[^\x00-\x7f])")
_WORD = re.compile(rf"[^\W_]{{1,{LONGEST_WORD}}}")
_LATIN = re.compile(r"[a-z0-9]+")
_OTHER = re.compile(r"[^\x00-\x7f]+")

MEANS_NOTHING = frozenset(
    """
    a about all also am an and any anyone anything are as at be been being but by can could did do does doing
    find for from get give gave got had has have having how i if in into is it its kind let may me might most
    much my no of on one or our out over please reveal see seen she should show so some somebody someone
    something tell than that the their them then there these they this those through to up us use using want was
    we were what when where whether which while who whom whose why will with would you your http https www com
    """.split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ors", "ion", "ions", "ed", "es", "er", "or", "s", "e", "y")
_SHORTEST_STEM = 4


def plain(text: str) -> str:
    """The beginning of a text in small letters, with one spelling for wide and narrow signs."""
    text = text[:LONGEST_TEXT].lower()
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).lower().replace("・", "")


def words_of(text: str) -> list[str]:
    """The words of a text that say something, in order."""
    return [word for word in all_words_of(text) if says_something(word)]


def all_words_of(text: str) -> list[str]:
    """The words of a text in order, in small letters; Japanese runs stay whole, with Latin letters before them.

    Percent codes and marks are left out.
    """
    text = plain(text)
    if not text.isascii():
        text = _LATIN_THEN_OTHER.sub("", text)
    if "%" in text or "\\" in text:
        text = _CODED.sub(" ", text)
    return _WORD.findall(text)[:MOST_WORDS]


def says_something(word: str) -> bool:
    """Whether a word is worth a place in a vector: "the" and numbers of four digits and more are not."""
    return word not in MEANS_NOTHING and not (len(word) > 3 and word.isdecimal())


def latin_parts(word: str) -> list[str]:
    """The runs of ASCII letters and digits in a word."""
    return _LATIN.findall(word)


def other_parts(word: str) -> list[str]:
    """The runs of other letters, Japanese ones above all."""
    return _OTHER.findall(word)


def stem(word: str) -> str:
    """An English word without its ending: guess, guesses, guessed and guessing are one."""
    if not word.isascii() or not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
