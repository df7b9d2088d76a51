"""The telling words of a question: those that a log line may hold, as they are written."""

import re

LONGEST_WORDS = 4_000
"""Characters of a question that are read."""

MOST = 12
"""Words that are looked for; a longer question is a text, not a search."""

LONGEST = 120
"""Characters of a word that are looked for."""

_QUOTED = re.compile(r"[\"“「『`]([^\"”」』`\x00-\x1f]{2,120})[\"”」』`]")
_PIECE = re.compile(r"[A-Za-z0-9_./%~+&=:;@$!#*<>()\\-]+|[^\x00-\x7f\s、。?!「」『』()・…“”]+")
_EDGES = ".,:;!?()<>*"
_SAID_BY_ASKERS = frozenset(
    """
    a about after against all an and any anyone are around as ask asked at attack attacked attacks attempt attempts be
    been before between but by can case come comes count day did do does during each every explain file files find first
    for found from get give given had happen happened has have help her his hour hours how if in into ip ips is it its
    last latest less let like line lines list log logs look many may me minute minutes more most much my night no not of
    on one only or other our out please pls question raw request requests same say search see server show site so some
    somebody someone tell than that the their them then there these they this those time times to today too top try type
    types under until up us user users want was we were what when where which while who whom whose why will with would
    yesterday you your
    """.split()
)


def telling_words(question: str) -> tuple[str, ...]:
    """Up to `MOST` different words: quoted texts, then those in ASCII, then others, each in the order asked.

    ASCII letters are small; words that questions are made of are left out. Any text is allowed; a lone surrogate, which
    no stored text holds, makes its word fall out.
    """
    text = question[:LONGEST_WORDS]
    quoted = [one.strip() for one in _QUOTED.findall(text)]
    plain = [piece.strip(_EDGES)[:LONGEST] for piece in _PIECE.findall(_QUOTED.sub(" ", text))]
    plain.sort(key=lambda word: not word.isascii())
    words = dict.fromkeys(_small(word) for word in (*quoted, *plain) if _tells(word))
    return tuple(words)[:MOST]


def _small(word: str) -> str:
    """In small letters as lines are searched: those of ASCII only."""
    return word.lower() if word.isascii() else word


def _tells(word: str) -> bool:
    if not word or any("\ud800" <= letter <= "\udfff" for letter in word):
        return False
    if not word.isascii():
        return len(word) > 1
    if not any(letter.isalnum() for letter in word):
        return False
    return word.lower() not in _SAID_BY_ASKERS and (len(word) > 2 or not word.isalpha())
