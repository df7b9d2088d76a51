"""Numbers as they are written in prose, in digits and words of two languages, and what they say they count."""

import re
from collections.abc import Mapping
from functools import cache

from answering.model.known import BYTES, LINES, SECONDS_UNIT
from answering.model.words import prose

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENFOLD = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {
    **{word: number for number, word in enumerate(_SMALL.split())},
    **{word: 10 * number for number, word in enumerate(_TENFOLD.split(), 2)},
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_VAGUE_SCALES = "dozens?|hundreds|thousands|millions|scores?"
_ONE_WORD = "|".join(sorted((*_WORDS, *_SCALES), key=len, reverse=True))
_KANJI = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}

DIGITS = re.compile(
    r"(?<![A-Za-z0-9_])[+-]?(?:0[xX][0-9A-Fa-f]+|\d+(?:[.,]\d+)*(?:[eE][+-]?\d+\b)?)(?:\s?[万億兆千](?:\d+(?:[.,]\d+)*)?)*"
    r"(?:[kKMG]\b|\s(?:hundred|thousand|million|billion)\b)?",
    re.ASCII,
)
SPELLED = re.compile(
    rf"\b(?:{_ONE_WORD})(?:(?:[\s-]|\sand\s)(?:{_ONE_WORD}))*\b|\b(?:{_VAGUE_SCALES})\b", re.IGNORECASE | re.ASCII
)
KANJI = re.compile(
    r"[〇一二三四五六七八九]{3,}|(?<=[A-Za-z:]\s)[〇一二三四五六七八九十百千万億]+(?=\s[A-Za-z]|[.,])"
    r"|[〇一二三四五六七八九十百千万億]+(?=\s?(?:件|行|回|個|つ|種|台|名|人|秒|分|時間|日|%|度|[カかヶ]所|箇所|アドレス|ip|倍|割))",
    re.IGNORECASE | re.ASCII,
)
GLUED = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z_-]*\d[\w-]*|\d+[A-Za-z_][\w-]*", re.ASCII)
"""Digits inside a word."""
HARMLESS_WORDS = frozenset(
    "base64 ipv4 ipv6 http1 http2 http3 utf8 utf-8 utf-16 log4j log4shell oauth2 sha1 sha256 sha-1 sha-256 md5 x509 "
    "2fa layer-7 l7 mp3 mp4".split()
)

_ADJECTIVES = r"(?:(?!(?:and|or|from|to|of|in|on|at|with|per|by|for|were|was|are|is|than)\b)[a-z\"'/-]+\s+){0,3}?"


def _units(where: str) -> Mapping[str, str]:
    return prose()["unit"][where]


def _behind(unit: str) -> re.Pattern[str]:
    english, japanese = _units("en").get(unit), _units("ja").get(unit)
    ways = [rf"{_ADJECTIVES}(?:{english})(?![a-z])"] if english else []
    return re.compile(rf"\s?-?(?:{'|'.join([*ways, *([japanese] if japanese else [])])})", re.IGNORECASE | re.ASCII)


@cache
def _patterns() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Of each unit, what stands behind a number that counts it, and what stands before one."""
    behind = tuple((unit, _behind(unit)) for unit in dict.fromkeys((*_units("en"), *_units("ja"))))
    before = (
        (unit, re.compile(rf"(?:{words})\s?$", re.IGNORECASE | re.ASCII)) for unit, words in _units("before").items()
    )
    return behind, tuple(before)


_PER = re.compile(r"\s?(?:per|an?|each|every|/)\s?(minute|hour|day)\b", re.IGNORECASE | re.ASCII)
_PER_BEFORE = re.compile(
    r"(?:(?:毎|1|一)?(分|時間?|日)(?:あたり|につき|に)?|per (minute|hour|day))\s?(?:平均)?\s?$", re.ASCII
)
_PERIOD = {"分": "minute", "時": "hour", "時間": "hour", "日": "day"}

FACTOR: Mapping[str, tuple[str, int]] = {
    "days": (SECONDS_UNIT, 86_400),
    "hours": (SECONDS_UNIT, 3_600),
    "minutes": (SECONDS_UNIT, 60),
    "kilobytes": (BYTES, 1_000),
    "megabytes": (BYTES, 1_000_000),
    "gigabytes": (BYTES, 1_000_000_000),
    "kibibytes": (BYTES, 1 << 10),
    "mebibytes": (BYTES, 1 << 20),
    "gibibytes": (BYTES, 1 << 30),
}
"""Units that are whole multiples of one that claims count in: only an exact multiple is the same number."""


def number_of(text: str) -> int | None:
    """The whole number that a match writes; None for what is none: fractions, powers, hexadecimal, "dozens"."""
    plain = text.strip().lower()
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+", plain):
        return int(plain.replace(",", ""))
    if re.fullmatch(rf"[\d,\s{''.join(_MYRIADS)}千]+", plain) and not plain.isspace():
        return _myriads(plain)
    if all(one in _KANJI or one in _TENS or one in _MYRIADS for one in plain) and plain:
        return _kanji(plain)
    return _spelled(plain)


def _spelled(text: str) -> int | None:
    words = [word for word in re.split(r"[\s-]+", text) if word != "and"]
    if words and re.fullmatch(r"\d+", words[0]) and len(words) == 2 and words[1] in _SCALES:
        return int(words[0]) * _SCALES[words[1]]
    total = current = 0
    for word in words:
        if word in _WORDS:
            current += _WORDS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
        else:
            return None
    return total + current


def _myriads(text: str) -> int | None:
    total, rest = 0, text.replace(" ", "").replace(",", "")
    for part, scale in re.findall(r"(\d+)([万億兆千]*)", rest):
        value = int(part)
        for one in scale:
            value *= _MYRIADS.get(one, 1_000)
        total += value
    return total if re.fullmatch(r"(?:\d+[万億兆千]*)+", rest) else None


def _kanji(text: str) -> int:
    total = section = current = 0
    if not any(one in _TENS or one in _MYRIADS for one in text):
        return int("".join(str(_KANJI[one]) for one in text))
    for one in text:
        if one in _KANJI:
            current = current * 10 + _KANJI[one]
        elif one in _TENS:
            section, current = section + max(current, 1) * _TENS[one], 0
        else:
            total, section, current = total + max(section + current, 1) * _MYRIADS[one], 0, 0
    return total + section + current


def unit_of(text: str, start: int, end: int) -> tuple[str, int]:
    """What the number at `start:end` says it counts ("" where it does not), and where that ends."""
    units_behind, units_before = _patterns()
    behind = [(found.end(), unit) for unit, pattern in units_behind if (found := pattern.match(text, end))]
    nearest = min(behind, key=lambda one: (_noun(text, end, one[0]), -one[0]), default=None)
    if nearest is not None:
        stop, unit = nearest
    else:
        ahead = text[max(0, start - 40) : start]
        stop, unit = end, next((unit for unit, pattern in units_before if pattern.search(ahead)), "")
    period = _PER.match(text, stop)
    before = _PER_BEFORE.search(text[max(0, start - 12) : start])
    if unit in (LINES, "") and (period or before):
        name = period[1].lower() if period else (before and (_PERIOD.get(before[1] or "") or before[2])) or ""
        return f"{LINES}/{name}", period.end() if period else stop
    return unit, stop


def _noun(text: str, start: int, stop: int) -> int:
    """Words between a number and the end of its unit: the nearest noun is what is counted."""
    return len(text[start:stop].split())
