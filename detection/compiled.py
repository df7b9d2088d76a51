"""The one way hot loops are compiled: numba, cached on disk, GIL released, no bounds checks."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any, ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_R = TypeVar("_R")
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "boundscheck": False,
    "error_model": "numpy",
    "_nrt": False,
    "forceinline": True,
}
_ROOMS = ("detection", "ingestion/parse", "ingestion/chunk")
"""Where compiled functions live."""


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile at first call and cache the machine code (`NUMBA_CACHE_DIR`, else `__pycache__`).

    Arrays are lent: without counting who holds one (`_nrt`), which cost a sixth of ingestion in atomic instructions, a
    compiled function cannot make an array; it is given room for what it writes.

    With `NUMBA_DISABLE_JIT=1` the function runs as plain Python: the tests use that to check every index.
    """
    return cast("Callable[_P, _R]", njit(**_OPTIONS)(function))


def cache_folder(root: Path) -> Path:
    """Where the machine code of the sources below `root` belongs.

    numba compiles a function again when its own file has changed, but not when that of a function it calls has: machine
    code is therefore kept apart for each state of all the sources that are compiled.
    """
    found = [path.read_bytes() for room in _ROOMS for path in sorted((root / room).glob("*.py"))]
    state = hashlib.sha256(b"\0".join(source for source in found if b"@compiled" in source)).hexdigest()[:16]
    return root / "detection" / "__pycache__" / f"compiled-{state}"


def drop_older_code() -> None:
    """Remove the machine code of earlier states of the sources."""
    kept = Path(_settings.CACHE_DIR)
    for folder in kept.parent.glob("compiled-*"):
        if folder != kept:
            rmtree(folder)


_settings: Any = config  # numba declares its settings at run time
if not _settings.CACHE_DIR:
    _settings.CACHE_DIR = str(cache_folder(Path(__file__).resolve().parent.parent))
