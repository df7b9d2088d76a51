"""The compiled parser: one pass over a block turns access-log lines into field spans, times and numbers.

A log format is a small program (`ingestion.parse.program`): columns with the literal text before each. This kernel runs
any such program, so nginx `log_format` and Apache `LogFormat` strings are as fast as the built-in ones. Nothing is
copied here: a field is (start, length) in the block. Quoted fields end at the first quote that no backslash escapes
(nginx writes `\\x22`, Apache `\\"`), so a client cannot close a field early.
"""

import numpy as np
from numpy.typing import NDArray

from detection.compiled import compiled
from detection.index import ONE, U
from ingestion.parse.encoding import CONTROL_BYTES, utf8_flags
from ingestion.parse.instants import IMPOSSIBLE, clf, decimal, iso, looks_clf
from ingestion.parse.program import Column
from ingestion.parse.search import find_byte, find_quote
from ingestion.parse.values import (
    MAX_OTHERS,
    SLOT_AGENT,
    SLOT_DOMAIN,
    SLOT_HOST,
    SLOT_METHOD,
    SLOT_OTHER,
    SLOT_QUERY,
    SLOT_REFERRER,
    SLOT_URL,
    SLOT_USER,
    SLOTS,
    byte_count,
    put_span,
    split_request,
    status_code,
)

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

# Columns of a program as plain numbers the compiler can fold.
HOST = int(Column.HOST)
USER = int(Column.USER)
TIME_CLF = int(Column.TIME_CLF)
TIME_ISO = int(Column.TIME_ISO)
TIME_EPOCH = int(Column.TIME_EPOCH)
TIME_EPOCH_MS = int(Column.TIME_EPOCH_MS)
TIME_EPOCH_US = int(Column.TIME_EPOCH_US)
REQUEST = int(Column.REQUEST)
METHOD = int(Column.METHOD)
URL = int(Column.URL)
PATH = int(Column.PATH)
QUERY = int(Column.QUERY)
STATUS = int(Column.STATUS)
BYTES = int(Column.BYTES)
REFERRER = int(Column.REFERRER)
AGENT = int(Column.AGENT)
DOMAIN = int(Column.DOMAIN)
FORWARDED = int(Column.FORWARDED)
OTHER = int(Column.OTHER)

# How a column ends: at its literal; at the first quote no backslash escapes; at its literal, in a program where a
# client's own text stands unquoted before the address (then no other reading of the line may fit).
PLAIN, QUOTED, LOOSE = 0, 1, 2

# core.event codes, as plain numbers the compiler can fold.
PARSED, BLANK, UNPARSED = 0, 3, 4
NO_FORMAT, BAD_TIME, TRUNCATED = 1, 2, 3
CRLF = 16

NO_TIME = np.int64(-(2**63))


@compiled
def _matches(data: Bytes, at: int, end: int, literals: Bytes, begin: int, stop: int) -> bool:
    if at + (stop - begin) > end:
        return False
    i = U(at)
    for k in range(U(begin), U(stop)):
        if data[i] != literals[k]:
            return False
        i += ONE
    return True


@compiled
def _find(data: Bytes, at: int, end: int, literals: Bytes, begin: int, stop: int) -> int:
    """First place of the literal in `data[at:end]`, or -1."""
    first = literals[U(begin)]
    if stop - begin == 1:
        place = find_byte(data, at, end, first)
        return place if place < end else -1
    place = find_byte(data, at, end, first)
    while place < end and not _matches(data, place, end, literals, begin, stop):
        place = find_byte(data, place + 1, end, first)
    return place if place < end else -1


