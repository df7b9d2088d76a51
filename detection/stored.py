"""Records of lines that are already stored: the same fields, decoded the same way, so a claim can be scanned again."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core import event
from core.arrow import codes, integers
from core.field import Field
from detection.decode import decode_all, decode_into, needs_decoding
from detection.records import METHODS, NO_METHOD, OTHER_METHOD, Records, Rows

_TEXT_FIELDS = (
    (event.AGENT, Field.USER_AGENT),
    (event.REFERRER, Field.REFERRER),
    (event.USER, Field.USER),
    (event.MESSAGE, Field.MESSAGE),
)
SCANNED = (event.METHOD, event.STATUS_CODE, event.URL, *(name for name, _ in _TEXT_FIELDS), event.HEADERS)
"""Columns that a scan of stored lines reads."""

_METHOD_CODE = {name.encode(): code for code, name in enumerate(METHODS)}


Item = tuple[Field, bytes]
"""One field of a line, as logged."""


@dataclass(slots=True)
class _Fields:
    """Every field that occurs, once each; and in which rows: `numbers[i]` is the place in `items` of row `rows[i]`."""

    items: dict[Item, int] = field(default_factory=dict)
    rows: list[NDArray[np.int64]] = field(default_factory=list)
    numbers: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, kind: Field, codes: NDArray[np.int32], texts: list[bytes]) -> None:
        """The field's text of each row by its code, -1 where it has none; what says nothing is passed over."""
        used = np.bincount(codes[codes >= 0], minlength=len(texts)).tolist()
        known = [
            self._number((kind, text)) if times and text and text != b"-" else -1
            for text, times in zip(texts, used, strict=True)
        ]
        found = np.array([*known, -1], np.int64)[codes]
        rows = np.flatnonzero(found >= 0)
        self.rows.append(rows)
        self.numbers.append(found[rows])

    def _number(self, item: Item) -> int:
        return self.items.setdefault(item, len(self.items))


def fields_of(columns: pa.Table, row: int) -> list[Item]:
    """The fields a scanner looks at of one row of EVENT_SCHEMA columns, as logged, in Field order."""
    return list(_fields(columns.slice(row, 1)).items)


def _fields(columns: pa.Table) -> _Fields:
    found = _Fields()
    methods, names = _coded(columns, event.METHOD)
    found.add(Field.METHOD, methods, names)
    urls, targets = _coded(columns, event.URL)
    messages, said = _coded(columns, event.MESSAGE)
    silent = (messages < 0) | np.isin(messages, [code for code, text in enumerate(said) if not text])
    whole = (methods < 0) & silent
    halves = [target.partition(b"?") for target in targets]
    found.add(Field.REQUEST, np.where(whole, urls, -1), targets)
    found.add(Field.PATH, np.where(whole, -1, urls), [path for path, _, _ in halves])
    found.add(Field.QUERY, np.where(whole, -1, urls), [query for _, _, query in halves])
    for name, kind in _TEXT_FIELDS:
        found.add(kind, *_coded(columns, name))
    headers, joined = _coded(columns, event.HEADERS)
    split = [text.split(b"\t") for text in joined]
    for place in range(max(map(len, split), default=0)):
        found.add(Field.OTHER, headers, [parts[place] if place < len(parts) else b"" for parts in split])
    return found


def _coded(columns: pa.Table, name: str) -> tuple[NDArray[np.int32], list[bytes]]:
    """Each row's place among the distinct texts of a column (-1 = null), and the texts as logged."""
    if name not in columns.column_names or not columns.num_rows:
        return np.full(columns.num_rows, -1, np.int32), []
    encoded = columns.column(name).cast(pa.string()).dictionary_encode().combine_chunks()
    return codes(encoded), encoded.dictionary.cast(pa.binary()).to_pylist()


def decoded(text: bytes, field: Field) -> bytes | None:
    """The decoded form of a field, or None when decoding changes nothing."""
    source = np.frombuffer(text, np.uint8)
    if not needs_decoding(source, 0, len(source), int(field)):
        return None
    target = np.empty(len(source) + 8, np.uint8)
    size = decode_into(source, 0, len(source), int(field), target, 0, np.empty(2 * len(source) + 16, np.uint8))
    return None if size < 0 else target[:size].tobytes()


def records_of(columns: pa.Table) -> tuple[Records, Rows]:
    """Records and Rows of stored lines, row i of the table being row i of both; records are in no order."""
    fields = _fields(columns)
    items = list(fields.items)
    forms = _all_forms(items)
    first = np.cumsum([0, *map(len, forms)])
    rows, numbers = np.concatenate(fields.rows), np.concatenate(fields.numbers)
    count = np.diff(first)[numbers]  # one or two records each
    record = np.repeat(first[numbers], count) + (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count))
    texts = [form for of_item in forms for form in of_item]
    sizes = np.array([len(form) for form in texts], np.int64)
    kinds = np.repeat(np.array([int(kind) for kind, _ in items], np.uint8), np.diff(first))
    data = np.frombuffer(b"".join([texts[i] for i in record.tolist()]), np.uint8)
    found = Records(data, np.cumsum(sizes[record]), np.repeat(rows, count).astype(np.int32), kinds[record])
    return found, _rows(columns)


def _all_forms(items: list[Item]) -> list[tuple[bytes, ...]]:
    """The records of each field: as logged, and decoded where that differs."""
    ends = np.cumsum(np.array([len(text) for _, text in items], np.int64))
    source = np.frombuffer(b"".join(text for _, text in items), np.uint8)
    longest = max((len(text) for _, text in items), default=0)
    out, sizes = np.empty(len(source) + 8, np.uint8), np.empty(len(items), np.int64)
    fields = np.array([int(field) for field, _ in items], np.uint8)
    decode_all(source, ends, fields, out, sizes, np.empty(2 * longest + 16, np.uint8))
    changed, at = out.tobytes(), 0
    forms: list[tuple[bytes, ...]] = []
    for (_, text), size in zip(items, sizes.tolist(), strict=True):
        raw = text.replace(b"\n", b"\x0b") + b"\n"
        forms.append((raw,) if size < 0 else (raw, changed[at : at + size].replace(b"\n", b"\x0b") + b"\n"))
        at += max(size, 0)
    return forms


def _rows(columns: pa.Table) -> Rows:
    methods, names = _coded(columns, event.METHOD)
    known = [_METHOD_CODE.get(name, OTHER_METHOD) for name in names]
    status = integers(columns.column(event.STATUS_CODE))
    return Rows(np.array([*known, NO_METHOD], np.uint8)[methods], status.astype(np.uint16))
