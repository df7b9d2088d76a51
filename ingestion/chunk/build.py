"""From one state of the lake to one state of its chunks: batch by batch, window by window, in bounded memory."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from core.arrow import integers
from core.event import AGENT, IP, LINE, REFERRER, SOURCE, TIME, USER
from core.key import keys_of
from ingestion.chunk.lines import AGENT_PAYLOAD, NO_TIME, REFERRER_PAYLOAD, HitBits, Lines, coded
from ingestion.chunk.rows import chunk_rows, shape_rows, text_rows
from ingestion.chunk.shapes import Shapes
from ingestion.chunk.tags import Tags, tags
from ingestion.chunk.templates import COLUMNS as TEMPLATE_COLUMNS
from ingestion.chunk.templates import Folder
from ingestion.chunk.vocabulary import Codes, Vocabulary
from ingestion.chunk.windows import SECOND, chunks_of
from ingestion.chunk.words import agent_payload, client_of, referrer_payload, user_of
from stores.batches import Batch, batches
from stores.chunk_files import Built, ChunkWriter
from stores.lake import Lake

COLUMNS = (SOURCE, LINE, TIME, IP, AGENT, REFERRER, USER, *TEMPLATE_COLUMNS)
PART = 400_000
"""Lines that are grouped at once, unless a single window has more."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cut:
    """How chunks are cut: `seconds` wide windows, texts of at most `size` tokens (`tokens_at_most`: bytes)."""

    seconds: int = 300
    size: int = 1000


class StoppedError(Exception):
    """The job was asked to stop; nothing has changed."""


def write_chunks(
    lake: Lake,
    hits: pa.Table,
    rules: str,
    writer: ChunkWriter,
    cut: Cut,
    step: Callable[[int], None] = lambda _: None,
) -> tuple[Built, Shapes]:
    """Writes the chunks of every line of the lake, not yet committed; `hits` are HIT_SCHEMA rows, behaviours' as well.

    `step` is told how many lines are done and may raise to stop.
    """
    bits = HitBits.of(hits, tags().type_bits())
    with ThreadPoolExecutor(1) as thread:
        job = _Job(lake, bits, writer, cut, tags(), thread)
        for lines in _whole_windows(job.read(), cut.seconds):
            job.write(lines)
            step(job.written)
        job.wait()
        return job.finish(rules, bits.digest()), job.shapes


def hits_digest(hits: pa.Table) -> str:
    """What chunks depend on of the hits: SHA-256 over the lines and the bits of each."""
    return HitBits.of(hits, tags().type_bits()).digest()


@dataclass(slots=True)
class _Job:
    lake: Lake
    hits: HitBits
    writer: ChunkWriter
    cut: Cut
    tags: Tags
    thread: ThreadPoolExecutor
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    written: int = 0
    chunks: int = 0
    suspicious: int = 0
    folder: Folder = field(init=False)
    shapes: Shapes = field(init=False)
    _addresses: dict[str, int] = field(default_factory=dict)
    _writing: "Future[None] | None" = None

    def __post_init__(self) -> None:
        self.folder = Folder(self.vocabulary, dict(self.tags.kind_bits()))
        self.shapes = Shapes(self.vocabulary, self.tags, self.cut.size)

    def read(self) -> Iterator[tuple[Lines, int]]:
        """The lines of each batch, and the time before which no later one has any."""
        for batch in batches(self.lake, COLUMNS):
            yield self._lines(batch.table), _settled(batch)

    def _lines(self, table: pa.Table) -> Lines:
        keys = keys_of(table)
        types = self.hits.at(keys)
        templates = self.folder.codes(table, types)
        self.vocabulary.saw(templates)
        return Lines(
            keys=keys,
            times=integers(table.column(TIME), NO_TIME),
            ips=self._ip_codes(table),
            templates=templates,
            agents=self._agents(table, types),
            users=self.vocabulary.names(*coded(table, USER), user_of),
            types=types,
        )

    def _agents(self, table: pa.Table, types: np.typing.NDArray[np.uint32]) -> Codes:
        """The client; where a signature matched in the user agent or the referrer, that text instead."""
        distinct, places = coded(table, AGENT)
        found = self.vocabulary.names(distinct, places, client_of)
        for bit, column, wording in (
            (REFERRER_PAYLOAD, REFERRER, referrer_payload),
            (AGENT_PAYLOAD, AGENT, agent_payload),
        ):
            rows = np.flatnonzero(types & bit)
            if len(rows):
                names = [table.column(column)[row].as_py() for row in rows.tolist()]
                found[rows] = self.vocabulary.names(names, np.arange(len(rows), dtype=np.int32), wording)
        return found

    def _ip_codes(self, table: pa.Table) -> Codes:
        distinct, places = coded(table, IP)
        known = self._addresses
        codes = [known.setdefault(str(ip), len(known)) if ip is not None else -1 for ip in distinct]
        return np.array([*codes, -1], np.int32)[places]

    def write(self, lines: Lines) -> None:
        """One part: all chunks of these lines. Packing one goes on while the next is made."""
        sources = {source.number: source.id for source in self.lake.sources}
        addresses = list(self._addresses)
        chunks = chunks_of(lines, self.cut.seconds, self.vocabulary, addresses, sources)
        table = chunk_rows(chunks, self.shapes.codes(chunks))
        self.wait()
        self._writing = self.thread.submit(self.writer.add, "parts", table)
        self.written += len(lines)
        self.chunks += len(chunks)
        self.suspicious += int(np.count_nonzero(chunks.types))

    def wait(self) -> None:
        """Until all parts are on the disk; raises what writing one raised."""
        if self._writing is not None:
            self._writing.result()

    def finish(self, rules: str, hits: str) -> Built:
        """The texts and shapes behind the parts, and what all was made from."""
        for kind, rows in (
            ("addresses", text_rows(list(self._addresses))),
            ("texts", text_rows(self.vocabulary.texts)),
            ("shapes", shape_rows(self.shapes)),
        ):
            for table in rows:
                self.writer.add(kind, table)
        return Built(
            lake=self.lake.state,
            rules=rules,
            hits=hits,
            seconds=self.cut.seconds,
            size=self.cut.size,
            lines=self.written,
            chunks=self.chunks,
            shapes=len(self.shapes.ids),
            suspicious=self.suspicious,
            sources={source.number: source.id for source in self.lake.sources},
            types=self.tags.types,
            kinds=self.tags.kinds,
        )


def _settled(batch: Batch) -> int:
    """Microseconds; the largest number when nothing with a time comes any more."""
    if batch.settled is None:
        return int(np.iinfo(np.int64).max)
    return (batch.settled - _EPOCH) // timedelta(microseconds=1)


def _whole_windows(read: Iterator[tuple[Lines, int]], seconds: int) -> Iterator[Lines]:
    """The lines again, cut so that no window lies on both sides of a cut."""
    waiting: list[Lines] = []
    for lines, settled in read:
        waiting.append(lines)
        if sum(map(len, waiting)) >= PART:
            held = Lines.join(waiting)
            over = (held.times != NO_TIME) & (held.times < settled // (seconds * SECOND) * (seconds * SECOND))
            waiting = [held.where(~over)]
            if over.any():
                yield held.where(over)
    yield from _rest(waiting)


def _rest(waiting: Sequence[Lines]) -> Iterator[Lines]:
    if waiting and sum(map(len, waiting)):
        yield Lines.join(waiting)
