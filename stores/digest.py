"""What a proof is known by: the digest of the references of lines, made of whole columns at once."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.key import Keys, split_keys
from core.line import SourceId

_SLICE = 1_000_000


def digest_of(keys: Keys, numbers: Mapping[SourceId, int]) -> tuple[int, str]:
    """Number of lines and the SHA-256 over "source id:line LF", sorted by source id, then line."""
    sources, lines = split_keys(np.sort(keys))
    digest = hashlib.sha256()
    for source in sorted(numbers):
        chosen = lines[sources == numbers[source]]
        for start in range(0, len(chosen), _SLICE):
            for text in _texts(source, chosen[start : start + _SLICE]):
                digest.update(text.tobytes())
    return len(keys), digest.hexdigest()


def _texts(source: SourceId, lines: NDArray[np.int64]) -> list[NDArray[np.uint8]]:
    """The references of sorted lines, those with equally many digits together."""
    parts = []
    for digits in range(1, len(str(int(lines[-1]))) + 1):
        low, high = np.searchsorted(lines, (10 ** (digits - 1), 10**digits))
        if low < high:
            parts.append(_block(f"{source}:".encode(), lines[low:high], digits))
    return parts


def _block(prefix: bytes, lines: NDArray[np.int64], digits: int) -> NDArray[np.uint8]:
    """One row a reference."""
    block = np.empty((len(lines), len(prefix) + digits + 1), np.uint8)
    block[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    rest = lines.copy()
    for place in range(len(prefix) + digits - 1, len(prefix) - 1, -1):
        block[:, place] = rest % 10 + ord("0")
        rest //= 10
    block[:, -1] = ord("\n")
    return block
