"""What a file is, told from its first bytes; the extension is never believed."""

import re
from enum import StrEnum

HEAD = 4096
"""How many bytes the functions here want to see."""


class Kind(StrEnum):
    """How the bytes of an input are packed."""

    PLAIN = "plain"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    ZIP = "zip"
    TAR = "tar"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    LZ4 = "lz4"


GZIP_MAGIC = b"\x1f\x8b\x08"
BZIP2_MAGIC = b"BZh"
XZ_MAGIC = b"\xfd7zXZ\x00"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_SKIPPABLE = b"\x2a\x4d\x18"  # behind one byte 0x50..0x5f

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (GZIP_MAGIC, Kind.GZIP),
    (XZ_MAGIC, Kind.XZ),
    (ZSTD_MAGIC, Kind.ZSTD),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),  # an empty archive
    (b"PK\x07\x08", Kind.ZIP),  # first volume of a split archive
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"Rar!\x1a\x07", Kind.RAR),
    (b"\x04\x22\x4d\x18", Kind.LZ4),
)
COMPRESSED = frozenset({Kind.GZIP, Kind.BZIP2, Kind.XZ, Kind.ZSTD})
"""One stream of content, inflated while it is read."""

ARCHIVES = frozenset({Kind.ZIP, Kind.TAR, Kind.SEVEN_ZIP, Kind.RAR, Kind.LZ4})

_NOT_A_LOG = (
    b"\x7fELF", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"SQLite format 3\x00",
    b"LPKSHHRH", b"ElfFile\x00", b"PAR1", b"\xd4\xc3\xb2\xa1", b"\x0a\x0d\x0d\x0a", b"\xca\xfe\xba\xbe",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"OggS", b"\x00asm",
)  # fmt: skip
_BOMS: tuple[tuple[bytes, str], ...] = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_TEXT_CONTROLS = b"\t\n\v\f\r\x1b"
_LOG_MARK = re.compile(rb"\d:\d\d|\d{4}[-/]\d\d[-/]\d\d|\d\.\d{1,3}\.\d{1,3}\.\d|\d{10}|^\s*\{\s*\"", re.ASCII)
_CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS) + b"\x7f"


def kind_of(head: bytes) -> Kind:
    """Packing of content that begins with `head` (512 bytes tell a tar apart)."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:3] == BZIP2_MAGIC and head[3:4] in b"123456789" and head[4:10] in _BZIP2_BLOCKS:
        return Kind.BZIP2
    if head[1:4] == ZSTD_SKIPPABLE and 0x50 <= head[0] <= 0x5F:
        return Kind.ZSTD
    return Kind.TAR if head[257:262] == b"ustar" else Kind.PLAIN


_BZIP2_BLOCKS = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")  # first block, or end of an empty file


def utf16_of(head: bytes) -> str | None:
    """Name of the UTF-16 encoding that the byte order mark tells, as iconv knows it."""
    return next((name for bom, name in _BOMS if head.startswith(bom)), None)


def looks_like_log(head: bytes) -> bool:
    """Does text say when or from where (a time, a date, an address), or is it a JSON object? Used on searched files."""
    encoding = utf16_of(head)
    text = head.decode(encoding, "replace").encode() if encoding else head
    return bool(_LOG_MARK.search(text))


def looks_binary(head: bytes) -> bool:
    """Is this no text at all? UTF-16 and any 8-bit encoding are text; so is a log behind a hole of NULs.

    A log that was truncated under a writer (copytruncate) begins with as many NULs as were written before.
    """
    if head.startswith(_NOT_A_LOG):
        return True
    if utf16_of(head):
        return False
    body = head.lstrip(b"\x00")
    odd = len(body) - len(body.translate(None, _CONTROLS))
    return odd * 10 > len(body) if body else bool(head)
