"""From what the user named (files, folders, globs, `-`, uploads) to the inputs there are, refusals included."""

import errno
import glob
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from core.errors import InputError
from ingestion.fetch.archive import members
from ingestion.fetch.budget import Account, Budget, Meter
from ingestion.fetch.inflate import UNPACK, Layer
from ingestion.fetch.input import Input, notes_of, refusal
from ingestion.fetch.magic import ARCHIVES, Kind, kind_of, looks_binary, looks_like_log
from ingestion.fetch.rotation import age
from ingestion.fetch.span import Span, Spool
from stores.closing import Closing

STDIN = "-"
_LATEST = 253402300799  # end of the year 9999: some file systems hold later times
_NO_LOGS = frozenset(
    f".{extension}"
    for group in (
        ("py", "pyc", "js", "mjs", "ts", "c", "h", "cpp", "go", "java", "rb", "php"),
        ("css", "html", "htm", "md", "rst", "svg", "doc", "docx", "xls", "xlsx", "ppt", "pptx"),
        ("conf", "cfg", "ini", "toml", "yaml", "yml", "xml", "lock", "pid", "pem", "key", "crt"),
        ("db", "sqlite", "parquet"),
    )
    for extension in group
)
"""Extensions that are passed over when a folder is searched; a file that is named itself is always taken.

None that is a country's domain (pl, rs, sh, so): logs are named after sites.
"""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a searched folder or archive that is no log; `code` is one of hidden, symlink, not_a_file, empty,
    binary, no_log."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Expansion(Closing):
    """Inputs, refusals and what was passed over, each in the order found; leaving it deletes what was spooled."""

    inputs: tuple[Input, ...]
    refusals: tuple[InputError, ...]
    skipped: tuple[Skipped, ...] = ()
    spools: tuple[Spool, ...] = ()

    def close(self) -> None:
        """Delete spooled streams; their inputs cannot be opened any more."""
        for spool in self.spools:
            spool.close()


def expand(
    paths: Sequence[str | Path],
    stdin: BinaryIO | None = None,
    spool: Path | None = None,
    budget: Budget | None = None,
    *,
    clock: Callable[[], float] | None = None,
) -> Expansion:
    """Every input behind `paths`, a file named twice only once; `-` is `stdin`, kept in `spool` while needed.

    Nothing is raised for bad paths: each one is an InputError value in `refusals` (`missing_path`, `unreadable`,
    `not_a_file`, `no_logs_in_folder`, `empty_archive`, `too_many_members`, `encrypted_member`, `nested_archive`,
    `unsupported_archive`, `unsupported_compression`, `corrupt_archive`, `no_logs_in_archive`, `no_stdin`,
    `spool_failed`).
    """
    search = _Search(_meter(budget, clock), spool)
    for path in dict.fromkeys(paths):
        if str(path) == STDIN:
            search.stream("stdin", stdin)
        else:
            search.path(path)
    return search.result()


def from_streams(
    streams: Iterable[tuple[str, BinaryIO]],
    spool: Path | None = None,
    budget: Budget | None = None,
    *,
    clock: Callable[[], float] | None = None,
) -> Expansion:
    """Uploads by name; they are copied to unnamed files in `spool`, so that the uploads themselves may go away."""
    search = _Search(_meter(budget, clock), spool)
    for name, stream in streams:
        search.stream(name, stream)
    return search.result()


def from_stream(name: str, stream: BinaryIO, spool: Path | None = None, budget: Budget | None = None) -> Expansion:
    """One upload."""
    return from_streams([(name, stream)], spool, budget)


def _meter(budget: Budget | None, clock: Callable[[], float] | None) -> Meter:
    return Meter(budget or Budget()) if clock is None else Meter(budget or Budget(), clock)


@dataclass(slots=True)
class _Search:
    meter: Meter
    spool: Path | None
    inputs: list[Input] = field(default_factory=list)
    refusals: list[InputError] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    spools: list[Spool] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def result(self) -> Expansion:
        inputs = tuple(_distinct(self.inputs))
        return Expansion(inputs, tuple(self.refusals), tuple(self.skipped), tuple(self.spools))

    def path(self, given: str | Path) -> None:
        """A file, a folder, or a pattern the shell did not expand."""
        path = Path(given)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            self._pattern(str(given), error)
            return
        if stat.S_ISDIR(mode):
            self._folder(path)
        elif stat.S_ISREG(mode):
            self._file(path, path.name, searched=False)
        else:
            self._refuse("not_a_file", given)

    def _pattern(self, pattern: str, error: OSError | ValueError) -> None:
        matches = glob.glob(pattern, recursive=True) if glob.has_magic(pattern) else []  # noqa: PTH207 - absolute too
        found = sorted(map(Path, matches), key=age)
        for path in found:
            if path.exists():
                self.path(path)
            else:
                self._refuse("missing_path", path)
        if not found:
            self.refusals.append(refusal(error, _text(pattern)))

    def stream(self, name: str, stream: BinaryIO | None) -> None:
        """Keep a stream on disk until the expansion is closed."""
        if stream is None:
            self._refuse("no_stdin", name)
            return
        name = _text(name)
        try:
            spool = Spool(self.spool)
            self.spools.append(spool)
            notes = () if spool.fill(stream, self.meter.budget.run_bytes) else ("budget_exceeded",)
        except OSError as error:
            self._refuse("spool_failed", name, reason=errno.errorcode.get(error.errno or 0, ""))
            return
        raw = Input(name, None, spool.size, None, Kind.PLAIN, Span(spool), (), Account(self.meter), notes)
        self._take(raw, searched=False)

    def _folder(self, folder: Path) -> None:
        before = len(self.inputs) + len(self.refusals)
        for path in sorted(self._walk(folder), key=age):
            self._file(path, path.relative_to(folder).as_posix(), searched=True)
        if len(self.inputs) + len(self.refusals) == before:
            self._refuse("no_logs_in_folder", folder, skipped=len(self.skipped))

    def _walk(self, folder: Path) -> Iterator[Path]:
        """Regular files below `folder`; no symbolic link is followed, so there is neither a loop nor a way out."""
        for at, folders, files in os.walk(folder, onerror=lambda error: self._refuse("unreadable", error.filename)):
            for name in (*folders, *files):
                path = Path(at, name)
                code = _passed_over(path)
                if code:
                    self.skipped.append(Skipped(_text(path), code))
                    if name in folders:
                        folders.remove(name)
                elif name not in folders:
                    yield path

    def _file(self, path: Path, name: str, *, searched: bool) -> None:
        real = os.path.realpath(path)
        if real in self.seen:
            return
        self.seen.add(real)
        try:
            status = path.stat()
            modified = datetime.fromtimestamp(max(0, min(status.st_mtime, _LATEST)), UTC)
            account = Account(self.meter)
            raw = Input(_text(name), path, status.st_size, modified, Kind.PLAIN, Span(path), (), account)
            self._take(raw, searched=searched)
        except InputError as error:
            self.refusals.append(error)
        except OSError as error:
            self.refusals.append(refusal(error, _text(path)))

    def _take(self, raw: Input, *, searched: bool) -> None:
        """Tell by content what `raw` is, and take it, or what it holds."""
        kind = kind_of(raw.peek()[0])
        if kind is Kind.ZIP:
            self._zip(raw)
        elif kind in ARCHIVES:
            self._refuse("unsupported_archive", raw.name, kind=kind.value)
        else:
            layers: tuple[Layer, ...] = (UNPACK[kind],) if kind in UNPACK else ()
            self._content(replace(raw, kind=kind, layers=layers), searched=searched)

    def _zip(self, raw: Input) -> None:
        try:
            found = list(members(raw.name, raw.span, self.meter.budget.members))
        except InputError as error:
            self.refusals.append(error)
            return
        before = len(self.inputs) + len(self.refusals)
        for member in found:
            if isinstance(member, InputError):
                self.refusals.append(member)
                continue
            packed = Input(
                member.name, raw.path, member.packed, member.modified, Kind.ZIP, member.span, (member.layer,),
                Account(self.meter), raw.notes,
            )  # fmt: skip
            kind = kind_of(packed.peek()[0])
            if kind in ARCHIVES:
                self._refuse("nested_archive", member.name, kind=kind.value)
            else:
                layers = (*packed.layers, UNPACK[kind]) if kind in UNPACK else packed.layers
                self._content(replace(packed, layers=layers), searched=True)
        if len(self.inputs) + len(self.refusals) == before:
            self._refuse("no_logs_in_archive", raw.name)

    def _content(self, entry: Input, *, searched: bool) -> None:
        """Take an input unless its content is packed once more or, where we only searched, no log."""
        head, damage = entry.peek()
        inside = kind_of(head) if entry.layers else Kind.PLAIN
        notes = notes_of(head)
        if inside is Kind.TAR:
            self._refuse("unsupported_archive", entry.name, kind="tar")
        elif inside is not Kind.PLAIN:
            self._refuse("nested_archive", entry.name, kind=inside.value)
        elif searched and not damage and (code := _passed_over_content(entry.name, head)):
            self.skipped.append(Skipped(entry.name, code))
        else:
            self.inputs.append(replace(entry, notes=(*entry.notes, *notes)))

    def _refuse(self, code: str, name: str | Path, **facts: object) -> None:
        self.refusals.append(InputError(code, name=_text(name), **facts))


def _passed_over(path: Path) -> str | None:
    if path.name.startswith("."):
        return "hidden"
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "symlink"
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "not_a_file"


def _passed_over_content(name: str, head: bytes) -> str | None:
    if not head:
        return "empty"
    if looks_binary(head):
        return "binary"
    return "no_log" if PurePosixPath(name).suffix.lower() in _NO_LOGS or not looks_like_log(head) else None


def _text(path: str | Path) -> str:
    """A name that can be stored and shown: what is not Unicode in it is written as an escape."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _distinct(inputs: Sequence[Input]) -> Iterator[Input]:
    """Inputs of the same name are told apart by their path."""
    count = Counter(entry.name for entry in inputs)
    for entry in inputs:
        alone = count[entry.name] == 1 or entry.path is None
        yield entry if alone else replace(entry, name=_longer(entry))


def _longer(entry: Input) -> str:
    member = entry.name.partition(":")[2] if entry.kind is Kind.ZIP else ""
    return _text(str(entry.path)) + (f":{member}" if member else "")
