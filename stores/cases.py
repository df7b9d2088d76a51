"""Cases side by side under one root folder: named, created, opened, and deleted without trace."""

import shutil
import unicodedata
from pathlib import Path
from secrets import token_hex

from core.errors import CaseError, InputError
from stores.disk import disk_faults
from stores.lock import CaseLock
from stores.registry import Registry

SEGMENTS = "segments"
STAGING = "staging"
_DELETING = ".deleting-"
_LONGEST = 64
_TAKEN = frozenset({"rules"})
"""Folders beside the cases that are none: the user's rules."""


class Cases:
    """The cases of one root folder; the folder itself is made when the first case is."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> tuple[str, ...]:
        """All cases, sorted; foreign files, links and half-deleted cases are not cases."""
        if not self._root.is_dir():
            return ()
        return tuple(sorted(path.name for path in self._root.iterdir() if _is_case(path)))

    def create(self, name: str) -> Path:
        """The folder of the case, made when it does not exist yet.

        Raises `InputError("bad_case_name")` and `StorageError` (disk full, read-only folder).
        """
        path = self._path(name)
        if path.is_symlink():  # what it points to is not ours to write into
            raise CaseError("unsafe_case", case=path.name)
        with disk_faults(path):
            self._root.mkdir(parents=True, exist_ok=True)
            for folder in (path, path / SEGMENTS, path / STAGING):
                folder.mkdir(mode=0o700, exist_ok=True)  # logs hold secrets: their owner alone reads them
        Registry.open(path).close()
        return path

    def open(self, name: str) -> Path:
        """The folder of an existing case, else `CaseError("unknown_case")` with the names that are known."""
        path = self._path(name)
        if not _is_case(path):
            raise CaseError("unknown_case", case=path.name, known=self.names())
        return path

    def delete(self, name: str) -> None:
        """Removes the case from disk; `CaseError("case_busy")` while it is being written.

        The rename comes first so that the case is gone for everyone at one instant; what a crash leaves of the
        renamed folder is removed by the next deletion.
        """
        path = self.open(name)
        with CaseLock(path), disk_faults(path):
            path.rename(self._root / f"{_DELETING}{token_hex(8)}")
        with disk_faults(path):
            for rest in self._root.glob(f"{_DELETING}*"):
                shutil.rmtree(rest)  # does not follow links

    def _path(self, name: str) -> Path:
        return self._root / case_name(name)


def case_name(text: str) -> str:
    """The name in Unicode NFC, or `InputError("bad_case_name")`."""
    name = unicodedata.normalize("NFC", text)
    fits = 0 < len(name) <= _LONGEST and len(name.encode("utf-8", "replace")) <= 255 and not name.startswith(".")
    if not fits or name in _TAKEN or not all(character.isalnum() or character in "._-" for character in name):
        raise InputError("bad_case_name", name=text)
    return name


def _is_case(path: Path) -> bool:
    return not path.name.startswith(".") and not path.is_symlink() and path.is_dir() and (path / SEGMENTS).is_dir()
