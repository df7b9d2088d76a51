"""Message logs: lines read one by one become the same events as compiled access lines, with times resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from core import event
from core.arrow import blobs, numbers, texts
from core.event import Flag, ParseStatus, Reason, TimeSource
from ingestion.parse.message import MessageFormat, ParsedLine
from ingestion.parse.years import YearPlan, in_year
from ingestion.parse.zones import LocalTime

_TEXT_COLUMNS = (
    (event.IP, "ip"),
    (event.USER, "user"),
    (event.METHOD, "method"),
    (event.REFERRER, "referrer"),
    (event.DOMAIN, "domain"),
    (event.LEVEL, "level"),
    (event.PROCESS, "process"),
    (event.ACTION, "action"),
    (event.OUTCOME, "outcome"),
    (event.AGENT, "agent"),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How times without zone or year are understood; `years` is None for access logs, which write theirs."""

    zone: LocalTime
    years: YearPlan | None = None


def read_lines(reader: MessageFormat, lines: list[bytes]) -> list[ParsedLine | Reason]:
    """Every line on its own terms, then once more beside its neighbours (forgeries show only there)."""
    parsed = [reader.parse(_bare(line)) for line in lines]
    for index, better in reader.review([_bare(line) for line in lines], parsed).items():
        parsed[index] = better
    return parsed


def _bare(line: bytes) -> bytes:
    return line[:-1] if line.endswith(b"\r") else line


def events(
    dataset: str, lines: Sequence[bytes], parsed: Sequence[ParsedLine | Reason], numbers: Sequence[int], clock: Calendar
) -> pa.Table:
    """The lines as EVENT_SCHEMA columns without source, line and offset; `numbers` are their line numbers."""
    rows = [line if isinstance(line, ParsedLine) else None for line in parsed]
    statuses = [_status(raw, line) for raw, line in zip(lines, parsed, strict=True)]
    stamps = [_stamp(row, number, clock) for row, number in zip(rows, numbers, strict=True)]
    columns: dict[str, pa.Array] = {
        event.RAW: blobs(lines),
        event.STATUS: _codes(statuses),
        event.REASON: _codes([_reason(line, status) for line, status in zip(parsed, statuses, strict=True)]),
        event.FLAGS: _codes([_flags(raw, row) for raw, row in zip(lines, rows, strict=True)]),
        event.TIME: _optional([stamp[0] for stamp in stamps], np.int64).cast(pa.timestamp("us")),
        event.ZONE_SOURCE: _codes([int(stamp[1]) for stamp in stamps]),
        event.YEAR_SOURCE: _codes([int(stamp[2]) for stamp in stamps]),
        event.DATASET: texts([dataset if row else None for row in rows]).dictionary_encode(),
        event.URL: texts([row.url if row else None for row in rows]),
        event.STATUS_CODE: _optional([row.status_code if row else None for row in rows], np.uint16),
        event.MESSAGE: texts([row.message if row else None for row in rows]),
        event.REPEAT: _optional([row.repeat if row else None for row in rows], np.int32),
    }
    for name, attribute in _TEXT_COLUMNS:
        values = [getattr(row, attribute) if row else None for row in rows]
        columns[name] = texts(values).dictionary_encode()
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def _codes(values: Sequence[int]) -> pa.Array:
    return numbers(np.array(values, np.uint8))


def _optional(values: Sequence[int | None], kind: type[np.integer[Any]]) -> pa.Array:
    absent = np.array([value is None for value in values], np.bool_)
    return numbers(np.array([value or 0 for value in values], kind), absent)


def _status(raw: bytes, line: ParsedLine | Reason) -> int:
    if isinstance(line, ParsedLine):
        return int(line.status)
    return int(ParseStatus.UNPARSED if raw.strip(b" \t\r") else ParseStatus.BLANK)


def _reason(line: ParsedLine | Reason, status: int) -> int:
    return int(line) if status == ParseStatus.UNPARSED and isinstance(line, Reason) else 0


def _stamp(row: ParsedLine | None, number: int, clock: Calendar) -> tuple[int | None, TimeSource, TimeSource]:
    if row is None or row.time is None:
        return None, TimeSource.NONE, TimeSource.NONE
    local, year_source = row.time, TimeSource.EXPLICIT
    if not row.year_known:
        if clock.years is None:
            return None, TimeSource.NONE, TimeSource.NONE
        moved = in_year(local, clock.years.year_of(number))
        if moved is None:
            return None, TimeSource.NONE, TimeSource.NONE
        local, year_source = moved, TimeSource.ASSUMED if clock.years.assumed else TimeSource.CONFIGURED
    instant, zone_source = clock.zone.resolve(local, row.zone_minutes)
    return instant, zone_source, year_source


_CONTROLS = bytes(c for c in range(32) if c not in (9, 13)) + b"\x7f"


def _flags(raw: bytes, row: ParsedLine | None) -> int:
    own = flags_of(raw)
    return own | int(row.flags) if row and row.flags else own  # members of a Flag are slow to join


def flags_of(raw: bytes) -> int:
    """Flags that any line can have: control bytes, not UTF-8, CR before the LF."""
    flags = int(Flag.CRLF) if raw.endswith(b"\r") else 0
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        flags |= Flag.CONTROL_BYTES
    if not raw.isascii():
        try:
            decoded = raw.decode()
        except UnicodeDecodeError:
            return flags | Flag.INVALID_UTF8
        if any("\x80" <= c <= "\x9f" for c in decoded):
            flags |= Flag.CONTROL_BYTES
    return flags
