"""A prompt file: instructions of ours with declared places for data, which never becomes instructions."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ContentError
from prompts.quoting import quoted

_FOLDER = Path(__file__).parent
_PLACE = re.compile(r"\{\{([a-z_]+)\}\}")
_PLAIN = re.compile(r"[\w .,:;+/()-]{0,200}", re.ASCII)
"""What a variable may hold that is not quoted: a language, a number; never a line end."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable: `log` ones hold text that somebody else wrote, and are quoted behind the boundary."""

    name: str
    log: bool


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One prompt; `version` changes with its text."""

    name: str
    version: int
    variables: tuple[Variable, ...]
    system: str
    user: str

    def render(self, variables: Mapping[str, str], boundary: str) -> tuple[str, str]:
        """The system and the user message.

        Raises `ValueError` when variables are missing or unknown, when a plain one holds more than a few words, and
        when the boundary stands in a value (`prompts.quoting.draw_boundary` draws one that does not).
        """
        if set(variables) != {one.name for one in self.variables}:
            raise ValueError(f"{self.name} takes {sorted(one.name for one in self.variables)}, not {sorted(variables)}")
        places = {one.name: _placed(one, variables[one.name], boundary) for one in self.variables}
        system, user = (_PLACE.sub(lambda place: places[place[1]], text) for text in (self.system, self.user))
        return system, user


def _placed(variable: Variable, value: str, boundary: str) -> str:
    if variable.log:
        return quoted(variable.name, value, boundary)
    if not _PLAIN.fullmatch(value):
        raise ValueError(f"{variable.name} is no plain value")
    return value


@cache
def prompt(name: str) -> PromptFile:
    """The prompt of this name that Akashi ships; raises `ContentError` when the file breaks its schema."""
    return parse(name, (_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> PromptFile:
    """A prompt from the text of its file.

    Raises `ContentError` (`bad_content_file`) for another name inside, unknown keys, variables declared and not used or
    used and not declared, and for data in the instructions: a `log` variable in `system`.
    """
    try:
        read = _File.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as fault:
        raise ContentError("bad_content_file", file=f"{name}.toml", key="", problem=str(fault)) from fault
    variables = tuple(Variable(key, one.log) for key, one in sorted(read.variables.items()))
    made = PromptFile(read.name, read.version, variables, read.system.strip(), read.user.strip())
    if problem := "; ".join(_faults(name, made)):
        raise ContentError("bad_content_file", file=f"{name}.toml", key="", problem=problem)
    return made


def _faults(name: str, made: PromptFile) -> list[str]:
    declared = {one.name for one in made.variables}
    used = set(_PLACE.findall(made.system)) | set(_PLACE.findall(made.user))
    data = {one.name for one in made.variables if one.log} & set(_PLACE.findall(made.system))
    rest = _PLACE.sub("", made.system + made.user)
    said = {
        f"its name is {made.name!r}": made.name != name,
        f"declared, not used: {sorted(declared - used)}": bool(declared - used),
        f"used, not declared: {sorted(used - declared)}": bool(used - declared),
        f"data in the instructions: {sorted(data)}": bool(data),
        "a place is not written as {{name}}": "{{" in rest or "}}" in rest,
    }
    return [words for words, holds in said.items() if holds]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    log: bool


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    version: int = Field(ge=1)
    variables: dict[str, _Declared]
    system: str = Field(min_length=1)
    user: str = Field(min_length=1)
