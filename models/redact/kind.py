"""What counts as a secret, as data: strict TOML files whose kinds carry their own proof, what fires and what does not.

[[kind]]                              a secret that shows by its own form
id = "aws-access-key"                 letters, digits and hyphens: part of the token `⟦SECRET-aws-access-key-16-…⟧`
title = "AWS access key id"
match = '(?<![A-Za-z0-9])AKIA[A-Z2-7]{16}'   linear: nothing nested, nothing endless; of group `s`, that
near = ["akia"]                       lower-case text at which `match` is tried; none: where a run of 16 letters begins
back = 0                              begin to look for `match` so many characters before `near`
at = "text"                           "digits": `match` is tried where a run of digits begins
check = "card"                        a name of `models.redact.checks.CHECKS` that the hidden text must pass
fires = ["AKIA{A-Z2-7:16}"]           shapes (`models.redact.shape`)
silent = ["AKIA-{A-Z:4}"]

[[key]]                               a secret that shows by the name of its key, as in `name=…`, `"name": …`, `Name: …`
id = "password"
title = "Password"
names = ["password", "pwd"]           lower-case, without `-`, `_`, `.` and brackets
within = ["password"]                 also where a longer name holds this
value = "any"                         what a value must look like: a name of `models.redact.values.VALUES`
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ContentError

FOLDER = Path(__file__).parent / "kinds"

_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]
_Text = Annotated[str, Field(min_length=1)]
_Low = Annotated[str, Field(pattern=r"^[^A-Z]+$")]
_Name = Annotated[str, Field(pattern=r"^[a-z0-9]{2,}$")]
_Some = Annotated[tuple[_Text, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Id
    title: _Text
    fires: _Some
    silent: tuple[_Text, ...] = ()


class Kind(_Strict):
    """A secret that shows by its own form."""

    match: _Text
    near: tuple[_Low, ...] = ()
    back: Annotated[int, Field(ge=0, le=128)] = 0
    at: Literal["text", "run", "digits"] = "text"
    check: str = ""


class Key(_Strict):
    """A secret that shows by the name of its key."""

    names: Annotated[tuple[_Name, ...], Field(min_length=1)]
    within: tuple[_Name, ...] = ()
    value: Literal["any", "unpath", "number", "token", "opaque", "line"]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: tuple[Kind, ...] = ()
    key: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds, in the order of the files."""

    forms: tuple[Kind, ...]
    keys: tuple[Key, ...]

    def __iter__(self) -> Iterator[Kind | Key]:
        yield from self.forms
        yield from self.keys


@cache
def kinds() -> Kinds:
    """All kinds of `models/redact/kinds/`. Raises ContentError as `read_kinds` does."""
    files = [read_kinds(path) for path in sorted(FOLDER.glob("*.toml"))]
    return Kinds(tuple(one for file in files for one in file.forms), tuple(one for file in files for one in file.keys))


def read_kinds(path: Path) -> Kinds:
    """The kinds of one file; raises ContentError `bad_content_file` (file, key, problem) when it breaks its format."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        for kind in file.kind:
            re.compile(kind.match)
    except (tomllib.TOMLDecodeError, ValidationError, re.error) as fault:
        raise ContentError("bad_content_file", file=path.name, key="", problem=str(fault)) from fault
    return Kinds(file.kind, file.key)
