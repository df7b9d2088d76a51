"""The `.env` file of the working directory: names and values, read strictly and never handed to other programs."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.errors import AkashiError, InputError

NAME = ".env"
_SETTING = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)")
_QUOTED = re.compile(r"""("|')(.*)\1[ \t]*(?:#.*)?""")
_COMMENT = re.compile(r"(?:^|[ \t]+)#.*")
_LARGEST = 64 * 1024


def read_env_file(path: Path) -> tuple[Mapping[str, str], AkashiError | None]:
    """Its settings, and the refusal of the first line that is none; nothing when there is no such file.

    `NAME=value`, `export NAME=value`, comments behind ` #`; a value in single or double quotes is taken as it stands.
    Nothing is expanded or escaped. A refusal names the line's number, never what stands in it: that may be a key.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= _LARGEST else b"too large"
        lines = content.decode("utf-8-sig").split("\n")
    except FileNotFoundError:
        return {}, None
    except (OSError, UnicodeDecodeError):
        return {}, InputError("env_file_unreadable", path=str(path))
    found: dict[str, str] = {}
    faults: list[AkashiError] = []
    for number, line in _lines(lines):
        setting = _SETTING.fullmatch(line)
        value = _value(setting[2]) if setting is not None else None
        if setting is None or value is None:
            faults.append(InputError("bad_env_line", path=str(path), line=number))
        else:
            found[setting[1]] = value
    return found, faults[0] if faults else None


def _lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Those that are neither blank nor a comment."""
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield number, bare


def _value(written: str) -> str | None:
    """What is set; None for a quote that does not end."""
    if written[:1] in {'"', "'"}:
        quoted = _QUOTED.fullmatch(written)
        return quoted[2] if quoted is not None and quoted[1] not in quoted[2] else None
    return _COMMENT.sub("", written).strip()
