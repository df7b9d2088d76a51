"""Records of lines that are already stored: the same fields, decoded the same way, so a claim can be scanned again."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from core import event
from core.field import Field
from detection.decode import decode_into, needs_decoding, rounds_of
from detection.records import METHODS, NO_METHOD, OTHER_METHOD, Records, Rows

_TEXT_FIELDS = (
    (event.AGENT, Field.USER_AGENT),
    (event.REFERRER, Field.REFERRER),
    (event.USER, Field.USER),
    (event.MESSAGE, Field.MESSAGE),
)
SCANNED = (event.METHOD, event.STATUS_CODE, event.URL, *(name for name, _ in _TEXT_FIELDS), event.HEADERS)
"""Columns that a scan of stored lines reads."""

_METHOD_CODE = {name: code for code, name in enumerate(METHODS)}


Texts = dict[str, list[bytes | None]]
"""The text columns that fields come from, as logged bytes, one element a row."""

_TEXTS = (event.METHOD, event.URL, *(name for name, _ in _TEXT_FIELDS), event.HEADERS)


def fields_of(columns: pa.Table, row: int) -> list[tuple[Field, bytes]]:
    """The fields a scanner looks at of one row of EVENT_SCHEMA columns, as logged, in Field order."""
    return _fields(_texts(columns.slice(row, 1)), 0)


def _texts(columns: pa.Table) -> Texts:
    present = set(columns.column_names)
    nothing: list[bytes | None] = [None] * columns.num_rows
    return {name: _bytes(columns.column(name)) if name in present else nothing for name in _TEXTS}


def _bytes(column: pa.ChunkedArray) -> list[bytes | None]:
    """A whole column at once: one value at a time costs fifty times as much."""
    values: list[bytes | None] = column.cast(pa.string()).cast(pa.binary()).to_pylist()
    return values


def _fields(texts: Texts, row: int) -> list[tuple[Field, bytes]]:
    found: list[tuple[Field, bytes]] = []
    if (method := texts[event.METHOD][row]) is not None:
        found.append((Field.METHOD, method))
    if (url := texts[event.URL][row]) is not None:
        if method is None and not texts[event.MESSAGE][row]:
            found.append((Field.REQUEST, url))
        else:
            path, mark, query = url.partition(b"?")
            found.append((Field.PATH, path))
            if mark:
                found.append((Field.QUERY, query))
    for name, field in _TEXT_FIELDS:
        if (value := texts[name][row]) is not None:
            found.append((field, value))
    found += [(Field.OTHER, value) for value in (texts[event.HEADERS][row] or b"").split(b"\t")]
    return [(field, text) for field, text in found if text and text != b"-"]


def decoded(text: bytes, field: Field) -> bytes | None:
    """The decoded form of a field, or None when decoding changes nothing."""
    source = np.frombuffer(text, np.uint8)
    if not needs_decoding(source, 0, len(source), int(field)):
        return None
    target = np.empty(len(source) + 8, np.uint8)
    size = decode_into(source, 0, len(source), int(field), target, 0, np.empty(2 * len(source) + 16, np.uint8))
    return None if size < 0 else target[:size].tobytes()


def rounds(text: bytes, field: Field) -> tuple[bytes, ...]:
    """What each round of decoding makes of a field; the last is its decoded form."""
    return rounds_of(text, int(field))


def _forms(field: Field, text: bytes) -> Iterator[bytes]:
    """The records of one field: as logged, and decoded where that differs."""
    for form in (text, decoded(text, field)):
        if form is not None:
            yield form.replace(b"\n", b"\x0b") + b"\n"


def records_of(columns: pa.Table) -> tuple[Records, Rows]:
    """Records and Rows of stored lines, row i of the table being row i of both."""
    parts: list[bytes] = []
    rows: list[int] = []
    fields: list[int] = []
    texts = _texts(columns)
    known: dict[tuple[Field, bytes], tuple[bytes, ...]] = {}  # user agents and login paths repeat by the thousand
    for row in range(columns.num_rows):
        for item in _fields(texts, row):
            if item not in known:
                known[item] = tuple(_forms(*item))
            for form in known[item]:
                parts.append(form)
                rows.append(row)
                fields.append(int(item[0]))
    ends = np.cumsum(np.array([len(part) for part in parts], np.int64)) if parts else np.empty(0, np.int64)
    records = Records(
        np.frombuffer(b"".join(parts), np.uint8), ends, np.array(rows, np.int32), np.array(fields, np.uint8)
    )
    return records, _rows(columns)


def _rows(columns: pa.Table) -> Rows:
    names = columns.column(event.METHOD).cast(pa.string()).to_pylist()
    codes = [NO_METHOD if name is None else _METHOD_CODE.get(name, OTHER_METHOD) for name in names]
    status = [code or 0 for code in columns.column(event.STATUS_CODE).to_pylist()]
    return Rows(np.array(codes, np.uint8), np.array(status, np.uint16))
