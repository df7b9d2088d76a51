"""The one way hot loops are compiled: numba, cached on disk, GIL released, no bounds checks."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile at first call and cache the machine code (`NUMBA_CACHE_DIR`, else `__pycache__`).

    With `NUMBA_DISABLE_JIT=1` the function runs as plain Python: the tests use that to check every index.
    """
    jit = njit(nogil=True, cache=True, boundscheck=False, error_model="numpy")
    return cast("Callable[_P, _R]", jit(function))
