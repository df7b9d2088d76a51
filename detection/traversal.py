"""Does a value climb out of its directory? Every way to write a dot or a slash is folded to one, and steps count."""

import re
from collections.abc import Iterator

from core.field import Field

_SPLIT_HEX = re.compile(r"%%(3[0-9])%{1,2}(3[0-9]|[46][1-6])", re.IGNORECASE)
_LOST_PERCENT = re.compile(r"(?<=\.\.)(?:2f|5c)", re.IGNORECASE)
_PRINTABLE = re.compile(r"%([2-7][0-9a-f])", re.IGNORECASE)
_OVERLONG = re.compile(
    r"(?:%?(?:%c[01]|%e0%80|%f0%80%80|%f8%80%80%80|%fc%80%80%80%80)|[\xc0\xc1]|\xe0\x80|\xf0\x80\x80|\xf8\x80\x80\x80|\xfc\x80{4})"
    r"(%[0-9a-z]{2}|[^%])",
    re.IGNORECASE,
)
_FULL_WIDTH = re.compile(r"(?:%ef%bc|\xef\xbc)(%8[ef]|%bc|[\x8e\x8f\xbc])", re.IGNORECASE)
_WIDE = re.compile(r"%u([0-9a-f]{4})|0x(2e|2f|5c)", re.IGNORECASE)
_NOT_HEX = re.compile(r"(?:%(?:[g-z][0-9a-z]|[0-9a-f][g-z])){1,2}", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x08\x0e-\x1f]|%0[0-8]|\\x00|\\0")
_WIDE_DOTS = frozenset({0x2E, 0xFF0E, 0x2024, 0x3002, 0xFF61})
_WIDE_SLASHES = frozenset({0x2F, 0x5C, 0x2215, 0x2216, 0x2044, 0xEFC8, 0xF025, 0xFF0F, 0xFF3C, 0x29F5, 0x29F8})
_LOW_DOTS = frozenset({0x2E, 0x5E, 0x6E, 0x7E})
_CLIMB = re.compile(r"[^\w/]*\.{2,}[^\w/]*")
_STEP = re.compile(r"\.(?:[^\w/.]?)")
_UNKNOWN = re.compile(r"(?:[.?]{2}/){2,}|[.?]{2}/(?:etc|windows|winnt|boot\.ini)\b", re.IGNORECASE)
"""A decoder that knows no better put `?` where a dot of some other script stood."""

_LINK = re.compile(
    rb"goto|next|return(?:_?(?:to|url))?|back|href|link|url|redirect(?:_?(?:to|url))?|ref|to|continue|q|s|term|query",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"(?:\.\./){1,2}[\w-]*(?:/[\w-]+)*/?(?:\.html?)?")
"""A link as pages write it to each other, under a name that takes links."""

_FORM = re.compile(r"%2f|%5c|\\", re.IGNORECASE)
_ABSOLUTE = re.compile(r"/*(?:https?:/*|//)[\w.@:-]+\.\w", re.IGNORECASE)
"""A dot segment or two at the end of a whole URL confuses a filter of redirect targets; they climb nowhere."""

_TAIL = re.compile(
    r"(?:etc|drivers)(?P<gap>[^\w\s/]{1,12}|(?:%\w{2}){1,6}|0x\w\w|%?%\w\w\W?\w{0,6}?)(?:passwd|shadow|hosts|issue|group)\b"
    r"|(?P<dots>[.?%][^\s&=]{2,60}?)(?:boot|win)\.ini",
    re.IGNORECASE,
)
_ENOUGH_STEPS = 4
_FEW = 2
_FILLED = 100
_DOTS_ONLY = re.compile(r"/?\.{6,}[\w{][\w{}.-]*|/(?:\.{2,}|(?:\./)+\.?|/+|(?:0?x2e)+)\{\w+\}")
_JOINED = re.compile(
    r"\.*(?:etc(?:passwd|shadow|hosts)|b?oot\.ini|web-inf/?web\.xml|\w:inetpubwwwroot\S+)", re.IGNORECASE
)


def fold(text: str) -> str:
    """The text with each encoding of `.`, `/` and `\\` replaced by `.` and `/`; what decoders ignore is gone."""
    text = _SPLIT_HEX.sub(lambda found: "%" + chr(int(found[1], 16)) + chr(int(found[2], 16)), text)
    for _ in range(4):
        plain = _PRINTABLE.sub(lambda found: chr(int(found[1], 16)), text)
        if plain == text:
            break
        text = plain
    text = _OVERLONG.sub(
        _short, _FULL_WIDTH.sub(lambda found: "." if found[1].lower() in ("\x8e", "%8e") else "/", text)
    )
    text = _WIDE.sub(_narrow, text)
    text = _NOT_HEX.sub("/", _IGNORED.sub("", text)).replace("\\", "/").replace("\xe2\x80\xa6", "...")
    return _LOST_PERCENT.sub("/", text)


