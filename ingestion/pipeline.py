"""The job in order: recognise a source, read it block by block in parallel, commit it whole."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path

from core.errors import AkashiError, InputError
from core.event import TimeSource
from core.line import SourceId
from core.source import Source
from detection.scanner import Scanner
from ingestion.fetch.blocks import Block, blocks
from ingestion.fetch.budget import MIB
from ingestion.fetch.digest import Digest
from ingestion.fetch.input import Input
from ingestion.identity import Known, Standing, identify
from ingestion.parse.messages import Calendar
from ingestion.parse.table import SAMPLE, UNKNOWN, Format, named, recognise
from ingestion.parse.years import YearPlan, year_plan
from ingestion.parse.zones import LocalTime, zone_named, zone_text, zone_written
from ingestion.pieces import ordered, surrounded, terminated
from ingestion.segment import NOTHING_AROUND, Around, Plan, build
from stores.notable import Watched
from stores.segment import SegmentRow, write_segment
from stores.writer import CaseWriter

BLOCK = 12 * MIB
"""Bytes of content in one segment: larger ones cost memory, smaller ones make queries open more files."""

WORKERS = 2


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may say about the inputs; None means "find out".

    `format` is a name of `ingestion.parse.table` or an nginx `log_format` / Apache `LogFormat` string, `zone` an IANA
    name or an offset for times written without a zone (else that of the case's other logs is assumed), `year` the year
    of the first line of logs without one.
    """

    format: str | None = None
    zone: str | None = None
    year: int | None = None
    workers: int = WORKERS


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one input is: bytes taken from disk of `total` (None = unknown), lines stored so far."""

    name: str
    done: int
    total: int | None
    lines: int


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one input: `status` is ingested, grown, duplicate, empty or failed."""

    name: str
    status: str
    source: Source | None
    new_lines: int
    error: AkashiError | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """All inputs in the order given."""

    inputs: tuple[Ingested, ...]


def ingest(
    case_dir: Path,
    inputs: Sequence[Input],
    scanner: Scanner,
    options: Options,
    now: datetime,
    progress: Callable[[Progress], None] = lambda _: None,
) -> IngestReport:
    """Read every input into the case; each one is stored whole or not at all, and a bad one does not stop the others.

    Raises CaseError when the case is unknown or busy, InputError for options that cannot be used.
    """
    settings = _Settings.of(options)
    done: list[Ingested] = []
    with CaseWriter.open(case_dir) as writer:
        nearby = _Nearby(writer, inputs)
        for entry in inputs:
            try:
                done.append(_Run(writer, entry, scanner, settings, now, progress, nearby).run())
            except AkashiError as error:
                done.append(Ingested(entry.name, "failed", None, 0, error))
            except OSError as error:
                refusal = InputError("unreadable", name=entry.name, problem=error.strerror or str(error))
                done.append(Ingested(entry.name, "failed", None, 0, refusal))
    return IngestReport(tuple(done))


def format_of(line: bytes) -> str | None:
    """The format in which a line by itself is written, as `Options.format` takes it; None when it is in none."""
    found = recognise(line)
    return None if found is UNKNOWN else found.name


@dataclass(frozen=True, slots=True)
class _Settings:
    """Options, checked."""

    format: Format | None
    zone: tzinfo | None
    year: int | None
    workers: int

    @classmethod
    def of(cls, options: Options) -> "_Settings":
        zone = zone_named(options.zone) if options.zone is not None else None
        if options.zone is not None and zone is None:
            raise InputError("unknown_zone", zone=options.zone)
        known = named(options.format) if options.format is not None else None
        return cls(known, zone, options.year, max(1, options.workers))


class _Nearby:
    """The zone that the other logs of a case write: servers keep one clock, though not every log names its zone."""

    def __init__(self, writer: CaseWriter, inputs: Sequence[Input]) -> None:
        self._writer = writer
        self._inputs = inputs

    @cached_property
    def zone(self) -> tzinfo:
        """That of the largest source which writes one, else of the first input that does, else UTC."""
        written = [one for one in self._writer.sources() if one.zone_source == TimeSource.EXPLICIT.name.lower()]
        for source in sorted(written, key=lambda one: -one.accounting.parsed)[:1]:
            return zone_named(source.zone) or UTC
        return next(filter(None, map(self._written, self._inputs)), UTC)

    def _written(self, entry: Input) -> tzinfo | None:
        try:
            return zone_written(sample_of(entry))
        except (AkashiError, OSError):  # said when its own turn comes
            return None


def sample_of(entry: Input) -> bytes:
    """The first bytes of an input."""
    pieces, size = [], 0
    with entry.open() as reader:
        while size < SAMPLE and (piece := reader.read(SAMPLE - size)):
            pieces.append(piece)
            size += len(piece)
    return b"".join(pieces)


