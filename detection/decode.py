"""Undo what servers and evasions do to text: percent, %u, `\\xHH`, overlong UTF-8, HTML and JavaScript escapes,
and fold what best-fit conversions read as ASCII (full-width forms, typographic quotes, wide blanks).

One round undoes one layer; three are applied (double encoding plus one layer of HTML or JavaScript escapes). All of it
is compiled. LF becomes VT so that a record stays one line.
"""

import numpy as np
from numpy.typing import NDArray

from core.field import Field
from detection.compiled import compiled
from detection.index import U

ROUNDS = 3
_QUERY, _PATH = int(Field.QUERY), int(Field.PATH)

_NAMED = (
    (b"lt;", 60), (b"gt;", 62), (b"amp;", 38), (b"quot;", 34), (b"apos;", 39), (b"colon;", 58), (b"tab;", 9),
    (b"newline;", 11), (b"lpar;", 40), (b"rpar;", 41), (b"equals;", 61), (b"sol;", 47), (b"bsol;", 92), (b"comma;", 44),
    (b"period;", 46), (b"semi;", 59), (b"excl;", 33), (b"num;", 35), (b"grave;", 96), (b"lsqb;", 91), (b"rsqb;", 93),
    (b"lcub;", 123), (b"rcub;", 125), (b"nbsp;", 32), (b"dollar;", 36), (b"quest;", 63), (b"plus;", 43), (b"ast;", 42),
)  # fmt: skip
_NAMED_BYTES = np.frombuffer(b"".join(name for name, _ in _NAMED), np.uint8).copy()
_NAMED_ENDS = np.cumsum(np.array([len(name) for name, _ in _NAMED], np.int64))
_NAMED_VALUES = np.array([value for _, value in _NAMED], np.int64)


@compiled
def _hex(c: int) -> int:
    if 48 <= c <= 57:
        return c - 48
    c |= 32
    if 97 <= c <= 102:
        return c - 87
    return -1


@compiled
def _hex_run(src: NDArray[np.uint8], at: int, digits: int, end: int) -> int:
    """Value of exactly `digits` hex digits at `at`, or -1."""
    if at + digits > end:
        return -1
    value = 0
    for i in range(at, at + digits):
        h = _hex(src[i])
        if h < 0:
            return -1
        value = value * 16 + int(h)
    return value


@compiled
def _put(dst: NDArray[np.uint8], o: int, code: int) -> int:
    """Write a code point as UTF-8 (full-width ASCII folded to ASCII, LF as VT); gives the next offset."""
    if 0xFF01 <= code <= 0xFF5E:
        code -= 0xFEE0
    elif code == 0x2215 or code == 0x2044:  # division and fraction slash
        code = 47
    elif code == 0x2216 or code == 0xF025:  # set minus and its private-use twin, read as path separators by some
        code = 92
    if code == 10:
        code = 11
    if code < 0x80:
        dst[o] = code
        return o + 1
    if code < 0x800:
        dst[o] = 0xC0 | (code >> 6)
        dst[o + 1] = 0x80 | (code & 63)
        return o + 2
    if code > 0xFFFF:
        code = 0xFFFD
    dst[o] = 0xE0 | (code >> 12)
    dst[o + 1] = 0x80 | ((code >> 6) & 63)
    dst[o + 2] = 0x80 | (code & 63)
    return o + 3


@compiled
def _entity(src: NDArray[np.uint8], i: int, end: int) -> tuple[int, int]:
    """HTML character reference at `&`: (code point, offset behind it), or (-1, i)."""
    j = i + 1
    if j < end and src[j] == 35:  # '#'
        j += 1
        base = 10
        if j < end and src[j] | 32 == 120:
            base = 16
            j += 1
        value = 0
        digits = 0
        while j < end and digits < 8:
            h = _hex(src[j])
            if h < 0 or h >= base:
                break
            value = value * base + int(h)
            digits += 1
            j += 1
        if digits == 0 or value > 0x10FFFF:
            return -1, i
        if j < end and src[j] == 59:
            j += 1
        return value, j
    begin = 0
    for k in range(len(_NAMED_ENDS)):
        size = _NAMED_ENDS[k] - begin
        if j + size <= end:
            same = True
            for m in range(size):
                if src[j + m] | 32 != _NAMED_BYTES[begin + m] | 32:
                    same = False
                    break
            if same:
                return _NAMED_VALUES[k], j + size
        begin = _NAMED_ENDS[k]
    return -1, i


@compiled
def _folded(src: NDArray[np.uint8], i: int, end: int) -> tuple[int, int]:
    """The ASCII that best-fit conversions make of the character at `i`, and its size (0: it stays).

    Full-width forms, typographic quotes and dashes, blanks of any width. Characters without width stay: to hide text is
    a deed of its own.
    """
    if i + 1 >= end:
        return 0, 0
    second = int(src[i + 1])
    if src[i] == 0xC2:
        if second == 0xA0:
            return 32, 2
        return (39, 2) if second == 0xB4 else (0, 0)
    if src[i] == 0xCA:
        return (39, 2) if second == 0xB9 or second == 0xBB or second == 0xBC else (0, 0)
    if i + 2 >= end or not 0x80 <= src[i + 2] <= 0xBF:
        return 0, 0
    third = int(src[i + 2])
    if src[i] == 0xEF and (second == 0xBC or second == 0xBD):
        code = 0xF000 | (second & 63) << 6 | (third & 63)
        return (code - 0xFEE0, 3) if 0xFF01 <= code <= 0xFF5E else (0, 0)
    if src[i] == 0xE3:
        return (32, 3) if second == 0x80 and third == 0x80 else (0, 0)
    if src[i] == 0xE2 and second == 0x80:
        if third <= 0x8A:
            return 32, 3
        if third <= 0x94:
            return (45, 3) if third >= 0x90 else (0, 0)
        if third == 0x98 or third == 0x99 or third == 0x9B or third == 0xB2:
            return 39, 3
        return (34, 3) if third == 0x9C or third == 0x9D or third == 0xB3 else (0, 0)
    return 0, 0


