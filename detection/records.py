"""What the scanner looks at: the attacker-controlled fields of a block, raw and decoded, one LF-ended record each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

METHODS: tuple[str, ...] = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
"""Methods that have a code of their own in `Rows.method`; any other method has `OTHER_METHOD`, none has `NO_METHOD`.

Only other methods are worth a record: the usual ones say nothing.
"""

OTHER_METHOD = 254
NO_METHOD = 255


@dataclass(frozen=True, slots=True)
class Records:
    """Fields of many rows in one buffer, so that one scan serves thousands of lines.

    `data` is uint8, every record followed by LF (an LF inside a decoded field is stored as VT, so that neither `$` nor
    a negated class crosses records). Record i is `data[ends[i-1]:ends[i]-1]` (with `ends[-1]` read as 0), belongs to
    row `rows[i]` (int32, ascending) and is `core.field.Field` `fields[i]` (uint8). A field whose decoded form differs
    from its raw form has one record for each form.
    """

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]
    rows: NDArray[np.int32]
    fields: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Rows:
    """What rule conditions need of each row: `method` (uint8 code, see METHODS) and `status` (uint16, 0 = none)."""

    method: NDArray[np.uint8]
    status: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rule hits of a block, unique and sorted by (row, rule, field); `rules` are indexes into `RuleSet.rules`."""

    rows: NDArray[np.int32]
    rules: NDArray[np.int32]
    fields: NDArray[np.uint8]
