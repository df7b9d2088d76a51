"""The lines of a batch as columns of codes: place, time, address, template, client, user, hits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, integers
from core.field import Field
from core.key import Keys, keys_of

NO_TIME = np.iinfo(np.int64).min
NOBODY = -1
PAYLOAD, AGENT_PAYLOAD, REFERRER_PAYLOAD = (np.uint32(1 << place) for place in (31, 30, 29))
"""Bits beside those of the types: a signature matched there, so what stands there matters."""

TYPE_BITS = np.uint32((1 << 29) - 1)


@dataclass(frozen=True, slots=True)
class Lines:
    """Parallel arrays, one element a line; `times` are microseconds (NO_TIME: none), codes NOBODY where null.

    `types` are bits of attack types, and PAYLOAD.
    """

    keys: Keys
    times: NDArray[np.int64]
    ips: NDArray[np.int32]
    templates: NDArray[np.int32]
    agents: NDArray[np.int32]
    users: NDArray[np.int32]
    types: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.keys)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Lines":
        """The elements of a mask or of places."""
        return Lines(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @staticmethod
    def join(parts: "Sequence[Lines]") -> "Lines":
        """One behind the other; at least one part."""
        return Lines(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Lines)))


@dataclass(frozen=True, slots=True)
class HitBits:
    """The hits of a case, one element a line with any: sorted keys and bits."""

    keys: Keys
    bits: NDArray[np.uint32]

    @classmethod
    def of(cls, hits: pa.Table, type_bits: Mapping[str, int]) -> "HitBits":
        """From HIT_SCHEMA rows (source, line, type and field are looked at)."""
        if not hits.num_rows:
            return cls(np.empty(0, np.int64), np.empty(0, np.uint32))
        names, places = coded(hits, "akashi.type")
        bits = np.array([type_bits[str(name)] for name in names], np.uint32)[places]
        bits |= _PAYLOADS[integers(hits.column("akashi.field"))]
        keys = keys_of(hits)
        order = np.argsort(keys, kind="stable")
        keys, bits = keys[order], bits[order]
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        return cls(keys[starts], np.bitwise_or.reduceat(bits, starts))

    def digest(self) -> str:
        """SHA-256 over the lines and the bits of each: what chunks depend on of the hits."""
        return hashlib.sha256(self.keys.tobytes() + self.bits.tobytes()).hexdigest()

    def at(self, keys: Keys) -> NDArray[np.uint32]:
        """The bits of lines, 0 for lines without hits."""
        if not len(self.keys):
            return np.zeros(len(keys), np.uint32)
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        return np.where(self.keys[places] == keys, self.bits[places], np.uint32(0))


_PAYLOADS = np.full(256, PAYLOAD, np.uint32)
_PAYLOADS[Field.OTHER] = 0  # behaviours match no field
_PAYLOADS[Field.USER_AGENT] = AGENT_PAYLOAD
_PAYLOADS[Field.REFERRER] = REFERRER_PAYLOAD


def coded(table: pa.Table, column: str) -> tuple[list[str | None], NDArray[np.int32]]:
    """The distinct values of a text column and the place of each row's value among them (NOBODY: null)."""
    values = table.column(column)
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    merged = values.unify_dictionaries().combine_chunks()
    if isinstance(merged, pa.ChunkedArray):  # no chunk at all
        return [], np.empty(0, np.int32)
    return merged.dictionary.to_pylist(), codes(merged)
