"""Who writes an index, and whose files may not go away yet: advisory locks that the kernel drops with their holder."""

import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import CaseError
from stores.disk import disk_faults

FOLDER = "index"
_FILE = "lock"


class IndexLock:
    """The one writer of a case's index, from `with` to its end; a second one gets `CaseError("index_busy")`.

    It is not the case's own lock: lines can be read in while chunks are indexed.
    """

    def __init__(self, case_dir: Path) -> None:
        self._folder = case_dir / FOLDER
        self._handle = -1

    def __enter__(self) -> Self:
        case = self._folder.parent.name
        if not self._folder.parent.is_dir():
            raise CaseError("unknown_case", case=case, known=())
        with disk_faults(self._folder):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            path = self._folder / _FILE
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise CaseError("index_busy", case=case) from None
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    def check(self) -> None:
        """`CaseError("unknown_case")` when the case was deleted (and perhaps made anew) meanwhile."""
        try:
            same = (self._folder / _FILE).stat().st_ino == os.fstat(self._handle).st_ino
        except FileNotFoundError:
            same = False
        if not same:
            raise CaseError("unknown_case", case=self._folder.parent.name, known=())


class Lease:
    """Keeps a folder from being swept while it is read; raises `FileNotFoundError` when it is gone already."""

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._handle, fcntl.LOCK_SH)
        if not folder.is_dir() or folder.stat().st_ino != os.fstat(self._handle).st_ino:
            self.end()
            raise FileNotFoundError(folder)

    def end(self) -> None:
        """The folder may go."""
        os.close(self._handle)


def sweep(folder: Path) -> None:
    """Removes a folder that no manifest names, unless somebody still reads it: then a later writer will."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except BlockingIOError:
        return
    finally:
        os.close(handle)
