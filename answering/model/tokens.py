"""The pieces of a text that can be checked, found from the most telling to the least; no two of them overlap."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from answering.model import moments, quantities, words
from answering.model.quantities import DIGITS, GLUED, HARMLESS_WORDS, KANJI, SPELLED
from core.claim import Comparator


class Piece(StrEnum):
    """What a piece of a text is."""

    ADDRESS = "address"
    TIME = "time"
    UNSURE = "unsure"  # it can be checked, and never holds as it is written
    CODE = "code"  # CVE-…, T1190
    SHARE = "share"  # 45 %
    RATIO = "ratio"  # 3 times as many
    PATH = "path"
    NAME = "name"  # of a file or host
    LINE = "line"
    STATUS = "status"
    METHOD = "method"
    TOOL = "tool"
    USER = "user"
    QUOTED = "quoted"
    NUMBER = "number"
    TYPE = "type"
    OUTCOME = "outcome"
    HARMLESS = "harmless"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is what is compared: digits of a number, the name inside quotes, the entry of a word."""

    start: int
    end: int
    piece: Piece
    value: str
    unit: str = ""
    bound: Comparator = Comparator.EXACTLY
    strictly: bool = False


_OCTET = r"\d{1,3}(?:\s?(?:\[\.\]|\(\.\)|\[dot\]|\.)\s?\d{1,3}){3}"
_ADDRESSES = re.compile(
    rf"(?<![\w.]){_OCTET}(?:/\d{{1,3}})?(?![\d/])(?!\.\d)"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){0,2}\.(?:[x*]|xxx)(?:\.[x*])*"
    r"|(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){1,7}:?(?:[0-9A-Fa-f]{1,4}:?){0,7}(?:/\d{1,3})?(?![\w:])"
    r"|(?<![\w:.])::(?:[0-9A-Fa-f]{1,4}:?){0,7}(?:/\d{1,3})?(?![\w:])",
    re.ASCII,
)
_CODES = re.compile(
    r"\b(?:CVE|CWE|CAPEC|GHSA|CVSS|JVN|JVNDB|MS)[-_ ]?[\w.:-]*\d[\w.-]*\b|\bTA?\d{4}(?:\.\d{3})?\b|\bAS\d+\b",
    re.IGNORECASE | re.ASCII,
)
_SHARES = re.compile(
    r"(?P<n>\d+(?:[.,]\d+)?)\s?(?:%|percent\b|per cent\b|パーセント)|(?P<w>\d+)割"
    r"|\b(?P<a>\d+|one|two|three|four|five) (?:in|out of) (?P<b>\d+|two|three|four|five|six|ten)\b",
    re.IGNORECASE | re.ASCII,
)
_RATIOS = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s?(?:[x×](?![\w])|倍|(?:times|fold)(?= (?:as|more|less|higher|lower|larger|greater|the)\b))"
    r"|(?P<m>\d+)-fold",
    re.IGNORECASE | re.ASCII,
)
_PATHS = re.compile(
    r"(?<![\w/.:<])(?:\.{1,2}/|/)[\w.%~+@=&?*$!#\[\]{}()\\'\",;:/-]*[\w%~*/=$)}\]]|(?<![\w/])(?:[A-Za-z]:\\[\w\\.-]+)",
    re.ASCII,
)
_NAMES = re.compile(
    r"(?<![\w/@.])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[A-Za-z][A-Za-z0-9]{0,9}(?![\w])(?::(?P<line>\d+))?", re.ASCII
)
_NO_NAMES = frozenset("e.g i.e etc a.m p.m vs no.1 u.s".split())
_LINES = re.compile(
    r"\blines?\s(?:no\.?\s?|numbers?\s|#)?(\d+)(?!\s?(?:lines|%))|\bL(\d+)\b|(\d+)行目|#(\d+)", re.IGNORECASE | re.ASCII
)
_STATUS = re.compile(
    r"(?:\b(?:http|status(?: code)?s?|code|answered|returned|responded(?: with)?|response)|ステータス(?:コード)?|応答)"
    r"\s?(?:は|:|=|が|に)?\s?([1-5](?:\d\d|xx))\b"
    r"|\b([1-5](?:\d\d|xx))\s?(?:(?:status|responses?|errors?|answers?)\b|を返|応答|エラー|ステータス)",
    re.IGNORECASE | re.ASCII,
)
_METHODS = re.compile(r"\b(?:GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND)\b", re.ASCII)
_QUOTED = re.compile(
    r"[“\"](?P<a>[^“”\"]{1,400})[”\"]|「(?P<b>[^「」]{1,400})」|『(?P<c>[^『』]{1,400})』|`(?P<d>[^`]{1,400})`"
    r"|(?<![\w])['‘](?P<e>[^'‘’]{2,400})['’](?![\w])",
    re.ASCII,
)
_AT_LEAST = re.compile(
    r"(?:at least|a minimum of|no (?:fewer|less) than|少なくとも|最低でも?)\s?$", re.IGNORECASE | re.ASCII
)
_MORE = re.compile(r"(?:more than|over|above|exceeding|upwards of)\s?$", re.IGNORECASE | re.ASCII)
_AT_MOST = re.compile(
    r"(?:at most|up to|no more than|a maximum of|最大で?|多くとも|せいぜい)\s?$", re.IGNORECASE | re.ASCII
)
_FEWER = re.compile(r"(?:fewer than|less than|under|below)\s?$", re.IGNORECASE | re.ASCII)
_BEHIND = (
    (re.compile(r"[^\d、。,.]{0,8}?以上", re.ASCII), Comparator.AT_LEAST, False),
    (re.compile(r"[^\d、。,.]{0,8}?(?:超|を上回|より多)", re.ASCII), Comparator.AT_LEAST, True),
    (re.compile(r"[^\d、。,.]{0,8}?(?:以下|以内|まで(?:に)?(?=収))", re.ASCII), Comparator.AT_MOST, False),
    (re.compile(r"[^\d、。,.]{0,8}?(?:未満|を下回|より少)", re.ASCII), Comparator.AT_MOST, True),
)
_AHEAD = (
    (_AT_LEAST, Comparator.AT_LEAST, False),
    (_MORE, Comparator.AT_LEAST, True),
    (_AT_MOST, Comparator.AT_MOST, False),
    (_FEWER, Comparator.AT_MOST, True),
)


