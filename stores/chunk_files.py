"""The files of a case's chunks: Parquet parts that never change, and one small manifest that names those that count."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import StorageError
from core.event import IP
from stores.disk import disk_faults, flush

FOLDER = "chunks"
MANIFEST = "manifest.json"
VERSION = 2

ID, SHAPE, SINCE, FIRST, LAST, LINES = "id", "shape", "since", "first", "last", "lines"
TYPES, KINDS, FOLDED = "types", "kinds", "folded"
TEMPLATES, COUNTS, AGENTS, USERS, REFS = "templates", "counts", "agents", "users", "refs"
TEXT = "text"

_CODES = pa.list_(pa.int32())

CHUNK_SCHEMA = pa.schema(
    [
        pa.field(ID, pa.binary(16), nullable=False),
        pa.field(SHAPE, pa.int32(), nullable=False),  # row in the shapes
        pa.field(SINCE, pa.timestamp("us")),  # start of the window, naive UTC
        pa.field(IP, pa.int32()),  # row in the addresses
        pa.field(FIRST, pa.timestamp("us")),
        pa.field(LAST, pa.timestamp("us")),
        pa.field(LINES, pa.int64(), nullable=False),
        pa.field(TYPES, pa.uint32(), nullable=False),  # bits: places in `Built.types`; 0: not suspicious
        pa.field(KINDS, pa.uint64(), nullable=False),  # bits: places in `Built.kinds`
        pa.field(TEMPLATES, _CODES, nullable=False),  # rows in the texts, most telling first; the first of many
        pa.field(COUNTS, _CODES, nullable=False),  # lines of each
        pa.field(FOLDED, pa.int32(), nullable=False),  # how many templates there are
        pa.field(AGENTS, _CODES, nullable=False),
        pa.field(USERS, _CODES, nullable=False),
        pa.field(REFS, pa.list_(pa.int64()), nullable=False),  # keys of all lines, sorted
    ]
)
TEXT_SCHEMA = pa.schema([pa.field(TEXT, pa.string(), nullable=False)])
SHAPE_SCHEMA = pa.schema([pa.field(ID, pa.binary(16), nullable=False), pa.field(TEXT, pa.string(), nullable=False)])

KINDS_OF_FILES = ("parts", "addresses", "texts", "shapes")

_GROUP = 4096
"""Rows unpacked together: what asking for one chunk costs."""

_NAME = re.compile(r"[0-9a-f]{12}-[a-z]+-\d{1,9}\.parquet")


@dataclass(frozen=True, slots=True)
class Built:
    """What the chunks were made from, and how many there are.

    `lake` is `Lake.state`, `rules` the version of the rule set, `hits` the digest of the hits that were given;
    `seconds` the width of a window, `size` the most tokens of a text; `types` and `kinds` are (name, tag) of the bits.
    """

    lake: str
    rules: str
    hits: str
    seconds: int
    size: int
    lines: int
    chunks: int
    shapes: int
    suspicious: int
    sources: Mapping[int, str]
    types: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a state, its rows and its size in bytes."""

    name: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One whole state: what it was made from and its files."""

    built: Built
    parts: tuple[File, ...]
    addresses: tuple[File, ...]
    texts: tuple[File, ...]
    shapes: tuple[File, ...]


def read_manifest(folder: Path) -> Manifest | None:
    """The newest whole state; None when there is none yet; `StorageError("chunks_damaged")` when it cannot be read."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return _manifest(json.loads(text))
    except (ValueError, KeyError, TypeError) as fault:
        raise StorageError("chunks_damaged", file=MANIFEST) from fault


def _manifest(facts: dict[str, object]) -> Manifest:
    if facts.pop("version") != VERSION:
        raise ValueError("version")
    built = dict(facts["built"])  # type: ignore[call-overload]
    built["sources"] = {int(number): str(name) for number, name in built["sources"].items()}
    for bits in ("types", "kinds"):
        built[bits] = tuple((str(name), str(tag)) for name, tag in built[bits])
    files = {kind: tuple(_file(**one) for one in facts[kind]) for kind in KINDS_OF_FILES}  # type: ignore[attr-defined]
    return Manifest(Built(**built), **files)


def _file(name: str, rows: int, size: int) -> File:
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return File(name, int(rows), int(size))


@dataclass(slots=True)
class ChunkWriter:
    """Puts one state together beside the one that counts; only `commit` makes it count, at one instant.

    Used by one thread of the only process that indexes the case. A process that dies leaves files that no manifest
    names; the next `commit` removes them.
    """

    folder: Path
    token: str = field(default_factory=lambda: token_hex(6))
    _files: dict[str, list[File]] = field(default_factory=lambda: {kind: [] for kind in KINDS_OF_FILES})

    @classmethod
    def open(cls, case_dir: Path) -> "ChunkWriter":
        """For a case; its folder of chunks is made when there is none."""
        folder = case_dir / FOLDER
        with disk_faults(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        return cls(folder)

    def add(self, kind: str, table: pa.Table) -> None:
        """Writes rows of `parts` (CHUNK_SCHEMA), `addresses`, `texts` or `shapes`; they follow those written before."""
        name = f"{self.token}-{kind}-{len(self._files[kind])}.parquet"
        path = self.folder / name
        with disk_faults(path):
            pq.write_table(
                table,
                path,
                row_group_size=_GROUP,
                compression="zstd",
                compression_level=1,
                use_dictionary=[column for column in (TYPES, KINDS) if column in table.column_names],
                column_encoding=_encodings(table.schema),
                write_statistics=False,
                store_schema=False,
                write_page_checksum=True,
            )
            flush(path)
            self._files[kind].append(File(name, table.num_rows, path.stat().st_size))

    def commit(self, built: Built) -> None:
        """Makes what was written the state that counts, and removes what no longer does."""
        files = {kind: [asdict(one) for one in found] for kind, found in self._files.items()}
        facts = {"version": VERSION, "built": asdict(built), **files}
        staged = self.folder / f"{self.token}.manifest"
        with disk_faults(staged):
            staged.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
            flush(staged)
            staged.replace(self.folder / MANIFEST)
            flush(self.folder)
        self._sweep({one.name for found in self._files.values() for one in found} | {MANIFEST})

    def discard(self) -> None:
        """Removes what was written and not committed."""
        for path in self.folder.glob(f"{self.token}*"):
            path.unlink(missing_ok=True)

    def _sweep(self, kept: set[str]) -> None:
        """Readers hold their files open: what is removed here stays readable for those who are at it."""
        for path in self.folder.iterdir():
            if path.name not in kept:
                with suppress(OSError):
                    path.unlink()


def _encodings(schema: pa.Schema) -> dict[str, str]:
    """Sorted keys and codes are small differences."""
    lists = {f"{name}.list.element": "DELTA_BINARY_PACKED" for name in (TEMPLATES, COUNTS, AGENTS, USERS, REFS)}
    plain = dict.fromkeys((SHAPE, SINCE, FIRST, LAST, LINES, FOLDED), "DELTA_BINARY_PACKED")
    names: Sequence[str] = schema.names
    return {path: encoding for path, encoding in (lists | plain).items() if path.partition(".")[0] in names}
