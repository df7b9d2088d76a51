"""Dates, clock times and spans as Japanese writes them."""

import re
from collections.abc import Callable

from retrieval.plan.calendar import clock_value, date_value
from retrieval.plan.piece import Kind, Piece

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
_N = r"(\d{1,4}|[〇一二三四五六七八九十]{1,4})"
_UNITS = {
    "秒": 1,
    "分": 60,
    "時間": 3600,
    "日": 86_400,
    "週間": 604_800,
    "か月": 2_592_000,
    "ヶ月": 2_592_000,
    "カ月": 2_592_000,
}
_UNIT = r"(秒|分|時間|日|週間|か月|ヶ月|カ月)"

_FULL = re.compile(rf"(令和|平成|昭和|r|h|s)?(\d{{1,4}}|元)年(?:(\d{{1,2}})月)(?:{_N}日)?")
_MONTH_DAY = re.compile(rf"{_N}月{_N}日")
_MONTH = re.compile(rf"{_N}月(?![\d曜])")
_DAY = re.compile(rf"{_N}日(?!間|前|後|以内|分|目|ごと|別|毎|単位|あたり|中に何)")
_PARTS = r"(?:(午前|午後|朝|夜中|深夜|夜|夕方|昼|未明|早朝|明け方|am|pm)の?)?"
_CLOCK = re.compile(rf"{_PARTS}{_N}時(?!間)(?:(半)|{_N}分(?!間))?(?:{_N}秒)?")
_COLON = re.compile(r"(午前|午後)(\d{1,2}):(\d{2})(?::(\d{2}))?")
_LAST = re.compile(
    rf"(直近|最近|過去|ここ|最後|最終|終わり|末尾|この|最初|冒頭|初め|開始後?|開始から|始まりから|ログの最後|ログの最初)の?{_N}{_UNIT}(?:間|以内)?"
)
_AGO = re.compile(rf"{_N}{_UNIT}(?:ほど|くらい|ぐらい)?前(?!半|後)")
_FOR = re.compile(rf"{_N}(秒間|分間|時間|秒|分(?=以内|の間)|日間|週間)(?!ごと|別|毎|単位|前|あたり|ずつ|おき)")
_HALF_HOUR = re.compile(r"(直近|最近|過去|最後|最初|冒頭)の?(半日|1時間半|半時間)")
_ZONE = re.compile(r"日本時間|jst(?![a-z])|協定世界時|世界標準時|世界協定時")
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_OPENING = {"最初", "冒頭", "初め", "開始", "開始後", "開始から", "始まりから", "ログの最初"}


def japanese_time(text: str, at: int) -> Piece | None:
    """The time word that begins at a place of a folded text, or None; an impossible one is UNREADABLE."""
    if at and text[at - 1].isdigit() and text[at].isdigit():
        return None
    for reader in _READERS:
        found = reader(text, at)
        if found is not None:
            return found
    return None


def numeral(written: str) -> int:
    """The value of Arabic digits or of kanji up to 99 (二十三); 〇 to 九 in a row are digits."""
    if written.isascii():
        return int(written)
    if "十" not in written:
        return int("".join(str(_DIGITS[char]) for char in written))
    tens, _, ones = written.partition("十")
    return (_DIGITS.get(tens[-1:], 1) if tens else 1) * 10 + (_DIGITS.get(ones[:1], 0) if ones else 0)


def _date(text: str, at: int) -> Piece | None:
    if (found := _FULL.match(text, at)) is not None:
        first = 1 if found[2] == "元" else int(found[2])
        year = first + _ERAS[found[1]] if found[1] else first
        if not found[1] and year < 100:
            year += 2000
        day = numeral(found[4]) if found[4] else None
        return date_value(year, int(found[3]), day, at, found.end())
    if (found := _MONTH_DAY.match(text, at)) is not None:
        return date_value(None, numeral(found[1]), numeral(found[2]), at, found.end())
    if (found := _MONTH.match(text, at)) is not None:
        return date_value(None, numeral(found[1]), None, at, found.end())
    if (found := _DAY.match(text, at)) is not None:
        return date_value(None, None, numeral(found[1]), at, found.end())
    return None


def _clock(text: str, at: int) -> Piece | None:
    if (found := _COLON.match(text, at)) is not None:
        seconds = int(found[4]) if found[4] else None
        half = "am" if found[1] == "午前" else "pm"
        return clock_value(int(found[2]), int(found[3]), seconds, half, at, found.end(), True)
    found = _CLOCK.match(text, at)
    if found is None:
        return None
    hour = numeral(found[2])
    minute = 30 if found[3] else numeral(found[4]) if found[4] else 0
    seconds = numeral(found[5]) if found[5] else None
    return clock_value(hour, minute, seconds, _half(found[1], hour), at, found.end(), bool(found[3] or found[4]))


def _half(part: str | None, hour: int) -> str:
    """Which half of the day 「夜10時」 is in: a night's small hours are in the morning."""
    if part in {"午後", "夕方", "pm"} or (part == "昼" and hour < 6):
        return "pm"
    if part in {"午前", "朝", "未明", "早朝", "明け方", "am"}:
        return "am"
    if part in {"夜", "夜中", "深夜"}:
        return "pm" if 6 <= hour < 12 else "am" if hour <= 12 else ""
    return ""


def _span(text: str, at: int) -> Piece | None:
    if (found := _LAST.match(text, at)) is not None:
        side = "first" if found[1] in _OPENING else "last"
        return Piece(Kind.SPAN, f"{side},{numeral(found[2]) * _UNITS[found[3]]}", at, found.end())
    if (found := _HALF_HOUR.match(text, at)) is not None:
        seconds = {"半日": 43_200, "1時間半": 5400, "半時間": 1800}[found[2]]
        return Piece(Kind.SPAN, f"{'first' if found[1] in _OPENING else 'last'},{seconds}", at, found.end())
    if (found := _AGO.match(text, at)) is not None:
        seconds = numeral(found[1]) * _UNITS[found[2]]
        if seconds % 86_400 == 0:
            return Piece(Kind.DAY, str(-(seconds // 86_400)), at, found.end())
        return Piece(Kind.SPAN, f"ago,{seconds}", at, found.end())
    if (found := _FOR.match(text, at)) is not None:
        unit = found[2] if found[2] in _UNITS else found[2].removesuffix("間")
        return Piece(Kind.SPAN, f"for,{numeral(found[1]) * _UNITS[unit]}", at, found.end())
    return None


def _zone(text: str, at: int) -> Piece | None:
    found = _ZONE.match(text, at)
    return Piece(Kind.ZONE, "32400" if found[0] in {"日本時間", "jst"} else "0", at, found.end()) if found else None


_READERS: tuple[Callable[[str, int], Piece | None], ...] = (_span, _clock, _date, _zone)
