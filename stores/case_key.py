"""A secret of the case: what is hidden from others is sealed with it, so that equal values stay equal here only."""

import os
from pathlib import Path
from secrets import token_bytes

from core.errors import StorageError
from stores.disk import disk_faults

FILE = "redaction.key"
_BYTES = 32


def case_key(case_dir: Path) -> bytes:
    """The key, made at its first use; deleted with the case.

    Whoever comes second takes what the first one made. Raises `StorageError`: `disk_full`, `write_failed`, and
    `key_damaged` for a file that holds no key.
    """
    path = case_dir / FILE
    with disk_faults(path):
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    if len(key) != _BYTES:
        raise StorageError("key_damaged", file=FILE)
    return key


def _make(path: Path) -> None:
    """Whole or not at all: written beside its place and linked there, which fails where somebody was faster."""
    beside = path.with_name(f"{FILE}.{token_bytes(8).hex()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            return
    finally:
        beside.unlink()
