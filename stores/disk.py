"""Writing so that it survives a crash, and saying plainly when the disk refuses."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import StorageError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turns an `OSError` into `StorageError("disk_full")` or `StorageError("write_failed")`."""
    try:
        yield
    except OSError as fault:
        code = "disk_full" if fault.errno in _NO_ROOM else "write_failed"
        reason = errno.errorcode.get(fault.errno or 0, "")
        raise StorageError(code, path=str(path), reason=reason) from fault


def flush(path: Path) -> None:
    """Returns when the file's bytes (or the folder's entries) are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
