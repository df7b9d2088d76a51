"""Fills a case from text of an invented log format, the way ingestion does: staged segments, one commit a source.

A line is `SECONDS IP METHOD URL STATUS`, optionally followed by a user and an agent; `-` is null. `attack` and
`probe` inside a line make a hit each. This file also runs as a program, so that tests can kill it.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.event import EVENT_SCHEMA, HIT_SCHEMA, ParseStatus
from core.line import SourceId
from core.source import Accounting, Source
from stores.segment import SegmentRow, write_segment
from stores.writer import CaseWriter

START = datetime(2026, 3, 1, tzinfo=UTC)
RULES = {b"attack": ("r.sql", "sql_injection"), b"probe": ("r.probe", "sensitive_file_probe")}


def fill(case_dir: Path, name: str, content: bytes, per_segment: int = 3) -> Source:
    """Ingests the content as a source, continuing where an earlier version of the same name stopped."""
    with CaseWriter.open(case_dir) as writer:
        earlier = next((source for source in writer.sources() if source.name == name), None)
        number = earlier.number if earlier else writer.next_number()
        line, offset = writer.resume_point(number)
        rows = list(stage(writer.staging, number, content, line, offset, per_segment))
        old = earlier.accounting.lines if earlier else 0
        source = source_of(number, name, content, earlier.id if earlier else None)
        assert source.accounting.lines >= old
        writer.commit(source, rows)
    return source


def source_of(number: int, name: str, content: bytes, known: SourceId | None = None) -> Source:
    sha256 = hashlib.sha256(content).hexdigest()
    accounting = account(lines_of(content))
    identity = known or SourceId(sha256[:16])
    return Source(identity, number, name, "test.log", sha256, len(content), accounting, None, None, START)


def lines_of(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def account(lines: Sequence[bytes]) -> Accounting:
    blank = sum(not line for line in lines)
    return Accounting(lines=len(lines), parsed=len(lines) - blank, blank=blank)


def stage(staging: Path, number: int, content: bytes, line: int, offset: int, per_segment: int) -> Iterator[SegmentRow]:
    lines = lines_of(content[offset:])
    tail = [lines.pop()] if lines and not content.endswith(b"\n") else []
    for start in range(0, len(lines), per_segment):
        part = lines[start : start + per_segment]
        size = sum(len(text) + 1 for text in part)
        yield _segment(staging, number, part, line, offset, size, tail=False)
        line, offset = line + len(part), offset + size
    if tail:
        yield _segment(staging, number, tail, line, offset, len(tail[0]), tail=True)


def _segment(
    staging: Path, number: int, lines: Sequence[bytes], line: int, offset: int, size: int, tail: bool
) -> SegmentRow:
    events, hits = tables(number, lines, line, offset)
    times = [time.replace(tzinfo=UTC) for time in events.column("@timestamp").to_pylist() if time is not None]
    return write_segment(
        staging,
        events,
        hits,
        source=number,
        first_line=line,
        first_offset=offset,
        size=size,
        tail=tail,
        accounting=account(lines),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
    )


def tables(number: int, lines: Sequence[bytes], line: int, offset: int) -> tuple[pa.Table, pa.Table]:
    rows: list[dict[str, Any]] = []
    for text in lines:
        rows.append(event(number, line + len(rows), offset, text))
        offset += len(text) + 1
    hits = [
        {name: row.get(name) for name in HIT_SCHEMA.names} | {"rule.id": rule, "akashi.type": kind, "akashi.field": 1}
        for row in rows
        for word, (rule, kind) in RULES.items()
        if word in row["event.original"]
    ]
    return pa.Table.from_pylist(rows, EVENT_SCHEMA), pa.Table.from_pylist(hits, HIT_SCHEMA)


def event(number: int, line: int, offset: int, text: bytes) -> dict[str, Any]:
    words = [None if word == "-" else word for word in text.decode("utf-8", "backslashreplace").split(" ")]
    readable = len(words) >= 5 and all((word or "0").isdigit() for word in (words[0], words[4]))
    seconds, ip, method, url, status, user, agent = (words + [None] * 7)[:7] if readable else [None] * 7
    return {
        "log.source": number,
        "log.line": line,
        "log.offset": offset,
        "event.original": text,
        "akashi.status": ParseStatus.PARSED if text else ParseStatus.BLANK,
        "akashi.reason": 0,
        "akashi.flags": 0,
        "@timestamp": (START + timedelta(seconds=float(seconds))).replace(tzinfo=None) if seconds else None,
        "akashi.zone_source": 1,
        "akashi.year_source": 1,
        "event.dataset": "test.log",
        "source.ip": ip,
        "user.name": user,
        "http.request.method": method,
        "url.original": url,
        "http.response.status_code": int(status) if status else None,
        "user_agent.original": agent,
    }


if __name__ == "__main__":
    fill(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).read_bytes(), per_segment=int(sys.argv[4]))
