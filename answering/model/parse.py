"""A reply as a draft, read strictly: what is not exactly the schema is no draft."""

import json
from collections.abc import Sequence
from typing import NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from answering.model import limits
from core.draft import Draft

Read = TypeVar("Read", bound=BaseModel)

_DEEPEST = 12


class MalformedError(ValueError):
    """Text that is no JSON of the schema."""


def parse_draft(text: str) -> Draft:
    """The draft that a whole reply is; raises `MalformedError`."""
    return read(text, Draft)


def read(text: str, kind: type[Read]) -> Read:
    """A value of the schema. Keys that occur twice, NaN, fractions, other types, unknown keys and text beyond all
    measure raise `MalformedError`."""
    if len(text) > limits.REPLY:
        raise MalformedError("too long")
    if _depth(text) > _DEEPEST:
        raise MalformedError("too deep")
    try:
        json.loads(text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_refuse)
        return kind.model_validate_json(text)
    except (ValidationError, ValueError, RecursionError) as fault:
        raise MalformedError(type(fault).__name__) from fault


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("a key occurs twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise MalformedError(f"no such number: {constant[:20]}")


def _depth(text: str) -> int:
    """How deeply brackets are nested, strings aside; no recursion, whatever the text is."""
    deepest = depth = 0
    inside = escaped = False
    for character in text:
        if inside:
            inside = escaped or character != '"'
            escaped = not escaped and character == "\\"
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest
