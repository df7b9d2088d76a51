"""Zip archives as a list of members that are read in place; nothing is ever extracted."""

import errno
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import PurePosixPath

from isal import isal_zlib

from core.errors import InputError
from ingestion.fetch.inflate import Layer, Note, Read, bunzip_raw, inflate_raw, stored, unxz, unzstd
from ingestion.fetch.span import Slice, Span

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")  # zip64, APPNOTE 4.3.15
_END64 = struct.Struct("<4sQ2H2L4Q")  # zip64, APPNOTE 4.3.14
_UTF8_NAME = 1 << 11
_DIRECTORY_BYTES_A_MEMBER = 4096
_DAMAGE = (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, LookupError, ArithmeticError, EOFError)
"""What zipfile is known to raise on damaged directories (an empty name gives IndexError)."""
_METHODS: dict[int, Layer] = {0: stored, 8: inflate_raw, 12: bunzip_raw, 93: unzstd, 95: unxz}


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a zip; its layer inflates and checks it against what the directory says."""

    name: str
    span: Span
    packed: int
    modified: datetime | None
    method: int
    crc: int
    size: int

    def layer(self, read: Read, note: Note) -> Iterator[bytes]:
        """Inflate; `crc_mismatch` and `size_mismatch` are noted, the bytes are kept."""
        crc = size = 0
        for piece in _METHODS[self.method](read, note):
            crc = isal_zlib.crc32(piece, crc)
            size += len(piece)
            yield piece
        if size != self.size:
            note("size_mismatch")
        elif crc != self.crc:
            note("crc_mismatch")


def members(name: str, span: Span, limit: int) -> Iterator[Member | InputError]:
    """Members in the order of the directory, refusals in between; InputError is raised when nothing can be read."""
    with span.open() as source:
        _refuse_huge_directory(name, source, limit)
        try:
            with zipfile.ZipFile(BufferedReader(_Seekable(source))) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        except _DAMAGE as error:
            raise InputError("corrupt_archive", name=name) from error
        if len(entries) > limit:
            raise InputError("too_many_members", name=name, members=len(entries), limit=limit)
        if not entries:
            raise InputError("empty_archive", name=name)
        yield from [_member(name, span, source, entry) for entry in entries if not _hidden(entry.filename)]


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") and part not in {".", ".."} for part in parts)


def _member(archive: str, span: Span, source: Slice, entry: zipfile.ZipInfo) -> Member | InputError:
    name = f"{archive}:{_name(entry)}"
    if entry.flag_bits & 1:
        return InputError("encrypted_member", name=name)
    if entry.compress_type not in _METHODS:
        return InputError("unsupported_compression", name=name, method=entry.compress_type)
    header = source.at(entry.header_offset, _LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        return InputError("corrupt_archive", name=name)
    fields = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + len(header) + fields[-2] + fields[-1]
    length = max(0, min(entry.compress_size, source.length - start))
    inside = Span(span.file, span.start + start, length)
    return Member(name, inside, length, _time(entry), entry.compress_type, entry.CRC, entry.file_size)


def _name(entry: zipfile.ZipInfo) -> str:
    """Name for people: UTF-8 or Shift_JIS where the archive says only "some 8-bit encoding" (APPNOTE, appendix D)."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return entry.filename


def _time(entry: zipfile.ZipInfo) -> datetime | None:
    """The UTC time of Unix archives (Info-ZIP extra field 0x5455), else the zoneless DOS time, read as UTC."""
    at = entry.extra.find(b"UT\x05\x00")
    if at >= 0 and len(entry.extra) >= at + 9 and entry.extra[at + 4] & 1:
        return datetime.fromtimestamp(int.from_bytes(entry.extra[at + 5 : at + 9], "little"), UTC)
    try:
        return datetime(*entry.date_time, tzinfo=UTC)
    except ValueError:
        return None


def _refuse_huge_directory(name: str, source: Slice, limit: int) -> None:
    """The library reads the whole directory into memory: look at its size first (APPNOTE 4.3.16)."""
    tail_start = max(0, source.length - (1 << 16) - _END.size)
    tail = source.at(tail_start, source.length - tail_start)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise InputError("corrupt_archive", name=name)
    fields = _END.unpack_from(tail, at)
    count, size = fields[4], fields[5]
    if 0xFFFF > count > limit:
        raise InputError("too_many_members", name=name, members=count, limit=limit)
    locator = tail[max(0, at - _LOCATOR.size) : at]
    if len(locator) == _LOCATOR.size and locator.startswith(b"PK\x06\x07"):
        end = source.at(_LOCATOR.unpack(locator)[2], _END64.size)
        size = _END64.unpack(end)[-2] if len(end) == _END64.size else size
    if min(size, tail_start + at) > (limit + 1) * _DIRECTORY_BYTES_A_MEMBER:
        raise InputError("too_many_members", name=name, members=size // 46, limit=limit)


class _Seekable(RawIOBase):
    """A slice as the file object that zipfile wants."""

    def __init__(self, source: Slice) -> None:
        self._source = source
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._position, self._source.length)[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "seek before the start")  # what zipfile expects of a file
        self._position = base + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.at(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
