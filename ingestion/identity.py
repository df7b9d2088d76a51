"""Is this content new, the continuation of a known source, or known already? Decided by SHA-256, never by name."""

from dataclasses import dataclass
from enum import Enum

from core.source import Accounting, Source
from ingestion.fetch.budget import MIB
from ingestion.fetch.digest import Digest
from ingestion.fetch.input import Input
from stores.writer import CaseWriter

NOTHING = Accounting()


class Standing(Enum):
    """How an input relates to what the case has."""

    NEW = "new"
    GROWN = "grown"  # begins with all of a known source
    CONTAINED = "contained"  # is a known source, or the beginning of one


@dataclass(frozen=True, slots=True)
class Known:
    """Where reading starts: `line` and `offset` behind the last LF-terminated line that is stored.

    `kept` is the account of the lines that stay (all but an unterminated last one).
    """

    standing: Standing
    number: int
    source: Source | None = None
    line: int = 1
    offset: int = 0
    kept: Accounting = NOTHING


def identify(writer: CaseWriter, entry: Input, head: bytes) -> Known:
    """Compare the input with every source that begins alike; reads the whole content only when there is one."""
    alike = [source for source in writer.sources() if _alike(writer.head(source.number), head)]
    if alike:
        size, sha256, prefixes = _digests(entry, [source.size for source in alike])
        for source in sorted(alike, key=lambda source: -source.size):
            if source.size >= size and sha256 == _prefix(writer, source, size):
                return Known(Standing.CONTAINED, source.number, source)
            if source.size < size and prefixes.get(source.size) == source.sha256:
                line, offset = writer.resume_point(source.number)
                return Known(
                    Standing.GROWN, source.number, source, line, offset, writer.ended_accounting(source.number)
                )
    return Known(Standing.NEW, writer.next_number())


def _alike(known: bytes | None, head: bytes) -> bool:
    """Whether one beginning is the beginning of the other; an unknown head may be anything."""
    if known is None:
        return True
    size = min(len(known), len(head))
    return known[:size] == head[:size]


def _digests(entry: Input, sizes: list[int]) -> tuple[int, str, dict[int, str]]:
    digest = Digest(sizes)
    size = 0
    with entry.open() as reader:
        while piece := reader.read(MIB):
            digest.update(piece)
            size += len(piece)
    sha256 = digest.finish()
    return size, sha256, dict(digest.snapshots)


def _prefix(writer: CaseWriter, source: Source, size: int) -> str | None:
    return source.sha256 if source.size == size else writer.prefix_digest(source.number, size)
