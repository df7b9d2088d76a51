"""What chunks are called in both languages: a closed table, read once and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from core.action import Action
from core.errors import ContentError
from core.taxonomy import AttackType

FILE = Path(__file__).with_name("tags.toml")


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str = Field(min_length=1, max_length=60)
    ja: str = Field(min_length=1, max_length=30)


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: dict[AttackType, _Words]
    status: dict[str, _Words]
    method: dict[str, _Words]
    action: dict[Action, _Words]
    line: dict[str, _Words]


@dataclass(frozen=True, slots=True)
class Tags:
    """(name, words in both languages) of attack types, and of the kinds of lines: places are bits of a mask."""

    types: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]

    def type_bits(self) -> Mapping[str, int]:
        """The bit of each attack type."""
        return {name: 1 << place for place, (name, _) in enumerate(self.types)}

    def kind_bits(self) -> Mapping[str, int]:
        """The bit of each kind, by its name: a status group, a method, an action, `unread`."""
        return {name: 1 << place for place, (name, _) in enumerate(self.kinds)}


@cache
def tags() -> Tags:
    """The table of the product; `ContentError("bad_content_file")` when a type or an action has no words."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Tags:
    """A table from its text."""
    try:
        content = _Content.model_validate(tomllib.loads(text))
    except ValueError as fault:
        raise ContentError("bad_content_file", file=FILE.name, key="", problem=str(fault)) from fault
    missing = (set(AttackType) - set(content.type)) | (set(Action) - set(content.action))
    if missing:
        raise ContentError("bad_content_file", file=FILE.name, key=", ".join(sorted(missing)), problem="missing")
    actions = {str(action): words for action, words in content.action.items()}
    kinds = actions | content.status | content.method | content.line
    return Tags(
        tuple((str(name), _both(str(name), words)) for name, words in content.type.items()),
        tuple((name, _both(name, words)) for name, words in kinds.items()),
    )


def _both(name: str, words: _Words) -> str:
    """The name as questions of experts use it, then the words; a name that only repeats the words is left out."""
    spoken = name.replace("_", " ")
    title = f"{words.en} {words.ja}"
    return title if spoken.lower() in words.en.lower() else f"{spoken} {title}"
