"""The strict file formats of rules, behaviours and known clients: an unknown key is an error that names its place."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ContentError
from core.taxonomy import AttackType, Level

_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
_Text = Annotated[str, Field(min_length=1)]
_Technique = Annotated[str, Field(pattern=r"^T\d{4}(\.\d{3})?$")]
_Codes = tuple[Annotated[int, Field(ge=100, le=999)], Annotated[int, Field(ge=100, le=999)]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """What the rule is called, in both languages."""

    en: _Text
    ja: _Text


class WhereFile(_Strict):
    """Conditions on method and status."""

    methods: tuple[_Text, ...] = ()
    status: tuple[_Codes, ...] = ()


class RuleFile(_Strict):
    """One rule file."""

    id: _Id
    version: Annotated[int, Field(ge=1)] = 1
    type: AttackType
    level: Level
    title: Title
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    match: Annotated[tuple[_Text, ...], Field(min_length=1)]
    all: tuple[_Text, ...] = ()
    unless: tuple[_Text, ...] = ()
    confirm: _Text | None = None
    where: WhereFile = WhereFile()
    supporting: bool = False
    attack: Annotated[tuple[_Technique, ...], Field(min_length=1)]
    references: tuple[_Text, ...] = ()
    known_gaps: _Text
    fires: tuple[_Text, ...] = ()
    silent: tuple[_Text, ...] = ()


class SelectFile(_Strict):
    """The part of `core.selector.Selector` that a behaviour can state."""

    types: tuple[AttackType, ...] = ()
    rules: tuple[_Id, ...] = ()
    methods: tuple[_Text, ...] = ()
    status: tuple[_Codes, ...] = ()
    url_contains: tuple[_Text, ...] = ()
    agent_contains: tuple[_Text, ...] = ()
    actions: tuple[_Text, ...] = ()
    datasets: tuple[_Text, ...] = ()


_Key = Literal["source.ip", "user.name", "url.original", "url.path", "url.domain"]


class BehaviourFile(_Strict):
    """One behaviour file."""

    id: _Id
    version: Annotated[int, Field(ge=1)] = 1
    type: AttackType
    level: Level
    title: Title
    mode: Literal["session", "burst", "sequence", "run"]
    select: SelectFile
    then: SelectFile | None = None
    relief: SelectFile | None = None
    key: _Key = "source.ip"
    lines: Annotated[int, Field(ge=1)]
    gap_seconds: Annotated[int, Field(ge=1)] = 60
    window_seconds: Annotated[int, Field(ge=1)] = 60
    within_seconds: Annotated[int, Field(ge=1)] = 600
    distinct: _Key | None = None
    values: Annotated[int, Field(ge=0)] = 0
    tries: Annotated[int, Field(ge=0)] = 0
    share: Annotated[float, Field(gt=0, le=1)] = 0.2
    except_urls: tuple[_Text, ...] = ()
    besides: tuple[AttackType, ...] = ()
    mixed: tuple[AttackType, ...] = ()
    attack: Annotated[tuple[_Technique, ...], Field(min_length=1)]
    references: tuple[_Text, ...] = ()
    known_gaps: _Text


class BenignFile(_Strict):
    """One file of known clients."""

    class Client(_Strict):
        """One client that names itself."""

        name: _Text
        agent: _Text
        networks: tuple[_Text, ...] = ()
        source: _Text

    client: tuple[Client, ...]


_File = TypeVar("_File", bound=_Strict)


def read(path: Path, model: type[_File]) -> _File:
    """Load one file; raises ContentError("bad_content_file", file, key, problem)."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError("bad_content_file", file=path.name, key="", problem=str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError("bad_content_file", file=path.name, key=key, problem=first["msg"]) from error
