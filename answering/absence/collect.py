"""What to collect to know more: the table `collect.toml`, read strictly, and the choice for the software at hand."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from answering.web_servers import WEB_SERVERS, web_servers
from core.errors import ContentError
from core.part import Missing
from core.source import Source
from detection.schema import read_table

_PATH = Path(__file__).with_name("collect.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Collect(_Strict):
    """One piece of configuration for one product."""

    code: Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]
    software: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    snippet: Annotated[str, Field(min_length=1)]


class CollectFile(_Strict):
    """The whole table."""

    collect: tuple[Collect, ...]


@cache
def collectable() -> tuple[Collect, ...]:
    """Everything that can be advised; ContentError("bad_content_file", file, key, problem) for a broken table."""
    try:
        return CollectFile.model_validate(read_table(_PATH)).collect
    except ValueError as error:
        raise ContentError("bad_content_file", file=_PATH.name, key="-", problem=str(error)) from error


def missing_of(codes: Iterable[str], sources: Iterable[Source]) -> tuple[Missing, ...]:
    """The configuration for these codes, in their order; of the web servers, only those that the sources are of."""
    seen = web_servers(sources) or WEB_SERVERS
    unseen = frozenset(WEB_SERVERS).difference(seen)
    return tuple(
        Missing(one.code, one.software, one.snippet) for code in dict.fromkeys(codes) for one in _of(code, unseen)
    )


def _of(code: str, unseen: frozenset[str]) -> list[Collect]:
    """All entries of a code but those for other web servers, unless there are no others."""
    every = [one for one in collectable() if one.code == code]
    return [one for one in every if one.software not in unseen] or every
