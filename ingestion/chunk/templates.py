"""Lines to templates: compiled folding and hashing of every line, words only for templates not seen before."""

from dataclasses import dataclass, field
from secrets import randbits

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import integers, masked, values
from core.event import ACTION, MESSAGE, METHOD, PROCESS, RAW, STATUS, STATUS_CODE, URL, ParseStatus
from ingestion.chunk.fold import PAYLOAD as FOLD_PAYLOAD
from ingestion.chunk.fold import PLAIN, SAID, fold_hashes, fold_text
from ingestion.chunk.lines import PAYLOAD, coded
from ingestion.chunk.vocabulary import Codes, Template, Vocabulary
from ingestion.chunk.words import coarse_request, is_static, visible, words_of

COLUMNS = (METHOD, URL, STATUS_CODE, STATUS, ACTION, PROCESS, MESSAGE, RAW)

_PARSED = int(ParseStatus.PARSED)
_QUIET = frozenset({"session_opened", "session_closed", "server_notice", "preauth_closed"})
_OWN = {401: "401", 403: "403", 404: "404", 429: "429"}
_WORDS = 6

Offsets = NDArray[np.int64]
_NO_BYTES = np.frombuffer(b"\0", np.uint8)  # not writable, like the buffers of columns: one compiled form serves both


@dataclass(frozen=True, slots=True)
class _Text:
    """A text column as its bytes; null rows are empty."""

    data: NDArray[np.uint8]
    offsets: Offsets

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "_Text":
        whole = column.combine_chunks()
        if isinstance(whole, pa.ChunkedArray) or not len(whole):
            return cls(_NO_BYTES, np.zeros(len(column) + 1, np.int64))
        _, offsets, data = whole.buffers()
        places = np.frombuffer(offsets, np.int32)[whole.offset : whole.offset + len(whole) + 1].astype(np.int64)
        content = np.frombuffer(data, np.uint8) if data is not None and data.size else _NO_BYTES
        return cls(content, places)

    def has(self, row: int) -> bool:
        return bool(self.offsets[row + 1] > self.offsets[row])

    @property
    def filled(self) -> NDArray[np.bool_]:
        return np.asarray(self.offsets[1:] > self.offsets[:-1])

    def hashes(self, hows: NDArray[np.uint8], seed: int) -> NDArray[np.uint64]:
        return fold_hashes(self.data, self.offsets, hows, seed)

    def words(self, row: int, how: int) -> str:
        start, end = self.offsets[row], self.offsets[row + 1]
        return words_of(fold_text(self.data, start, end, how).tobytes()) if end > start else ""


@dataclass(slots=True)
class Folder:
    """Gives every line the number of its template; one for a whole lake, so that no template is worded twice."""

    vocabulary: Vocabulary
    kind_bits: dict[str, int]
    _seed: int = field(default_factory=lambda: randbits(62))
    _hashes: dict[int, int] = field(default_factory=dict)
    _groups: dict[tuple[str, ...], int] = field(default_factory=dict)

    def codes(self, table: pa.Table, types: NDArray[np.uint32]) -> Codes:
        """Template numbers of the rows of a batch with `COLUMNS`; `types` are the rows' hit bits."""
        if not table.num_rows:
            return np.empty(0, np.int32)
        view = _View.of(table, types)
        hashes = view.hashes(self._seed) + self._group_numbers(view) * np.uint64(0x9E3779B97F4A7C15)
        distinct, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        codes = np.array(
            [self._code(one, row, view) for one, row in zip(distinct.tolist(), first.tolist(), strict=True)], np.int32
        )
        return codes[inverse]

    def _group_numbers(self, view: "_View") -> NDArray[np.uint64]:
        _, first, inverse = np.unique(view.groups, return_index=True, return_inverse=True)
        numbers = [self._groups.setdefault(view.group(row), len(self._groups) + 1) for row in first.tolist()]
        return np.array(numbers, np.uint64)[inverse]

    def _code(self, hashed: int, row: int, view: "_View") -> int:
        code = self._hashes.get(hashed)
        if code is None:
            code = self._hashes[hashed] = self.vocabulary.template(self._template(row, view))
        return code

    def _template(self, row: int, view: "_View") -> Template:
        method, status, action, process, read = view.group(row)
        kinds = self._kinds(method, status, action, "" if read == "parsed" else "unread")
        said = view.message.words(row, SAID)
        if view.url.has(row):
            url = view.url.words(row, int(view.hows[row]))
            request = f"{method} {url} {status}".strip()
            text = " ".join(part for part in (action, request, said) if part)
            coarse = coarse_request(method, url, status)
            return Template(text, f"{action} {coarse}".strip(), kinds, _request_telling(method, status, action, text))
        if read != "parsed":
            rest = said or view.raw_words(row)
            return Template(f"({read} line) {rest}".strip(), f"({read} line)", kinds, 2 if rest else 0)
        who = " ".join(part for part in (action, process) if part)
        text = f"{who}: {said}" if who and said else who or said or "(line without text)"
        coarse = who if action else " ".join(text.split()[:_WORDS])
        return Template(text, coarse, kinds, 1 if not action or action in _QUIET else 4)

    def _kinds(self, *names: str) -> int:
        return sum(self.kind_bits.get(name, 0) for name in names if name)


