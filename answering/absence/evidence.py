"""What would show an attack of each type: the table `evidence.toml`, read strictly."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.errors import ContentError
from core.taxonomy import AttackType
from detection.schema import read_table

Family = Literal["access", "error", "login"]
_PATH = Path(__file__).with_name("evidence.toml")
_Name = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Way(_Strict):
    """One thing an attack can be seen by; see the head of `evidence.toml` for what the keys mean."""

    shown_in: tuple[Family, ...]
    collect: _Name
    column: str | None = None
    methods: tuple[str, ...] = ()


class Shown(_Strict):
    """What decides whether attacks of a type are absent, and what stays unseen even then: names of ways."""

    decided_by: Annotated[tuple[_Name, ...], Field(min_length=1)]
    beyond: tuple[_Name, ...]


class Evidence(_Strict):
    """The whole table."""

    way: dict[str, Way]
    type: dict[AttackType, Shown]


@cache
def evidence() -> Evidence:
    """The table that Akashi brings along."""
    return evidence_of(_PATH, read_table(_PATH))


def evidence_of(path: Path, table: dict[str, object]) -> Evidence:
    """A table as evidence; ContentError("bad_content_file", file, key, problem) for anything it may not say.

    Every attack type has its entry, and every way that is named exists.
    """
    try:
        read = Evidence.model_validate(table)
    except ValueError as error:
        raise ContentError("bad_content_file", file=path.name, key="-", problem=str(error)) from error
    for kind in AttackType:
        shown = read.type.get(kind)
        if shown is None:
            raise ContentError("bad_content_file", file=path.name, key=f"type.{kind}", problem="missing")
        for name in (*shown.decided_by, *shown.beyond):
            if name not in read.way:
                raise ContentError("bad_content_file", file=path.name, key=f"type.{kind}", problem=name)
    return read


def family_of(dataset: str) -> Family | None:
    """The family of a dataset; None for lines of no known log."""
    if dataset.endswith(".access"):
        return "access"
    if dataset.endswith((".error", ".client")):
        return "error"
    return "login" if dataset.startswith(("syslog", "auth", "linux")) else None
