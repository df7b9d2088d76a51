"""Access logs: run a format program over a segment, number its texts, scan its fields, build its events."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core import arrow, event
from core.event import ParseStatus
from core.field import Field
from detection.records import METHODS, NO_METHOD, OTHER_METHOD, Hits, Records, Rows
from detection.scanner import Scanner
from ingestion.parse import batch
from ingestion.parse.columns import Bytes, Columns, Ints, Texts
from ingestion.parse.emit import emit_requests, emit_texts
from ingestion.parse.kernel import LOOSE, PLAIN, QUOTED, parse_lines
from ingestion.parse.memory import memory_of
from ingestion.parse.program import Program
from ingestion.parse.values import (
    MAX_OTHERS,
    SLOT_AGENT,
    SLOT_DOMAIN,
    SLOT_HOST,
    SLOT_METHOD,
    SLOT_OTHER,
    SLOT_QUERY,
    SLOT_REFERRER,
    SLOT_REQUEST,
    SLOT_URL,
    SLOT_USER,
)

PIECE = 1 << 20
"""Bytes parsed and scanned at a time: 16 MiB pieces are 1.5 to 2 times slower (cache misses, page faults)."""

SCANNED = 4 << 20
"""Bytes of lines whose requests are scanned together: nearly all are known to be clean, and a call costs more."""

_REQUEST = (SLOT_URL, SLOT_QUERY, SLOT_REQUEST, SLOT_METHOD)
_METHOD_CODES = {name.encode(): code for code, name in enumerate(METHODS)}
_SHARED = {SLOT_AGENT: Field.USER_AGENT, SLOT_REFERRER: Field.REFERRER, SLOT_USER: Field.USER}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program as the arrays that the kernel reads."""

    columns: NDArray[np.int32]
    modes: NDArray[np.uint8]
    literals: NDArray[np.uint8]
    cuts: NDArray[np.int32]

    @classmethod
    def of(cls, program: Program) -> "Compiled":
        """Arrays of a program: literal k stands before column k, the last one ends the line."""
        literals = [step.literal_before for step in program.steps] + [program.literal_after]
        unquoted = LOOSE if program.address_can_shift else PLAIN
        cuts = np.cumsum([0, *(len(literal) for literal in literals)])
        return cls(
            np.array([int(step.column) for step in program.steps], np.int32),
            np.array([QUOTED if step.quoted else unquoted for step in program.steps], np.uint8),
            np.frombuffer(b"".join(literals) or b"\0", np.uint8),
            cuts.astype(np.int32),
        )

    def parse(self, data: Bytes, begin: int, end: int, row: int, into: Columns, skip: int = 0) -> int:
        """Parse the lines of `data[begin:end]` into rows from `row`, the first one behind `skip` bytes (a BOM)."""
        return parse_lines(
            data,
            begin,
            end,
            row,
            skip,
            self.columns,
            self.modes,
            self.literals,
            self.cuts,
            into.starts,
            into.ends,
            into.states,
            into.spans,
            into.times,
            into.codes,
            into.sizes,
            np.zeros(3, np.int64),
        )


class _Buffer:
    """Room for the scan records of one piece."""

    def __init__(self, size: int, records: int) -> None:
        self.out = np.empty(size, np.uint8)
        self.ends = np.empty(records, np.int64)
        self.rows = np.empty(records, np.int32)
        self.fields = np.empty(records, np.uint8)
        self.state = np.zeros(2, np.int64)
        self.scratch = np.empty(size, np.uint8)

    @classmethod
    def for_requests(cls, spans: Ints) -> "_Buffer":
        """Every byte raw and decoded, every row at most path, query, request and method in both forms."""
        size = sum(int(np.maximum(spans[:, 2 * slot + 1], 0).sum()) for slot in _REQUEST)
        return cls(2 * size + 16 * len(spans) + 64, 8 * len(spans) + 16)

    def records(self) -> Records:
        """What was written, as views; valid until the next `clear`."""
        size, count = int(self.state[0]), int(self.state[1])
        return Records(self.out[:size], self.ends[:count], self.rows[:count], self.fields[:count])