def _request_telling(method: str, status: str, action: str, text: str) -> int:
    if action:
        return 4
    if status[:1] == "5" or status in ("401", "403"):
        return 4
    if method not in ("GET", "HEAD", "POST", ""):
        return 4
    if status[:1] == "4" or method == "POST":
        return 3
    return 0 if is_static(text) else 1


@dataclass(frozen=True, slots=True)
class _View:
    """What is folded of a batch. `groups` number the distinct ways in which lines differ beside their texts."""

    url: _Text
    message: _Text
    raw: _Text
    raw_rows: NDArray[np.int64]
    hows: NDArray[np.uint8]
    groups: NDArray[np.int64]
    status: NDArray[np.int64]
    read: NDArray[np.int64]
    named: tuple[tuple[list[str | None], Codes], ...]

    @classmethod
    def of(cls, table: pa.Table, types: NDArray[np.uint32]) -> "_View":
        url, message = _Text.of(table.column(URL)), _Text.of(table.column(MESSAGE))
        read = integers(table.column(STATUS))
        bare = (read != _PARSED) & ~url.filled & ~message.filled
        raw = table.column(RAW).filter(masked(bare)) if bare.any() else pa.chunked_array([], pa.binary())
        status = _status_groups(values(table.column(STATUS_CODE), 0).astype(np.int64))
        named = tuple(coded(table, column) for column in (METHOD, ACTION, PROCESS))
        groups = read * 1024 + status
        for distinct, places in named:
            groups = groups * (len(distinct) + 1) + places + 1
        hows = np.where(types & PAYLOAD, FOLD_PAYLOAD, PLAIN).astype(np.uint8)
        return cls(url, message, _Text.of(raw), np.flatnonzero(bare), hows, groups, status, read, named)

    def hashes(self, seed: int) -> NDArray[np.uint64]:
        found = self.url.hashes(self.hows, seed)
        said = np.full(len(found), SAID, np.uint8)
        if self.message.filled.any():
            found = found * np.uint64(31) + self.message.hashes(said, seed + 1)
        if len(self.raw_rows):
            found[self.raw_rows] += self.raw.hashes(said[: len(self.raw_rows)], seed + 2)
        return found

    def raw_words(self, row: int) -> str:
        return self.raw.words(int(np.searchsorted(self.raw_rows, row)), SAID)

    def group(self, row: int) -> tuple[str, str, str, str, str]:
        method, action, process = (
            visible((distinct[places[row]] or "")[:24]) if places[row] >= 0 else "" for distinct, places in self.named
        )
        return (
            method,
            _status_name(int(self.status[row])),
            action,
            process,
            ParseStatus(int(self.read[row])).name.lower(),
        )


def _status_groups(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The code itself where it has a name of its own, else the first of its hundred; 0 where there is none."""
    return np.where(np.isin(codes, list(_OWN)), codes, np.where((codes >= 100) & (codes < 600), codes // 100 * 100, 0))


def _status_name(group: int) -> str:
    return _OWN.get(group) or (f"{group // 100}xx" if group else "")