@dataclass(slots=True)
class _Run:
    """One input on its way into the lake."""

    writer: CaseWriter
    entry: Input
    scanner: Scanner
    settings: _Settings
    now: datetime
    progress: Callable[[Progress], None]
    nearby: _Nearby
    zone: tzinfo = UTC
    zone_sources: set[TimeSource] = field(default_factory=set)
    year_sources: set[TimeSource] = field(default_factory=set)
    watched: Watched = field(init=False)

    def __post_init__(self) -> None:
        self.watched = Watched.of(self.scanner.ruleset.selectors)

    def run(self) -> Ingested:
        head = sample_of(self.entry)
        if not head:
            return Ingested(self.entry.name, "empty", None, 0)
        known = identify(self.writer, self.entry, head)
        if known.standing is Standing.CONTAINED:
            return Ingested(self.entry.name, "duplicate", known.source, 0)
        layout = self.settings.format or recognise(head)
        self.zone = self._zone(known, layout, head)
        segments, digest, notes = self._segments(known, layout)
        source = self._source(known, layout, segments, digest, notes)
        self.writer.commit(source, segments)
        status = "grown" if known.standing is Standing.GROWN else "ingested"
        return Ingested(self.entry.name, status, source, sum(row.lines for row in segments))

    def _zone(self, known: Known, layout: Format, head: bytes) -> tzinfo:
        """As configured, else as its lines write, else as earlier lines of it were read, else as other logs write."""
        if self.settings.zone is not None:
            return self.settings.zone
        written = zone_written(head)
        if written is not None or layout.message is None:
            return written or UTC
        earlier = zone_named(known.source.zone) if known.source is not None else None
        return earlier or self.nearby.zone

    def _segments(self, known: Known, layout: Format) -> tuple[list[SegmentRow], Digest, tuple[str, ...]]:
        """Read, scan and stage every block; on failure nothing stays staged."""
        plan = Plan(known.number, layout, self._calendar(layout))
        digest = Digest()
        done: list[SegmentRow] = []
        try:
            with self.entry.open() as reader, ThreadPoolExecutor(self.settings.workers) as pool:
                budget = self.entry.account.meter.budget.line_bytes
                found = blocks(reader, BLOCK, budget, start_line=known.line, start_offset=known.offset, digest=digest)
                pieces = surrounded(found) if layout.message else ((block, NOTHING_AROUND) for block in found)
                for rows in ordered(pool, self.settings.workers, pieces, lambda piece: self._stage(*piece, plan)):
                    done.extend(rows)
                    total = sum(row.lines for row in done)
                    self.progress(Progress(self.entry.name, reader.compressed_position, self.entry.size_hint, total))
                notes = reader.notes
        except BaseException:
            self.writer.discard(done)
            raise
        return done, digest, notes

    def _stage(self, block: Block, around: Around, plan: Plan) -> list[SegmentRow]:
        return [self._write(part, around, plan, tail) for part, tail in terminated(block)]

    def _write(self, block: Block, around: Around, plan: Plan, tail: bool) -> SegmentRow:
        segment = build(block, plan, self.scanner, around)
        self.zone_sources |= segment.zone_sources
        self.year_sources |= segment.year_sources
        return write_segment(
            self.writer.staging,
            segment.events,
            segment.hits,
            source=plan.source,
            first_line=block.first_line,
            first_offset=block.first_offset,
            size=block.size,
            tail=tail,
            accounting=segment.accounting,
            first_seen=segment.first_seen,
            last_seen=segment.last_seen,
            watched=self.watched,
        )

    def _calendar(self, layout: Format) -> Calendar:
        years: YearPlan | None = None
        if layout.message is not None:
            anchor = min(self.entry.modified or self.now, self.now).astimezone(self.zone)
            with self.entry.open() as reader:
                years = year_plan(iter(lambda: reader.read(BLOCK), b""), anchor, self.settings.year)
        source = TimeSource.CONFIGURED if self.settings.zone else TimeSource.ASSUMED
        return Calendar(LocalTime(self.zone, source), years)

    def _source(
        self, known: Known, layout: Format, segments: Sequence[SegmentRow], digest: Digest, notes: tuple[str, ...]
    ) -> Source:
        before = known.source
        sha256 = digest.finish()
        seen = [before.first_seen, before.last_seen] if before else []
        seen += [moment for row in segments for moment in (row.first_seen, row.last_seen)]
        moments = [moment for moment in seen if moment is not None]
        extra = ["unknown_format"] if layout is UNKNOWN else []
        extra += ["unterminated_last_line"] if segments and segments[-1].tail else []
        return Source(
            id=before.id if before else SourceId(sha256[:16]),
            number=known.number,
            name=self.entry.name,
            dataset=layout.dataset,
            sha256=sha256,
            size=known.offset + sum(row.size for row in segments),
            accounting=sum((row.accounting for row in segments), known.kept),
            first_seen=min(moments, default=None),
            last_seen=max(moments, default=None),
            ingested_at=self.now,
            zone=zone_text(self.zone),
            zone_source=_weakest(self.zone_sources, before.zone_source if before else None),
            year_source=_weakest(self.year_sources, before.year_source if before else None),
            notes=(*notes, *extra),
        )


def _weakest(found: set[TimeSource], before: str | None) -> str:
    """The least certain way in which any line got its zone (or year): a source is as sure as its weakest line."""
    known = {source.name.lower() for source in found} | ({before} if before else set())
    return next((name for name in ("assumed", "configured", "explicit") if name in known), "none")
