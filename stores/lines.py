"""Single lines as evidence: the raw bytes with where they are and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from core.event import (
    AGENT,
    BODY_BYTES,
    DATASET,
    FLAGS,
    IP,
    LINE,
    METHOD,
    OFFSET,
    RAW,
    REASON,
    SOURCE,
    STATUS,
    STATUS_CODE,
    TIME,
    URL,
    USER,
    Flag,
    ParseStatus,
    Reason,
)
from core.line import LineRef, SourceId


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One physical line; `raw` has no LF, `offset` counts bytes of the inflated content, `time` is aware UTC."""

    ref: LineRef
    source_name: str
    raw: bytes
    offset: int
    status: ParseStatus
    reason: Reason
    flags: Flag
    dataset: str | None
    time: datetime | None
    ip: str | None
    user: str | None
    method: str | None
    url: str | None
    status_code: int | None
    body_bytes: int | None
    agent: str | None


def evidence_lines(table: pa.Table, sources: Mapping[int, tuple[SourceId, str]]) -> list[EvidenceLine]:
    """One value per row of a table with `EVENT_SCHEMA` columns; `sources` gives id and name of a source number."""
    return [_line(row, *sources[row[SOURCE]]) for row in table.to_pylist()]


def _line(row: Mapping[str, Any], source: SourceId, name: str) -> EvidenceLine:
    time = row[TIME]
    return EvidenceLine(
        ref=LineRef(source, row[LINE]),
        source_name=name,
        raw=row[RAW],
        offset=row[OFFSET],
        status=ParseStatus(row[STATUS]),
        reason=Reason(row[REASON]),
        flags=Flag(row[FLAGS]),
        dataset=row[DATASET],
        time=time.replace(tzinfo=UTC) if isinstance(time, datetime) else None,
        ip=row[IP],
        user=row[USER],
        method=row[METHOD],
        url=row[URL],
        status_code=row[STATUS_CODE],
        body_bytes=row[BODY_BYTES],
        agent=row[AGENT],
    )
