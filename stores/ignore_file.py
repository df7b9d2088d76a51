"""The ignore list as a file: `ignore.toml` beside all cases and in each of them, strict, and written whole."""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ContentError, InputError
from core.ignore import IgnoreEntry
from core.match import network
from core.selector import Selector
from core.taxonomy import AttackType
from stores.disk import disk_faults

NAME = "ignore.toml"
_Text = Annotated[str, Field(min_length=1)]
_LISTS = ("ips", "types", "rules", "paths", "agents")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Strict):
    """One `[[ignore]]` table."""

    ips: tuple[_Text, ...] = ()
    types: tuple[AttackType, ...] = ()
    rules: tuple[_Text, ...] = ()
    paths: tuple[_Text, ...] = ()
    agents: tuple[_Text, ...] = ()
    reason: _Text
    author: str = ""
    expires: date


class _File(_Strict):
    ignore: tuple[_Entry, ...] = ()


def read_ignores(data_dir: Path, case_dir: Path | None) -> tuple[IgnoreEntry, ...]:
    """The entries for all cases, then those of the case.

    Raises ContentError("bad_ignore_file", file, key, problem) and what `checked_entry` raises.
    """
    own = _read(case_dir / NAME, everywhere=False) if case_dir is not None else ()
    return (*_read(data_dir / NAME, everywhere=True), *own)


def write_ignores(folder: Path, entries: Iterable[IgnoreEntry]) -> None:
    """The entries as the whole content of the folder's file; old or new is there at any instant."""
    path = folder / NAME
    with disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_text("\n".join(_table(entry) for entry in entries), encoding="utf-8")
        part.replace(path)


def checked_entry(
    selector: Selector, reason: str, author: str, expires: date, *, everywhere: bool = False
) -> IgnoreEntry:
    """The entry; whoever sends a request chooses its path and user agent, so neither may be all that is asked.

    Raises InputError: `ignore_too_wide`, `ignore_agent_alone`, `bad_network`, `ignore_without_reason`.
    """
    for text in selector.ips:
        network(text)
    if not reason.strip():
        raise InputError("ignore_without_reason")
    if not (selector.ips or selector.types or selector.rules):
        raise InputError("ignore_too_wide")
    if selector.agent_contains and not selector.ips:
        raise InputError("ignore_agent_alone")
    facts = (selector.ips, selector.types, selector.rules, selector.paths, selector.agent_contains, reason, author)
    digest = hashlib.sha256(json.dumps([*facts, expires.isoformat(), everywhere]).encode()).hexdigest()
    return IgnoreEntry(digest[:6], selector, reason, author, expires, everywhere)


def _read(path: Path, *, everywhere: bool) -> tuple[IgnoreEntry, ...]:
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ContentError("rule_unreadable", file=str(path), problem=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError("rule_not_toml", file=str(path), problem=str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError("bad_ignore_file", file=str(path), key=key, problem=first["msg"]) from error
    return tuple(
        checked_entry(
            Selector(ips=one.ips, types=one.types, rules=one.rules, paths=one.paths, agent_contains=one.agents),
            one.reason,
            one.author,
            one.expires,
            everywhere=everywhere,
        )
        for one in file.ignore
    )


def _table(entry: IgnoreEntry) -> str:
    """The entry as TOML; a JSON string without DEL is a TOML string."""
    selector = entry.selector
    values = (selector.ips, selector.types, selector.rules, selector.paths, selector.agent_contains)
    lists = [f"{name} = {_json(list(value))}" for name, value in zip(_LISTS, values, strict=True) if value]
    texts = [f"reason = {_json(entry.reason)}", f"author = {_json(entry.author)}"]
    return "\n".join(["[[ignore]]", *lists, *texts, f"expires = {entry.expires.isoformat()}", ""])


def _json(value: str | Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f")
