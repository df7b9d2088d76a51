"""Values of the vocabulary as JSON and back, exactly: bytes as base64, times with their zone, tuples as lists."""

from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter

Value = TypeVar("Value")

_EXACT = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", extra="forbid")


def to_json(kind: type[Value], value: Value) -> bytes:
    """The value, an instance of the frozen dataclass `kind`, as UTF-8 JSON."""
    return _adapter(kind).dump_json((value,))


def from_json(kind: type[Value], text: bytes | str) -> Value:
    """What `to_json` wrote; `ValueError` (pydantic's `ValidationError`) when it is something else."""
    found: Value = _adapter(kind).validate_json(text)[0]
    return found


def _adapter(kind: type[object]) -> TypeAdapter[Any]:
    """Wrapped in a tuple: pydantic takes settings for a plain container, and hands them down to the dataclass."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(tuple[kind], config=_EXACT)  # type: ignore[valid-type]
    return _adapters[kind]


_adapters: dict[type[object], TypeAdapter[Any]] = {}
