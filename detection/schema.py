"""The strict file formats of rules, behaviours and known clients: an unknown key is an error that names its place."""

import tomllib
from datetime import date
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


class AlsoFile(_Strict):
    """What the same line must show as well (or, `absent`, must not show), in any of these fields."""

    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    match: Annotated[tuple[_Text, ...], Field(min_length=1)]
    absent: bool = False


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
    also: tuple[AlsoFile, ...] = ()
    supporting: bool = False
    yields_to: tuple[_Text, ...] = ()
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
    named_user: bool = False


_Key = Literal["source.ip", "user.name", "url.original", "url.path", "url.domain", "http.request.method"]


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
    repeats: Annotated[int, Field(ge=0)] = 0
    share: Annotated[float, Field(gt=0, le=1)] = 0.2
    except_urls: tuple[_Text, ...] = ()
    besides: tuple[AttackType, ...] = ()
    mixed: tuple[AttackType, ...] = ()
    then_without: tuple[_Text, ...] = ()
    attack: Annotated[tuple[_Technique, ...], Field(min_length=1)]
    references: tuple[_Text, ...] = ()
    known_gaps: _Text


class BenignFile(_Strict):
    """One file of known clients: by the name they give themselves, by their networks, or by both."""

    class Client(_Strict):
        """One client; without `agent` everything from its networks is its own."""

        name: _Text
        agent: _Text | None = None
        networks: tuple[_Text, ...] = ()
        source: _Text

    client: tuple[Client, ...]


class RangesFile(_Strict):
    """Address ranges that clients publish, dated: whoever takes the name must come from there."""

    class Ranges(_Strict):
        """Ranges of one client; `date` is the day they were published."""

        name: _Text
        networks: Annotated[tuple[_Text, ...], Field(min_length=1)]

    source: _Text
    date: date
    licence: _Text
    ranges: Annotated[tuple[Ranges, ...], Field(min_length=1)]


_File = TypeVar("_File", bound=_Strict)


def read(path: Path, model: type[_File]) -> _File:
    """Load one file; raises ContentError as `read_table` and `checked` do."""
    return checked(path, read_table(path), model)


def read_table(path: Path) -> dict[str, object]:
    """The top-level table of a TOML file; raises ContentError("rule_not_toml", file, problem)."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError("rule_not_toml", file=str(path), problem=str(error)) from error
    except OSError as error:
        raise ContentError("rule_unreadable", file=str(path), problem=error.strerror) from error


def checked(path: Path, table: dict[str, object], model: type[_File]) -> _File:
    """The table as that kind of file.

    Raises ContentError with file and key: `rule_unknown_key` (known), `rule_key_missing`, `rule_bad_value` (problem).
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise _refusal(path, error, model) from error


def _refusal(path: Path, error: ValidationError, model: type[_File]) -> ContentError:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = tuple(model.model_fields) if len(first["loc"]) == 1 else ()
        return ContentError("rule_unknown_key", file=str(path), key=key, known=known)
    if first["type"] == "missing":
        return ContentError("rule_key_missing", file=str(path), key=key)
    return ContentError("rule_bad_value", file=str(path), key=key, problem=first["msg"])
