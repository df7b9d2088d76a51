"""What chunks are found by, as columns in memory: windows, addresses, types; and ids as pairs of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import integers, numbers, texts, values
from core.errors import InputError
from core.event import IP
from core.match import Network, naive_utc, network, within
from core.taxonomy import AttackType
from stores.chunk_files import SHAPE, SINCE, TEXT, TYPES
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


class Columns:
    """The columns of some rows, each read when a condition first asks for it."""

    def __init__(self, rows: Rows, addresses: Rows) -> None:
        self._rows = rows
        self._addresses = addresses
        self._from: dict[tuple[str, ...], NDArray[np.bool_]] = {}

    @cached_property
    def since(self) -> NDArray[np.int64]:
        """Start of each chunk's window in microseconds; NO_TIME where there is none."""
        return integers(self._rows.columns((SINCE,)).column(0), NO_TIME)

    @cached_property
    def types(self) -> NDArray[np.uint32]:
        """Bits of the types of each chunk."""
        return values(self._rows.columns((TYPES,)).column(0)).astype(np.uint32, copy=False)

    @cached_property
    def shape(self) -> NDArray[np.int32]:
        """Number of each chunk's shape."""
        return values(self._rows.columns((SHAPE,)).column(0)).astype(np.int32, copy=False)

    @cached_property
    def ips(self) -> NDArray[np.int32]:
        """Number of each chunk's address; -1 where there is none."""
        return values(self._rows.columns((IP,)).column(0), -1).astype(np.int32, copy=False)

    def mask(self, picked: Picked, names: Sequence[str], seconds: int) -> NDArray[np.bool_]:
        """Which chunks are picked; `names` are the types in the order of their bits, `seconds` the width of a window.

        Raises `InputError` (`naive_time`, `bad_network`) for conditions that cannot be asked.
        """
        mask = np.ones(self._rows.count, np.bool_)
        if picked.suspicious is not None:
            mask &= (self.types != 0) == picked.suspicious
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
            mask &= self._from_addresses(picked.ips)
        return mask

    def _from_addresses(self, asked: tuple[str, ...]) -> NDArray[np.bool_]:
        """Addresses are compared once, not once a chunk; the answer is kept for the next question."""
        if asked not in self._from:
            inside = _Addresses.of(asked)
            known = [inside.mask(one) for table in self._addresses.tables((TEXT,)) for one in table.column(0).chunks]
            self._from = {asked: np.concatenate([*known, [False]])[self.ips]}  # the last one stands for no address
        return self._from[asked]


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Addresses and networks that are asked for, and how the texts of addresses inside may begin."""

    plain: pa.Array
    networks: tuple[Network, ...]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, asked: Sequence[str]) -> "_Addresses":
        networks = tuple(network(one) for one in asked if "/" in one)
        plain = texts([one for one in asked if "/" not in one])
        return cls(plain, networks, tuple(_beginning(one) for one in networks))

    def mask(self, known: pa.Array) -> NDArray[np.bool_]:
        """Which of the addresses are asked for."""
        inside = _flags(pc.is_in(known, value_set=self.plain))
        for beginning in set(self.beginnings):
            likely = np.flatnonzero(_flags(pc.starts_with(known, pattern=beginning)))
            found = known.take(numbers(likely)).to_pylist()
            inside[likely] |= np.array([within(one, self.networks) for one in found], np.bool_)
        return inside


def _beginning(asked: Network) -> str:
    """What the text of every IPv4 address of the network begins with; IPv6 can be written too shortly for that."""
    if asked.version == 6:
        return ""
    octets = str(asked.network_address).split(".")[: asked.prefixlen // 8]
    return "".join(f"{octet}." for octet in octets) if len(octets) < 4 else str(asked.network_address)


def _flags(column: pa.Array) -> NDArray[np.bool_]:
    return values(pa.chunked_array([column.cast(pa.uint8())]), 0).astype(np.bool_)


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
