"""Log text made harmless to look at: what a terminal or a reader's eye would act on is shown as an escape."""

import unicodedata

_INVISIBLE = frozenset(
    (0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5)  # grapheme joiner, Hangul and Khmer fillers
) | frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))  # variation selectors can carry hidden text
_ACTIVE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
"""Controls, format characters (bidi, zero-width, tags), line and paragraph separators, surrogates, private use."""


def _is_active(character: str) -> bool:
    if character == "\t":
        return False
    return unicodedata.category(character) in _ACTIVE or ord(character) in _INVISIBLE


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def inert(text: str) -> str:
    """The same text with every active or invisible character shown as `\\xHH` or `\\u{…}`; one line stays one line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) if _is_active(character) else character for character in text)


def inert_bytes(raw: bytes) -> str:
    """Log bytes as inert text; bytes that are not UTF-8 are shown as `\\xHH`."""
    return inert(raw.decode("utf-8", "backslashreplace"))


def split_inert(raw: bytes, start: int, end: int) -> tuple[str, str, str]:
    """Text before, inside and behind the span `start:end`; a span of 0:0 (or one outside the line) marks nothing."""
    if not 0 <= start < end <= len(raw):
        return inert_bytes(raw), "", ""
    start, end = _widen(raw, start, end)
    return inert_bytes(raw[:start]), inert_bytes(raw[start:end]), inert_bytes(raw[end:])


def _widen(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a span outwards to character borders, so that no UTF-8 character is torn."""
    while start > 0 and raw[start] & 0xC0 == 0x80:
        start -= 1
    while end < len(raw) and raw[end] & 0xC0 == 0x80:
        end += 1
    return start, end
