"""Records of lines that are already stored: the same fields, decoded the same way, so a claim can be scanned again."""

import numpy as np
import pyarrow as pa

from core import event
from core.field import Field
from detection.decode import decode_into, needs_decoding
from detection.records import METHODS, NO_METHOD, OTHER_METHOD, Records, Rows

_TEXT_FIELDS = (
    (event.AGENT, Field.USER_AGENT),
    (event.REFERRER, Field.REFERRER),
    (event.USER, Field.USER),
    (event.MESSAGE, Field.MESSAGE),
)
_METHOD_CODE = {name: code for code, name in enumerate(METHODS)}


def fields_of(columns: pa.Table, row: int) -> list[tuple[Field, bytes]]:
    """The fields a scanner looks at of one row of EVENT_SCHEMA columns, as logged, in Field order."""
    found: list[tuple[Field, bytes]] = []
    if (method := _value(columns, event.METHOD, row)) is not None:
        found.append((Field.METHOD, method))
    if (url := _value(columns, event.URL, row)) is not None:
        if method is None and not _value(columns, event.MESSAGE, row):
            found.append((Field.REQUEST, url))
        else:
            path, mark, query = url.partition(b"?")
            found.append((Field.PATH, path))
            if mark:
                found.append((Field.QUERY, query))
    for name, field in _TEXT_FIELDS:
        value = _value(columns, name, row)
        if value is not None:
            found.append((field, value))
    return [(field, text) for field, text in found if text and text != b"-"]


def _value(columns: pa.Table, name: str, row: int) -> bytes | None:
    if name not in columns.column_names:
        return None
    value = columns.column(name)[row].as_py()
    return None if value is None else str(value).encode("utf-8", "surrogateescape")


def decoded(text: bytes, field: Field) -> bytes | None:
    """The decoded form of a field, or None when decoding changes nothing."""
    source = np.frombuffer(text, np.uint8)
    if not needs_decoding(source, 0, len(source), int(field)):
        return None
    target = np.empty(len(source) + 8, np.uint8)
    size = decode_into(source, 0, len(source), int(field), target, 0, np.empty(2 * len(source) + 16, np.uint8))
    return None if size < 0 else target[:size].tobytes()


def records_of(columns: pa.Table) -> tuple[Records, Rows]:
    """Records and Rows of stored lines, row i of the table being row i of both."""
    parts: list[bytes] = []
    rows: list[int] = []
    fields: list[int] = []
    for row in range(columns.num_rows):
        for field, text in fields_of(columns, row):
            for form in (text, decoded(text, field)):
                if form is not None:
                    parts.append(form.replace(b"\n", b"\x0b") + b"\n")
                    rows.append(row)
                    fields.append(int(field))
    ends = np.cumsum(np.array([len(part) for part in parts], np.int64)) if parts else np.empty(0, np.int64)
    records = Records(
        np.frombuffer(b"".join(parts), np.uint8), ends, np.array(rows, np.int32), np.array(fields, np.uint8)
    )
    return records, _rows(columns)


def _rows(columns: pa.Table) -> Rows:
    method = np.full(columns.num_rows, NO_METHOD, np.uint8)
    status = np.zeros(columns.num_rows, np.uint16)
    for row in range(columns.num_rows):
        if (name := _value(columns, event.METHOD, row)) is not None:
            method[row] = _METHOD_CODE.get(name.decode("utf-8", "replace"), OTHER_METHOD)
        if (code := _value(columns, event.STATUS_CODE, row)) is not None:
            status[row] = int(code)
    return Rows(method, status)