def tokens_of(text: str) -> tuple[Token, ...]:
    """All checkable pieces of a flat text, in its order."""
    free = [True] * len(text)
    found: list[Token] = []
    for find in _FINDERS:
        for token in find(text):
            if token.start < token.end and all(free[token.start : token.end]):
                free[token.start : token.end] = [False] * (token.end - token.start)
                found.append(token)
    return tuple(sorted(found, key=lambda token: token.start))


def _each(pattern: re.Pattern[str], piece: Piece) -> Callable[[str], Iterator[Token]]:
    return lambda text: (Token(*one.span(), piece, one[0]) for one in pattern.finditer(text))


def _addresses(text: str) -> Iterator[Token]:
    for one in _ADDRESSES.finditer(text):
        if ":" not in one[0] or "::" in one[0] or one[0].count(":") == 7:
            yield Token(*one.span(), Piece.ADDRESS, re.sub(r"\s?(?:\[\.\]|\(\.\)|\[dot\])\s?", ".", one[0]).rstrip(":"))


def _times(text: str) -> Iterator[Token]:
    for pattern in moments.PATTERNS:
        yield from (Token(*one.span(), Piece.TIME, one[0]) for one in pattern.finditer(text) if one[0])


def _shares(text: str) -> Iterator[Token]:
    for one in _SHARES.finditer(text):
        if one["n"]:
            value = f"{one['n'].replace(',', '.')}/100"
        elif one["w"]:
            value = f"{one['w']}/10"
        else:
            parts = [quantities.number_of(one[name]) for name in "ab"]
            value = f"{parts[0]}/{parts[1]}"
        yield Token(*one.span(), Piece.SHARE, value)


def _ratios(text: str) -> Iterator[Token]:
    return (Token(*one.span(), Piece.RATIO, one["n"] or one["m"]) for one in _RATIOS.finditer(text))


def _paths(text: str) -> Iterator[Token]:
    for one in _PATHS.finditer(text):
        value = one[0].rstrip("'\",;:!)}]") if one[0].count("(") < one[0].count(")") else one[0].rstrip("'\",;:!")
        if value != "/" or one[0] == "/":
            yield Token(one.start(), one.start() + len(value), Piece.PATH, value)


