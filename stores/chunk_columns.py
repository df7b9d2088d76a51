"""What chunks are found by, as columns in memory: windows, addresses, types; and ids as pairs of numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, integers, values
from core.errors import InputError
from core.event import IP
from core.match import naive_utc, network, within
from core.taxonomy import AttackType
from stores.chunk_files import SHAPE, SINCE, SUSPICIOUS, TYPES
from stores.chunk_rows import Rows

NO_TIME = np.iinfo(np.int64).min
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Ids = NDArray[np.uint64]
"""Two numbers an id: its first and its last eight bytes."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Conditions on chunks, ANDed; empty or None: any.

    `ips` hold addresses or networks. A chunk is in `since` <= time < `until` when its window overlaps it. `types` are
    those of its hits. `suspicious` asks for chunks with hits (or without, when False).
    """

    ips: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    types: tuple[AttackType, ...] = ()
    suspicious: bool | None = None


ANY = Picked()


@dataclass(frozen=True, slots=True)
class Columns:
    """One element a chunk; `since` in microseconds (NO_TIME: none), `ips` places in `addresses` (-1: none)."""

    since: NDArray[np.int64]
    ips: NDArray[np.int32]
    addresses: tuple[str, ...]
    types: NDArray[np.uint32]
    suspicious: NDArray[np.bool_]
    shape: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Rows) -> "Columns":
        """Of all chunks."""
        table = rows.columns((SINCE, IP, TYPES, SUSPICIOUS, SHAPE))
        addresses = table.column(IP).unify_dictionaries().combine_chunks() if len(table) else None
        return cls(
            integers(table.column(SINCE), NO_TIME),
            codes(addresses) if addresses is not None else np.empty(0, np.int32),
            tuple(addresses.dictionary.to_pylist()) if addresses is not None else (),
            values(table.column(TYPES)).astype(np.uint32),
            values(table.column(SUSPICIOUS).cast(pa.uint8())).astype(np.bool_),
            values(table.column(SHAPE)).astype(np.int32),
        )

    def mask(self, picked: Picked, names: Sequence[str], seconds: int) -> NDArray[np.bool_]:
        """Which chunks are picked; `names` are the types in the order of their bits, `seconds` the width of a window.

        Raises `InputError` (`naive_time`, `bad_network`) for conditions that cannot be asked.
        """
        mask = np.ones(len(self.since), np.bool_)
        if picked.suspicious is not None:
            mask &= self.suspicious == picked.suspicious
        if picked.types:
            bits = sum(1 << place for place, name in enumerate(names) if name in picked.types)
            mask &= (self.types & np.uint32(bits)) != 0
        if picked.since is not None or picked.until is not None:
            mask &= self.since != NO_TIME
        if picked.since is not None:
            mask &= self.since > _micros(picked.since) - seconds * 1_000_000
        if picked.until is not None:
            mask &= self.since < _micros(picked.until)
        if picked.ips:
            mask &= np.isin(self.ips, [code for code, ip in enumerate(self.addresses) if _among(ip, picked.ips)])
        return mask


def _among(address: str, asked: Iterable[str]) -> bool:
    plain = [one for one in asked if "/" not in one]
    return address in plain or within(address, [network(one) for one in asked if "/" in one])


def _micros(time: datetime) -> int:
    return (naive_utc(time).replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def id_numbers(column: pa.ChunkedArray) -> Ids:
    """A column of ids."""
    parts = [
        np.frombuffer(chunk.buffers()[1], ">u8").reshape(-1, 2)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in column.chunks
        if len(chunk)
    ]
    return np.concatenate(parts).astype(np.uint64) if parts else np.empty((0, 2), np.uint64)


def id_texts(ids: Ids) -> tuple[str, ...]:
    """Each as 32 hex digits."""
    digits = ids.astype(">u8").tobytes().hex()
    return tuple(digits[start : start + 32] for start in range(0, len(digits), 32))


def parsed_ids(ids: Sequence[str]) -> Ids:
    """From 32 hex digits each; `InputError("unknown_chunk")` for any other text."""
    for one in ids:
        if len(one) != 32 or not set(one) <= _DIGITS:
            raise InputError("unknown_chunk", id=one)
    return np.frombuffer(bytes.fromhex("".join(ids)), ">u8").reshape(-1, 2).astype(np.uint64)


_DIGITS = frozenset("0123456789abcdef")