@compiled
def _line(
    data: Bytes,
    start: int,
    end: int,
    columns: Ints,
    modes: Bytes,
    literals: Bytes,
    cuts: Ints,
    row: int,
    spans: Ints,
    times: Longs,
    codes: NDArray[np.uint16],
    sizes: Longs,
    memo: Longs,
) -> int:
    """Run the program over one line; gives 0, or the `Reason` it does not fit."""
    at = start
    steps = len(columns)
    others = 0
    timed = False
    if not _matches(data, at, end, literals, cuts[0], cuts[1]):
        return NO_FORMAT
    at += cuts[1] - cuts[0]
    for k in range(steps):
        column = columns[k]
        begin = cuts[k + 1]
        stop = cuts[k + 2]
        early = TRUNCATED if timed else NO_FORMAT
        if column == TIME_CLF:
            if not looks_clf(data, at, end):
                return NO_FORMAT
            close = at + 26
        elif modes[k] == QUOTED:
            close = find_quote(data, at, end)
            if close < 0:
                return early
        elif begin == stop:
            close = end
        elif column == USER and k + 1 < steps and columns[k + 1] == TIME_CLF:
            close = _find(data, at, end, literals, begin, stop)
            while close >= 0 and not looks_clf(data, close + stop - begin, end):
                close = _find(data, close + 1, end, literals, begin, stop)
            if close < 0:
                return NO_FORMAT
        else:
            close = _find(data, at, end, literals, begin, stop)
            while modes[k] == LOOSE and close > at and data[close - 1] == 44:  # "a, b": the list goes on
                close = _find(data, close + 1, end, literals, begin, stop)
            if close < 0:
                return early
        if not _matches(data, close, end, literals, begin, stop):
            return early
        if column == HOST:
            nothing = close == at or (close - at == 1 and data[at] == 45)
            if nothing or find_byte(data, at, close, 32) < close:
                return NO_FORMAT
            put_span(spans, row, SLOT_HOST, at, close)
        elif column == USER:
            if modes[k] == LOOSE and find_byte(data, at, close, 32) < close:
                return NO_FORMAT
            if not (close - at == 1 and data[at] == 45) and close > at:
                put_span(spans, row, SLOT_USER, at, close)
        elif TIME_CLF <= column <= TIME_EPOCH_US:
            if column == TIME_CLF:
                instant = clf(data, at, memo)
            elif column == TIME_ISO:
                instant = iso(data, at, close)
            elif column == TIME_EPOCH:
                instant = decimal(data, at, close, 1_000_000)
            elif column == TIME_EPOCH_MS:
                instant = decimal(data, at, close, 1_000)
            else:
                instant = decimal(data, at, close, 1)
            if instant == IMPOSSIBLE:
                return BAD_TIME
            times[row] = instant
            timed = True
        elif column == REQUEST:
            split_request(data, at, close, spans, row)
        elif column == STATUS:
            value = status_code(data, at, close)
            if value < 0:
                return NO_FORMAT
            codes[row] = value
        elif column == BYTES:
            value = byte_count(data, at, close)
            if value < -1:
                return NO_FORMAT
            sizes[row] = value
        elif column == METHOD:
            put_span(spans, row, SLOT_METHOD, at, close)
        elif column in (URL, PATH):
            put_span(spans, row, SLOT_URL, at, close)
        elif column == QUERY:
            put_span(spans, row, SLOT_QUERY, at, close)
        elif close - at == 1 and data[at] == 45:
            pass  # "-": the server had nothing to log
        elif column == REFERRER:
            put_span(spans, row, SLOT_REFERRER, at, close)
        elif column == AGENT:
            put_span(spans, row, SLOT_AGENT, at, close)
        elif column == DOMAIN:
            put_span(spans, row, SLOT_DOMAIN, at, close)
        elif column in (FORWARDED, OTHER) and others < MAX_OTHERS:
            put_span(spans, row, SLOT_OTHER + others, at, close)
            others += 1
        at = close + (stop - begin)
    return 0 if at == end else NO_FORMAT


@compiled
def _look(data: Bytes, at: int, end: int) -> int:
    """Flags that need every byte: not UTF-8, a control character (C0 but TAB, or C1)."""
    high = np.uint8(0)
    controls = np.uint8(0)
    for i in range(U(at), U(end)):
        c = data[i]
        high |= c
        controls |= np.uint8(c < 32) & np.uint8(c != 9)
    flags = CONTROL_BYTES if controls else 0
    return flags | utf8_flags(data, at, end) if high & 128 else flags


@compiled
def _is_blank(data: Bytes, at: int, end: int) -> bool:
    for i in range(U(at), U(end)):  # noqa: SIM110
        if data[i] != 32 and data[i] != 9:
            return False
    return True


@compiled
def parse_lines(
    data: Bytes,
    begin: int,
    end: int,
    row: int,
    skip: int,
    columns: Ints,
    modes: Bytes,
    literals: Bytes,
    cuts: Ints,
    starts: Ints,
    ends: Ints,
    states: Bytes,
    spans: Ints,
    times: Longs,
    codes: NDArray[np.uint16],
    sizes: Longs,
    memo: Longs,
) -> int:
    """Parse the lines of `data[begin:end]` (LF-ended, the last may be open) into rows from `row`; gives the next row.

    The first line is read from `skip` bytes on (a byte order mark).

    Per row: `starts`/`ends` (line bytes without LF), `states` (status, reason, flags), `spans` (SLOTS pairs),
    `times` (µs or NO_TIME), `codes` (0 = none), `sizes` (-1 = none). `memo` is room for three numbers, zero at first.
    """
    at = begin
    while at < end:
        stop = find_byte(data, at, end, 10)
        starts[row] = at
        ends[row] = stop
        close = stop
        flags = 0
        if close > at and data[U(close - 1)] == 13:
            close -= 1
            flags = CRLF
        flags |= _look(data, at, close)
        for k in range(SLOTS):
            spans[row, 2 * k + 1] = -1
        times[row] = NO_TIME
        codes[row] = 0
        sizes[row] = -1
        states[row, 1] = 0
        if _is_blank(data, at, close):
            states[row, 0] = BLANK
        else:
            reason = _line(
                data, at + skip, close, columns, modes, literals, cuts, row, spans, times, codes, sizes, memo
            )
            states[row, 0] = PARSED if reason == 0 else UNPARSED
            states[row, 1] = reason
            if reason != 0:
                for k in range(SLOTS):
                    spans[row, 2 * k + 1] = -1
                times[row] = NO_TIME
                codes[row] = 0
                sizes[row] = -1
        states[row, 2] = flags
        row += 1
        at = stop + 1
        skip = 0
    return row
