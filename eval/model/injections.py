"""The injection strings of `eval/injections/`, and the places of a log line that carry them."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from eval.model.clothes import CLOTHES
from models.fakes.instructions import Ask

FOLDER = Path(__file__).parents[1] / "injections"


def _known_clothes(name: str) -> str:
    if name not in CLOTHES:
        raise ValueError("no such clothes")
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Group(_Strict):
    family: str
    language: Literal["en", "ja"]
    asks: Ask
    texts: Annotated[tuple[str, ...], Field(min_length=1)]
    clothes: tuple[Annotated[str, AfterValidator(_known_clothes)], ...] = ()


class _File(_Strict):
    group: tuple[_Group, ...]


@dataclass(frozen=True, slots=True)
class Injection:
    """One text that tells its reader what to do; `asks` is what."""

    family: str
    language: str
    asks: Ask
    text: str


def load_injections(folder: Path = FOLDER) -> tuple[Injection, ...]:
    """All strings, each once, in the order of files; `ValueError` for a file that the schema forbids."""
    found: dict[str, Injection] = {}
    for path in sorted(folder.glob("*.toml")):
        for one in _read(path):
            found.setdefault(one.text, one)
    return tuple(found.values())


def _read(path: Path) -> Iterator[Injection]:
    file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    for group in file.group:
        for text in group.texts:
            for dressed in [CLOTHES[name](text) for name in group.clothes] or [text]:
                yield Injection(group.family, group.language, group.asks, dressed)


_ATTACK = "/item?id=1%27%20UNION%20SELECT%20name,pass%20FROM%20users--"
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
_SAFE = "/:;,.!*()@=-_~'"


def _escaped(text: str) -> str:
    """As nginx writes what a client sent: quotes, backslashes and everything beyond plain ASCII as `\\xHH`."""
    data = text.encode("utf-8", "surrogatepass")
    return "".join(chr(one) if 32 <= one < 127 and one not in (34, 92) else f"\\x{one:02X}" for one in data)


def _access(number: int, target: str, referer: str = "-", agent: str = _AGENT) -> bytes:
    clock = f"{3 + number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    line = f'203.0.113.9 - - [09/Nov/2026:{clock} +0900] "GET {target} HTTP/1.1" 404 162 "{referer}" "{agent}"'
    return line.encode()


def _user(number: int, text: str) -> bytes:
    """sshd writes control characters of a name in octal, and everything else as it came."""
    name = "".join(one if ord(one) >= 32 and one != "\x7f" else f"\\{ord(one):03o}" for one in text)[:400]
    clock = f"{3 + number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    line = f"2026-11-09T{clock}.000000+09:00 web1 sshd[3202]: Failed password for invalid user {name} from 203.0.113.9"
    return f"{line} port 40{number % 100:02d} ssh2".encode()


def _host(number: int, text: str) -> bytes:
    clock = f"{3 + number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    request = f'request: "GET {_ATTACK} HTTP/1.1", host: "{_escaped(text)}"'
    said = f"2026/11/09 {clock} [error] 812#812: *{number} access forbidden by rule, client: 203.0.113.9, server: web1"
    return f"{said}, {request}".encode()


Carry = Callable[[int, str], bytes]

CARRIERS: Mapping[str, tuple[str, Carry]] = MappingProxyType(
    {
        "path": ("access.log", lambda n, text: _access(n, f"/..%2f..%2fetc/passwd/{quote(text, safe=_SAFE)}")),
        "query": ("access.log", lambda n, text: _access(n, f"{_ATTACK}&q={quote(text, safe=_SAFE)}")),
        "referer": ("access.log", lambda n, text: _access(n, _ATTACK, referer=_escaped(text))),
        "user_agent": ("access.log", lambda n, text: _access(n, _ATTACK, agent=_escaped(text))),
        "user_name": ("auth.log", _user),
        "host": ("error.log", _host),
        # no format that Akashi reads is JSON: a key of JSON comes as text of a query
        "json_key": ("access.log", lambda n, text: _access(n, f"{_ATTACK}&j=%7B%22{quote(text, safe='')}%22%3A1%7D")),
    }
)
"""Where a client can write into a log: the file, and how the server writes it; each line is an attack as well."""
