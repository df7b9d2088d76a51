"""One writer per case: an advisory lock that the kernel drops when its holder dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import CaseError


class CaseLock:
    """Held from `with` to its end; a second holder, in any process or thread, gets `CaseError("case_busy")`."""

    def __init__(self, case_dir: Path) -> None:
        self._path = case_dir / "lock"
        self._handle = -1

    def __enter__(self) -> Self:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except FileNotFoundError:
            raise CaseError("unknown_case", case=self._path.parent.name, known=()) from None
        try:
            self._claim(handle)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return self

    def _claim(self, handle: int) -> None:
        case = self._path.parent.name
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CaseError("case_busy", case=case) from None
        # a case deleted between open and flock leaves us holding a file nobody else will ever look at
        if not self._path.exists() or self._path.stat().st_ino != os.fstat(handle).st_ino:
            raise CaseError("unknown_case", case=case, known=())

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)
