"""An answer as JSON text and back, nothing lost: bytes, times, enums and tuples come back as they were."""

import json
from base64 import b64decode, b64encode
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.answer import Answer

_TIME, _DATE, _BYTES = "$time", "$date", "$bytes"
"""JSON has no such values, and a fact that is a text may look like a time: each is written as {tag: text}."""


def write_answer(answer: Answer) -> str:
    """ASCII JSON text."""
    return json.dumps(_adapter().dump_python(answer), default=_tagged, ensure_ascii=True, separators=(",", ":"))


def read_answer(text: str) -> Answer | None:
    """The answer that `write_answer` wrote; None when the text is not one (any more)."""
    try:
        return _adapter().validate_python(json.loads(text, object_hook=_untagged))
    except (ValidationError, ValueError, TypeError):
        return None


@cache
def _adapter() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    raise TypeError(type(value).__name__)


def _untagged(found: dict[str, Any]) -> object:
    if len(found) == 1:
        ((tag, value),) = found.items()
        if isinstance(value, str):
            if tag == _BYTES:
                return b64decode(value, validate=True)
            if tag == _TIME:
                return datetime.fromisoformat(value)
            if tag == _DATE:
                return date.fromisoformat(value)
    return found
