"""The one writer of a case: makes staged segments visible, all of a source at once or not at all."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.errors import CaseError, StorageError
from core.source import Accounting, Source
from stores.cases import SEGMENTS, STAGING
from stores.content import content_of
from stores.disk import disk_faults, flush
from stores.lock import CaseLock
from stores.registry import Registry, Snapshot
from stores.segment import SegmentRow, all_files, files_of

HEAD = 4096
GRACE = timedelta(minutes=10)
"""How long the files of a dropped tail stay for readers that are just opening the snapshot which names them."""


class CaseWriter:
    """Open with `CaseWriter.open`; used by one thread, while `write_segment` runs in any number of others."""

    def __init__(self, case_dir: Path, registry: Registry) -> None:
        self._registry = registry
        self._segments = case_dir / SEGMENTS
        self.staging = case_dir / STAGING

    @classmethod
    @contextmanager
    def open(cls, case_dir: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator["CaseWriter"]:
        """Locks the case for its only writer and removes what a crash left.

        Raises `CaseError("case_busy")` when another process or thread holds it.
        """
        if not (case_dir / SEGMENTS).is_dir():
            raise CaseError("unknown_case", case=case_dir.name, known=())
        with CaseLock(case_dir):
            registry = Registry.open(case_dir)
            try:
                writer = cls(case_dir, registry)
                writer._clean(clock())
                yield writer
            finally:
                registry.close()

    def sources(self) -> tuple[Source, ...]:
        """Every source of the case, by number."""
        return self._registry.snapshot().sources

    def next_number(self) -> int:
        """A number no source has yet."""
        return max((source.number for source in self.sources()), default=0) + 1

    def head(self, number: int) -> bytes | None:
        """The first min(4096, size) content bytes; None when an over-long line hides them."""
        return self._registry.head(number)

    def reproducible(self, number: int) -> bool:
        """Whether `content` gives the exact bytes: no line was longer than the line budget."""
        return all(segment.accounting.oversize == 0 for segment in self._of(number))

    def content(self, number: int) -> Iterator[bytes]:
        """The content bytes in order; `StorageError("content_not_kept")` when they cannot be rebuilt exactly."""
        if not self.reproducible(number):
            raise StorageError("content_not_kept", source=number)
        return content_of(self._segments, self._of(number))

    def prefix_digest(self, number: int, size: int) -> str | None:
        """SHA-256 of the first `size` content bytes; None when there are fewer or they cannot be rebuilt."""
        digest, left = hashlib.sha256(), size
        if not self.reproducible(number):
            return None
        for piece in content_of(self._segments, self._of(number)):
            digest.update(piece[:left])
            left -= min(left, len(piece))
            if left == 0:
                break
        return None if left else digest.hexdigest()

    def resume_point(self, number: int) -> tuple[int, int]:
        """(next line number, byte offset) behind the last LF-terminated line."""
        ended = [segment for segment in self._of(number) if not segment.tail]
        if not ended:
            return 1, 0
        return ended[-1].first_line + ended[-1].lines, ended[-1].first_offset + ended[-1].size

    def ended_accounting(self, number: int) -> Accounting:
        """The account of the LF-terminated lines: what stays when the source grows."""
        return sum((segment.accounting for segment in self._of(number) if not segment.tail), Accounting())

    def commit(self, source: Source, segments: Sequence[SegmentRow]) -> None:
        """Makes the staged segments and the source's new state visible at one instant, and durable.

        An earlier row of the same number is replaced and its tail segment dropped. Raises `StorageError`
        (`disk_full`, `write_failed`, `accounting_mismatch`); then nothing has changed and nothing stays behind.
        """
        kept = [segment for segment in self._of(source.number) if not segment.tail]
        names = [name for segment in segments for name in files_of(segment)]
        try:
            _check(source, [*kept, *segments])
            with disk_faults(self._segments):
                self._publish(names)
            self._registry.record(source, segments, self._head(source, [*kept, *segments]))
        except BaseException:
            with suppress(StorageError, OSError):  # what cannot be removed now is removed by the next open
                self._withdraw(segments)
            raise

    def discard(self, segments: Sequence[SegmentRow]) -> None:
        """Removes staged segments that will not be committed."""
        for name in (name for segment in segments for name in files_of(segment)):
            (self.staging / name).unlink(missing_ok=True)

    def _withdraw(self, segments: Sequence[SegmentRow]) -> None:
        """Takes back a commit that failed, unless SQLite did commit before it reported the failure."""
        known = _names(self._registry.snapshot())
        lost = [segment for segment in segments if segment.name not in known]
        self.discard(lost)
        for name in (name for segment in lost for name in files_of(segment)):
            (self._segments / name).unlink(missing_ok=True)

    def _of(self, number: int) -> list[SegmentRow]:
        return [segment for segment in self._registry.snapshot().segments if segment.source == number]

    def _publish(self, names: Sequence[str]) -> None:
        with ThreadPoolExecutor(8) as threads:  # flushes wait for the disk, not for a core
            list(threads.map(flush, [self.staging / name for name in names]))
        for name in names:
            (self.staging / name).rename(self._segments / name)
        flush(self._segments)
        flush(self.staging)

    def _head(self, source: Source, segments: Sequence[SegmentRow]) -> bytes | None:
        wanted, head = min(HEAD, source.size), b""
        for segment in segments:
            if len(head) >= wanted or segment.accounting.oversize:
                break
            for piece in content_of(self._segments, [segment]):
                head += piece[:HEAD]
                if len(head) >= wanted:
                    break
        return head[:wanted] if len(head) >= wanted else None

    def _clean(self, now: datetime) -> None:
        with disk_faults(self._segments):
            self._remove_dropped(now)
            self._remove_orphans()

    def _remove_dropped(self, now: datetime) -> None:
        old = [name for name, since in self._registry.dropped() if now - since >= GRACE]
        for name in old:
            for file in all_files(name):
                (self._segments / file).unlink(missing_ok=True)
        if old:
            self._registry.forget(old)

    def _remove_orphans(self) -> None:
        known = _names(self._registry.snapshot()) | {name for name, _ in self._registry.dropped()}
        for path in self._segments.iterdir():
            if path.name.split(".", 1)[0] not in known:
                path.unlink()
        for path in self.staging.iterdir():
            path.unlink()


def _names(snapshot: Snapshot) -> set[str]:
    return {segment.name for segment in snapshot.segments}


def _check(source: Source, segments: Sequence[SegmentRow]) -> None:
    """The segments must cover the source without a hole: every line and byte is accounted for."""
    line, offset = 1, 0
    for segment in sorted(segments, key=lambda row: row.first_line):
        fits = (segment.first_line, segment.first_offset) == (line, offset) and segment.source == source.number
        if not fits or segment.lines != segment.accounting.lines:
            raise StorageError("accounting_mismatch", source=source.name, line=segment.first_line, expected=line)
        line, offset = line + segment.lines, offset + segment.size
    if (line - 1, offset) != (source.accounting.lines, source.size):
        raise StorageError("accounting_mismatch", source=source.name, line=line, expected=source.accounting.lines + 1)