def _names(text: str) -> Iterator[Token]:
    for one in _NAMES.finditer(text):
        if one[0].lower() not in _NO_NAMES and not re.fullmatch(r"[a-z]\.[a-z]", one[0], re.IGNORECASE | re.ASCII):
            yield Token(*one.span(), Piece.LINE if one["line"] else Piece.NAME, one[0])


def _groups(pattern: re.Pattern[str], piece: Piece) -> Callable[[str], Iterator[Token]]:
    """The group that matched, as the piece and its value."""

    def find(text: str) -> Iterator[Token]:
        for one in pattern.finditer(text):
            number = next((place for place, value in enumerate(one.groups(), 1) if value is not None), 0)
            yield Token(*one.span(number), piece, one[number])

    return find


def _users(text: str) -> Iterator[Token]:
    table = words.prose()["user"]
    pattern = _user_pattern()
    stop = set(str(table["stop"]).split("|"))
    for one in pattern.finditer(text):
        name = one["name"].rstrip(".,-")
        if name.lower() not in stop and name:
            yield Token(one.start("name"), one.start("name") + len(name), Piece.USER, name)
    for one in re.finditer(rf"\b(?:{table['known']})\b", text):
        yield Token(*one.span(), Piece.USER, one[0])


@cache
def _user_pattern() -> re.Pattern[str]:
    table = words.prose()["user"]
    return re.compile(
        rf"(?:(?<![A-Za-z-])(?:{table['en']})|(?:{table['ja']}))(?P<name>[A-Za-z0-9_$\\][\w.@$\\-]{{1,63}})",
        re.IGNORECASE | re.ASCII,
    )


def _quoted(text: str) -> Iterator[Token]:
    for one in _QUOTED.finditer(text):
        inside = next(value for value in one.groups() if value is not None)
        if not words.type_names().fullmatch(inside.strip()):
            yield Token(*one.span(), Piece.QUOTED, inside)


def _numbers(text: str) -> Iterator[Token]:
    for pattern in (DIGITS, KANJI, SPELLED):
        for one in pattern.finditer(text):
            unit, _ = quantities.unit_of(text, *one.span())
            if pattern is SPELLED and one[0].lower() == "one" and not unit:
                continue
            number = quantities.number_of(one[0])
            bound, strictly = _bound(text, *one.span())
            yield Token(*one.span(), Piece.NUMBER, "" if number is None else str(number), unit, bound, strictly)


def _bound(text: str, start: int, end: int) -> tuple[Comparator, bool]:
    ahead = text[max(0, start - 24) : start]
    for pattern, bound, strictly in _AHEAD:
        if pattern.search(ahead):
            return bound, strictly
    for pattern, bound, strictly in _BEHIND:
        if pattern.match(text, end):
            return bound, strictly
    return Comparator.EXACTLY, False


def _glued(text: str) -> Iterator[Token]:
    for one in GLUED.finditer(text):
        if one[0].lower() not in HARMLESS_WORDS:
            yield Token(*one.span(), Piece.UNSURE, one[0])


def _types(text: str) -> Iterator[Token]:
    for one in words.type_names().finditer(text):
        yield Token(*one.span(), Piece.TYPE, words.type_of(one[0]).value)


def _section(name: str, piece: Piece) -> Callable[[str], Iterator[Token]]:
    def find(text: str) -> Iterator[Token]:
        for entry, pattern in words.patterns(name):
            yield from (Token(*one.span(), piece, entry) for one in pattern.finditer(text) if one[0])

    return find


def _single(name: str, piece: Piece) -> Callable[[str], Iterator[Token]]:
    return lambda text: (Token(*one.span(), piece, one[0]) for one in words.single(name).finditer(text))


_FINDERS: tuple[Callable[[str], Iterator[Token]], ...] = (
    _addresses,
    _times,
    _each(moments.UNSURE, Piece.UNSURE),
    _quoted,
    _each(_CODES, Piece.CODE),
    _shares,
    _ratios,
    _groups(_STATUS, Piece.STATUS),
    _paths,
    _names,
    _groups(_LINES, Piece.LINE),
    _each(_METHODS, Piece.METHOD),
    _users,
    _single("harmless", Piece.HARMLESS),
    _types,
    _single("tool", Piece.TOOL),
    _glued,
    _numbers,
    _section("outcome", Piece.OUTCOME),
    _section("word", Piece.WORD),
)
"""In this order: what one of them found is not looked at by the next."""
