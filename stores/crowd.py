"""What the lines of one key must show together to be a behaviour, and such lines as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.event import EVENT_SCHEMA, HIT_SCHEMA
from core.selector import Selector
from core.taxonomy import AttackType
from stores.windows import Ints, Mask

COLUMNS = tuple(name for name in HIT_SCHEMA.names if name in EVENT_SCHEMA.names)
"""What a hit row needs of its line, in the order of `HIT_SCHEMA`."""

SCHEMA = pa.schema([HIT_SCHEMA.field(name) for name in COLUMNS])


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the lines of one key must show together.

    At least `lines` events and `values` different values of the column `distinct`, with at most `tries` and at least
    `repeats` events a value (0 = any). Lines with one of `except_urls` in their URL, or a hit of a type in `besides`,
    are no part of it. Lines with a hit of `mixed` do not count, but belong to a group of which they are less than half.
    More than `share` lines of `relief` a counted event, in the time of a group, and it is not meant. So few addresses
    can `flood` that they are looked for first, among all lines.
    """

    lines: int
    distinct: str | None = None
    values: int = 0
    tries: int = 0
    repeats: int = 0
    except_urls: tuple[str, ...] = ()
    besides: tuple[AttackType, ...] = ()
    mixed: tuple[AttackType, ...] = ()
    relief: Selector | None = None
    share: float = 0.2
    flood: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines as arrays: number of the key, time in µs, place (source and line as one), events, value, set aside."""

    keys: NDArray[np.integer]
    times: Ints
    places: Ints
    weights: Ints
    values: Ints
    aside: Mask


Busy = TypeVar("Busy")


class Lines(Protocol[Busy]):
    """Where the lines of a behaviour come from; `Busy` is how it names the keys with enough lines."""

    def busy(self, selector: Selector, key: str, crowd: Crowd) -> Busy:
        """The keys with enough lines at all."""

    def rows(self, selector: Selector, key: str, crowd: Crowd, busy: Busy) -> Rows:
        """The selected lines of these keys that have a time, but for what is no part of the crowd; in no order."""

    def table(self, places: Ints) -> pa.Table:
        """Rows (`SCHEMA`) of the lines at these places (sorted), in their order."""


_ARRAYS = ("keys", "times", "places", "weights", "values", "aside")


def take(rows: Rows, order: Ints) -> Rows:
    """The rows at these places."""
    return Rows(*(getattr(rows, name)[order] for name in _ARRAYS))


def joined(parts: Sequence[Rows]) -> Rows:
    """All rows, those of the first part first."""
    return Rows(*(np.concatenate([getattr(one, name) for one in parts]) for name in _ARRAYS))