def _short(found: re.Match[str]) -> str:
    """What a decoder that takes overlong or broken UTF-8 makes of the last byte."""
    unit = found[1]
    if unit.startswith("%"):
        try:
            code = int(unit[1:], 16)
        except ValueError:
            return "/"
    else:
        code = ord(unit)
    if code & 0x7F in _LOW_DOTS:
        return "."
    return "/" if code & 0x3F in (0x2F, 0x1C) or unit.startswith("%") else found[0]


def _narrow(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    if code in _WIDE_DOTS:
        return "."
    return "/" if code in _WIDE_SLASHES else found[0]


def climbs(record: bytes, field: Field) -> bool:
    """Whether any part of the record names a parent directory the way only an attack does."""
    return any(_climbs(text, field) for text in _texts(record, field))


def _texts(record: bytes, field: Field) -> Iterator[str]:
    """The values of a query; for other fields their whole text. One char a byte: broken UTF-8 must survive."""
    if field == Field.QUERY:
        for part in record.split(b"&"):
            name, _, value = part.partition(b"=")
            text = (value or part).decode("latin-1")
            if not (_LINK.fullmatch(name) and _RELATIVE.fullmatch(_sent(text))):
                yield text
    elif field == Field.REFERRER:
        yield from re.split(r"[=&]", record.decode("latin-1").rpartition("://")[2])
    else:
        yield record.decode("latin-1")


def _sent(text: str) -> str:
    """The text with the slashes back that any form encodes when it is sent; a form never encodes a dot."""
    return _FORM.sub("/", text)


def _climbs(text: str, field: Field) -> bool:
    if len(text) < 2 or len(text) > 8192:
        return False
    folded = fold(text)
    if _odd_tail(folded) or (field == Field.QUERY and _stuffed(folded)):
        return True
    segments = [segment.rsplit(None, 1)[-1] if segment.strip() else "" for segment in folded.split("/")]
    ups = [i for i, segment in enumerate(segments) if _CLIMB.fullmatch(segment)]
    steps = sum(_STEP.fullmatch(segment) is not None for segment in segments)
    if "?" in folded and _UNKNOWN.match(folded):
        return True
    if not ups:
        words = [segment for segment in segments if segment and not _STEP.fullmatch(segment)]
        return steps >= _ENOUGH_STEPS and len(words) <= 1 and field == Field.QUERY
    if len(segments) < 2:
        return False
    if _prose(folded) or _ABSOLUTE.match(folded):
        return len(ups) > _FEW
    encoded = folded != _sent(text) or any(segments[i].strip("\"'(") not in ("..", "...") for i in ups)
    if not encoded and not _leaves(segments):
        return False
    if len(ups) >= 2:
        ellipses = all(segments[i] == "..." for i in ups)
        return not ellipses or not any(segments[: ups[0]])
    return _one_step(segments, ups[0], field, encoded=encoded)


def _leaves(segments: list[str]) -> bool:
    """Whether the path ever is above where it began; `a/../b` stays inside."""
    depth = 0
    for segment in segments:
        if segment and not _STEP.fullmatch(segment) and segment != ".":
            depth += -1 if _CLIMB.fullmatch(segment) else 1
        if depth < 0:
            return True
    return segments[-1:] == [".."]


def _one_step(segments: list[str], at: int, field: Field, encoded: bool) -> bool:
    """A single `..` is enough where a value begins with it, where it was hidden, or in a path a client sent as is."""
    if segments[at].strip("\"'(=") == "..." and not encoded:
        return False  # an ellipsis
    if field in (Field.REFERRER, Field.USER_AGENT):
        return encoded
    if field == Field.QUERY:
        behind = at + 1 < len(segments)
        return encoded or (behind and all(not s for s in segments[:at])) or (behind and at > 0)
    return True


def _prose(text: str) -> bool:
    """Blanks between words: a sentence that mentions a path."""
    words = text.replace("+", " ").strip().split(" ")
    return len(words) > 1 and any(word.isalpha() and len(word) > 1 for word in words)


def _stuffed(text: str) -> bool:
    """A path whose slashes a filter took away, or one filled up to push what is appended over the length limit."""
    if _DOTS_ONLY.fullmatch(text) or _JOINED.fullmatch(text):
        return True
    return text[:1] == "/" and len(text) > _FILLED and len(set(text[1:_FILLED])) == 1


def _odd_tail(text: str) -> bool:
    """A well-known file behind separators no decoder of ours knows, the same all along (`etc%c0%9vpasswd`)."""
    found = _TAIL.search(text)
    if found is None or _prose(text):
        return False
    if found["gap"] is not None:
        return found["gap"] not in ("\\", "\\\\", "-", ".", "_", "+")
    dots = found["dots"]
    return bool(re.search(r"%|\.\.|0x|\?", dots)) and not re.search(
        r"[A-Za-z]{4}", re.sub(r"%u?\w{2,4}|0x\w\w", "", dots)
    )
