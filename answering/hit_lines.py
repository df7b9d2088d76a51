"""Rule hits as NumPy columns: distinct lines of a type without one Python object a line."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.arrow import codes, integers
from core.event import BODY_BYTES, IP, METHOD, STATUS_CODE, TIME
from core.key import keys_of

NO_TIME = np.iinfo(np.int64).max
"""Stands for a missing time, so that lines without one sort last."""

NO_VALUE = -1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HitLines:
    """One element a hit, sorted by (time, line): parallel arrays, text columns as codes into their name tuples.

    `keys` identify the line, `times` are microseconds since the epoch (NO_TIME = none), `ips`, `methods` are codes
    (NO_VALUE = none), `status` and `body` NO_VALUE when the line has none. A line that three rules match occurs three
    times; `distinct()` keeps one element a line.
    """

    keys: NDArray[np.int64]
    times: NDArray[np.int64]
    rules: NDArray[np.int64]
    types: NDArray[np.int64]
    fields: NDArray[np.int64]
    ips: NDArray[np.int64]
    methods: NDArray[np.int64]
    status: NDArray[np.int64]
    body: NDArray[np.int64]
    rule_names: tuple[str, ...]
    type_names: tuple[str, ...]
    ip_names: tuple[str, ...]
    method_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def where(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> "HitLines":
        """The elements of a mask or of positions, in their order."""
        columns = {name: getattr(self, name)[keep] for name in _COLUMNS}
        return replace(self, **columns)

    def of_type(self, name: str) -> "HitLines":
        """The hits of one attack type."""
        return self.where(self.types == _code(self.type_names, name))

    def of_rule(self, name: str) -> "HitLines":
        """The hits of one rule or behaviour."""
        return self.where(self.rules == _code(self.rule_names, name))

    def distinct(self) -> "HitLines":
        """One element a line (its first hit), still in (time, line) order."""
        _, first = np.unique(self.keys, return_index=True)
        return self.where(np.sort(first))


_COLUMNS = ("keys", "times", "rules", "types", "fields", "ips", "methods", "status", "body")


def _code(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else NO_VALUE - 1


def hit_lines(table: pa.Table) -> HitLines:
    """Columns of a HIT_SCHEMA table, sorted by (time, line)."""
    rules, rule_names = _coded(table, "rule.id")
    types, type_names = _coded(table, "akashi.type")
    ips, ip_names = _coded(table, IP)
    methods, method_names = _coded(table, METHOD)
    lines = HitLines(
        keys=keys_of(table),
        times=_numbers(table, TIME, NO_TIME),
        rules=rules,
        types=types,
        fields=_numbers(table, "akashi.field"),
        ips=ips,
        methods=methods,
        status=_numbers(table, STATUS_CODE),
        body=_numbers(table, BODY_BYTES),
        rule_names=rule_names,
        type_names=type_names,
        ip_names=ip_names,
        method_names=method_names,
    )
    return lines.where(np.lexsort((lines.rules, lines.keys, lines.times)))


def _numbers(table: pa.Table, column: str, missing: int = NO_VALUE) -> NDArray[np.int64]:
    return integers(table.column(column), missing)


def _coded(table: pa.Table, column: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    values = table.column(column)
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    merged = values.unify_dictionaries().combine_chunks()
    if isinstance(merged, pa.ChunkedArray):  # no chunk at all
        return np.empty(0, np.int64), ()
    return codes(merged).astype(np.int64), tuple(merged.dictionary.to_pylist())


def instant(microseconds: int) -> datetime | None:
    """Aware UTC time of a `times` element."""
    return None if microseconds == NO_TIME else _EPOCH + timedelta(microseconds=microseconds)