class AccessSegment:
    """One segment of an access log, from bytes to events and hits; call `run` once."""

    def __init__(self, raw: bytes, rows: int, program: Compiled, scanner: Scanner) -> None:
        self._raw = raw
        self.data = np.frombuffer(raw, np.uint8)
        self.columns = Columns(rows)
        self._program = program
        self._scanner = scanner
        slots = (SLOT_HOST, SLOT_USER, SLOT_METHOD, SLOT_REFERRER, SLOT_AGENT, SLOT_DOMAIN)
        others = tuple(range(SLOT_OTHER, SLOT_OTHER + MAX_OTHERS))
        self._texts = {slot: Texts.of(slot, rows) for slot in slots}
        self._others = {slot: Texts.of(slot, rows) for slot in others if self._uses_others()}
        self._methods = np.full(rows, NO_METHOD, np.uint8)
        self._method_codes = np.empty(0, np.uint8)
        self._hits: list[Hits] = []

    def _uses_others(self) -> bool:
        return bool((self._program.columns >= 19).any())

    def run(self, skip: int = 0) -> None:
        """Parse and scan piece by piece, then the texts that rows share; `skip` bytes of a BOM are passed over."""
        row = at = 0
        while at < len(self.data):
            first, until = row, min(at + SCANNED, len(self.data))
            while at < until:
                end = _piece_end(self._raw, at)
                following = self._program.parse(self.data, at, end, row, self.columns, skip if at == 0 else 0)
                self._number(row, following)
                row, at = following, end
            self._scan_requests(first, row)
        self._scan_shared()

    def _number(self, first: int, last: int) -> None:
        for texts in (*self._texts.values(), *self._others.values()):
            texts.add(self.data, self.columns.spans, first, last)
        methods = self._texts[SLOT_METHOD]
        if methods.known > len(self._method_codes):
            names = [methods.text(self.data, number) for number in range(methods.known)]
            self._method_codes = np.array([_METHOD_CODES.get(name, OTHER_METHOD) for name in names], np.uint8)
        codes = methods.codes[first:last]
        if len(self._method_codes):
            self._methods[first:last] = np.where(codes >= 0, self._method_codes[codes], np.uint8(NO_METHOD))

    def _scan_requests(self, first: int, last: int) -> None:
        memory = memory_of(self._scanner)
        picked, hashes = memory.pick(self.data, self.columns.spans, self._methods, OTHER_METHOD, first, last)
        buffer = _Buffer.for_requests(self.columns.spans[picked])
        emit_requests(
            self.data,
            self.columns.spans,
            self._methods,
            OTHER_METHOD,
            picked,
            buffer.out,
            buffer.ends,
            buffer.rows,
            buffer.fields,
            buffer.state,
            buffer.scratch,
        )
        hits = self._scanner.scan(buffer.records(), None)
        memory.keep(picked, hashes, hits.rows)
        self._keep(self._scanner.admit(hits, self.rows))

    @property
    def rows(self) -> Rows:
        """Method and status of every row, for the conditions of rules."""
        return Rows(self._methods, self.columns.codes)

    def _scan_shared(self) -> None:
        for slot, texts in (*self._texts.items(), *self._others.items()):
            field = _SHARED.get(slot, Field.OTHER if slot >= SLOT_OTHER else None)
            if field is not None and texts.known:
                self._keep(self._scanner.admit(self._spread(self._scan_texts(texts, field), texts), self.rows))

    def _scan_texts(self, texts: Texts, field: Field) -> Hits:
        size = int(texts.lengths[: texts.known].sum())
        buffer = _Buffer(2 * size + 8 * texts.known + 64, 2 * texts.known + 8)
        emit_texts(
            self.data,
            texts.places,
            texts.lengths,
            texts.known,
            int(field),
            buffer.out,
            buffer.ends,
            buffer.rows,
            buffer.fields,
            buffer.state,
            buffer.scratch,
        )
        return self._scanner.scan(buffer.records(), None)

    @staticmethod
    def _spread(hits: Hits, texts: Texts) -> Hits:
        """Hits of distinct texts become hits of every row that has the text."""
        if not len(hits.rows):
            return hits
        hit = np.zeros(texts.known + 1, np.bool_)  # the last one stands for "no text" (-1)
        hit[hits.rows] = True
        concerned = np.flatnonzero(hit[texts.codes])
        concerned = concerned[np.argsort(texts.codes[concerned], kind="stable")]
        codes = texts.codes[concerned]
        begin = np.searchsorted(codes, hits.rows, "left")
        counts = np.searchsorted(codes, hits.rows, "right") - begin
        shift = np.repeat(begin - (np.cumsum(counts) - counts), counts)
        rows = concerned[np.arange(int(counts.sum())) + shift]
        return Hits(rows.astype(np.int32), np.repeat(hits.rules, counts), np.repeat(hits.fields, counts))

    def _keep(self, hits: Hits) -> None:
        if len(hits.rows):
            self._hits.append(hits)

    def unparsed(self) -> NDArray[np.int64]:
        """Rows whose line does not fit the program."""
        return np.flatnonzero(self.columns.states[:, 0] == ParseStatus.UNPARSED)

    def line(self, row: int) -> bytes:
        """The bytes of one line, without its LF."""
        return self.data[self.columns.starts[row] : self.columns.ends[row]].tobytes()

    def hits(self) -> Hits:
        """Everything found, in no particular order."""
        if not self._hits:
            return Hits(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint8))
        return Hits(
            np.concatenate([h.rows for h in self._hits]),
            np.concatenate([h.rules for h in self._hits]),
            np.concatenate([h.fields for h in self._hits]),
        )

    def events(self, dataset: str) -> pa.Table:
        """The rows as EVENT_SCHEMA columns, without `log.source`, `log.line` and `log.offset`."""
        data, columns = self.data, self.columns
        when, zone_source = batch.times(columns.times)
        named: dict[str, pa.Array] = {
            event.RAW: batch.raw_lines(data, columns),
            event.STATUS: arrow.numbers(columns.states[:, 0]),
            event.REASON: arrow.numbers(columns.states[:, 1]),
            event.FLAGS: arrow.numbers(columns.states[:, 2]),
            event.TIME: when,
            event.ZONE_SOURCE: arrow.numbers(zone_source),
            event.YEAR_SOURCE: arrow.numbers(zone_source),
            event.DATASET: _constant(dataset, columns.states[:, 0] == ParseStatus.PARSED),
            event.IP: batch.addresses(data, self._texts[SLOT_HOST]),
            event.URL: batch.urls(data, columns.spans),
            event.STATUS_CODE: arrow.numbers(columns.codes, columns.codes == 0),
            event.BODY_BYTES: arrow.numbers(columns.sizes, columns.sizes == -1),
        }
        for name, slot in _TEXT_COLUMNS.items():
            if self._texts[slot].known:
                named[name] = batch.dictionary(data, self._texts[slot])
        if any(texts.known for texts in self._others.values()):
            named[event.HEADERS] = self._headers()
        return pa.Table.from_arrays(list(named.values()), names=list(named))

    def _headers(self) -> pa.Array:
        values = [batch.dictionary(self.data, texts).cast(pa.string()).to_pylist() for texts in self._others.values()]
        joined = ["\t".join(v for v in row if v is not None) or None for row in zip(*values, strict=True)]
        return arrow.texts(joined).dictionary_encode()


_TEXT_COLUMNS = {
    event.USER: SLOT_USER,
    event.METHOD: SLOT_METHOD,
    event.REFERRER: SLOT_REFERRER,
    event.AGENT: SLOT_AGENT,
    event.DOMAIN: SLOT_DOMAIN,
}


def _constant(value: str, present: NDArray[np.bool_]) -> pa.DictionaryArray:
    codes = np.zeros(len(present), np.int32)
    return pa.DictionaryArray.from_arrays(arrow.numbers(codes, ~present), arrow.texts([value]))


def _piece_end(raw: bytes, at: int) -> int:
    """End of the piece that begins at `at`: behind the last LF inside PIECE bytes, or behind the next one."""
    if at + PIECE >= len(raw):
        return len(raw)
    cut = raw.rfind(b"\n", at, at + PIECE)
    if cut < 0:
        cut = raw.find(b"\n", at + PIECE)
    return cut + 1 if cut >= 0 else len(raw)