@compiled
def one_round(src: NDArray[np.uint8], start: int, end: int, dst: NDArray[np.uint8], plus: bool) -> int:
    """Undo one layer of `src[start:end]` into `dst[0:]`; gives the length (never longer than the input)."""
    i = start
    o = 0
    while i < end:
        c = src[i]
        if c == 37:  # %
            value = _hex_run(src, i + 1, 2, end)
            if value >= 0:
                dst[o] = 11 if value == 10 else value
                o += 1
                i += 3
                continue
            if i + 1 < end and src[i + 1] | 32 == 117:
                value = _hex_run(src, i + 2, 4, end)
                if value >= 0:
                    o = _put(dst, o, value)
                    i += 6
                    continue
        elif c == 92 and i + 1 < end:  # backslash
            n = src[i + 1]
            if n == 120:
                value = _hex_run(src, i + 2, 2, end)
                if value >= 0:
                    dst[o] = 11 if value == 10 else value
                    o += 1
                    i += 4
                    continue
            elif n == 117:
                value = _hex_run(src, i + 2, 4, end)
                if value >= 0:
                    o = _put(dst, o, value)
                    i += 6
                    continue
            elif n == 34 or n == 92:
                dst[o] = n
                o += 1
                i += 2
                continue
        elif c == 38:  # &
            value, j = _entity(src, i, end)
            if value >= 0:
                o = _put(dst, o, value)
                i = j
                continue
        elif c == 43 and plus:
            c = 32
        elif (c == 0xC0 or c == 0xC1) and i + 1 < end and src[i + 1] in (46, 47, 92):
            i += 1  # a lead byte that is never valid, before a dot or slash: lax decoders drop it
            continue
        elif c == 0xC0 or c == 0xC1:  # overlong two-byte form of ASCII
            if i + 1 < end and 0x80 <= src[i + 1] <= 0xBF:
                value = ((c & 1) << 6) | (src[i + 1] & 63)
                dst[o] = 11 if value == 10 else value
                o += 1
                i += 2
                continue
        elif c == 0xE0 and i + 2 < end and src[i + 1] in (0x80, 0x81):  # overlong three-byte form
            if 0x80 <= src[i + 2] <= 0xBF:
                value = ((src[i + 1] & 1) << 6) | (src[i + 2] & 63)
                dst[o] = 11 if value == 10 else value
                o += 1
                i += 3
                continue
        elif c >= 0xC2:
            value, size = _folded(src, i, end)
            if size:
                dst[o] = value
                o += 1
                i += size
                continue
        elif c == 10:
            c = 11
        dst[o] = c
        o += 1
        i += 1
    return o


@compiled
def needs_decoding(src: NDArray[np.uint8], start: int, end: int, field: int) -> bool:
    """Whether decoding could change the text at all."""
    plus = field == _QUERY
    for i in range(U(start), U(end)):
        c = src[i]
        if c == 37 or c == 92 or c == 38 or c >= 0xC0 or (c == 43 and plus):
            return True
    return False


@compiled
def decode_into(
    src: NDArray[np.uint8],
    start: int,
    end: int,
    field: int,
    dst: NDArray[np.uint8],
    at: int,
    scratch: NDArray[np.uint8],
) -> int:
    """Write the decoded form of `src[start:end]` to `dst[at:]`; gives its length, or -1 when nothing changed.

    `scratch` must hold at least twice `end - start` bytes."""
    size = end - start
    half = len(scratch) // 2
    first = scratch[:half]
    second = scratch[half:]
    n = one_round(src, start, end, first, field == _QUERY)
    changed = n != size
    if not changed:
        for i in range(n):
            if first[i] != src[start + i]:
                changed = True
                break
    if not changed:
        return -1
    for _ in range(ROUNDS - 1):
        if not needs_decoding(first, 0, n, _PATH):
            break
        n = one_round(first, 0, n, second, False)
        first, second = second, first
    for i in range(n):
        dst[at + i] = first[i]
    return n


@compiled
def decode_all(
    texts: NDArray[np.uint8],
    ends: NDArray[np.int64],
    fields: NDArray[np.uint8],
    out: NDArray[np.uint8],
    sizes: NDArray[np.int64],
    scratch: NDArray[np.uint8],
) -> None:
    """Decode texts that stand one behind the other: forms likewise in `out`, their lengths (-1 = same) in `sizes`."""
    start = 0
    at = 0
    for k in range(len(ends)):
        end = ends[k]
        sizes[k] = -1
        if needs_decoding(texts, start, end, fields[k]):
            sizes[k] = decode_into(texts, start, end, fields[k], out, at, scratch)
            at += max(sizes[k], 0)
        start = end
