"""A case made harder to read: characters at which other programs break lines, and lines that nothing can read."""

from dataclasses import replace
from pathlib import Path

from eval.dataset import Case

_BREAKS = (b"\x0b", b"\x0c", b"\r", "\u2028".encode(), "\x85".encode())
_UNREADABLE = b"%% neither a request nor a message %%"
_EVERY = 12


def torn(case: Case, folder: Path) -> Case:
    """The same case under another name, its files written into the folder."""
    logs = folder / "logs"
    logs.mkdir(parents=True)
    files = []
    for name, path in case.files:
        made = logs / name
        made.write_bytes(b"".join(line + b"\n" for line in _torn(path.read_bytes().removesuffix(b"\n").split(b"\n"))))
        files.append((name, made))
    return replace(case, name=f"{case.name}_torn", files=tuple(files))


def _torn(lines: list[bytes]) -> list[bytes]:
    """A break in the user agent of every twelfth line, and an unreadable line after it."""
    made: list[bytes] = []
    for number, line in enumerate(lines):
        if number % _EVERY:
            made.append(line)
        else:
            made.append(line.replace(b"Mozilla", b"Moz" + _BREAKS[number // _EVERY % len(_BREAKS)] + b"illa"))
            made.append(_UNREADABLE)
    return made
