"""Labelled cases on disk: a folder with `logs/` and a strict `truth.json`, or a folder of such folders."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from core.errors import ContentError, InputError
from core.taxonomy import AttackType, Outcome

ANY_ATTACK = "any_attack"
OUT_OF_TAXONOMY = "oot:"
_TYPES = frozenset(AttackType)

FileLine = tuple[str, int]
"""A physical line of a case: file name relative to `logs/` with `/`, 1-based line number."""


def _known_type(name: str) -> str:
    if name in _TYPES or (name.startswith(OUT_OF_TAXONOMY) and len(name) > len(OUT_OF_TAXONOMY)):
        return name
    raise ValueError(f"neither an attack type nor {OUT_OF_TAXONOMY}<name>")


def _accepted_type(name: str) -> str:
    return name if name == ANY_ATTACK else _known_type(name)


LineNumber = Annotated[int, Field(ge=1)]
LinesByFile = dict[str, tuple[LineNumber, ...]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Incident(_Strict):
    """One labelled attack: `type` happened on `lines`; a report naming a type in `accept` instead is right as well.

    An absent `count`, `outcome` or `source_ips` is not measured (no data), never read as zero.
    """

    type: Annotated[str, AfterValidator(_known_type)]
    accept: tuple[Annotated[str, AfterValidator(_accepted_type)], ...] = ()
    source_ips: tuple[str, ...] = ()
    lines: LinesByFile
    count: Annotated[int, Field(ge=0)] | None = None
    outcome: Outcome | None = None

    def accepts(self, reported: str) -> bool:
        """Whether a report of this type counts as right for the incident."""
        return reported == self.type or reported in self.accept or ANY_ATTACK in self.accept

    def refs(self) -> frozenset[FileLine]:
        """The incident's lines as (file, line) pairs."""
        return frozenset((name, line) for name, lines in self.lines.items() for line in lines)


class Truth(_Strict):
    """What `truth.json` holds; `unlabelled` says what every line is that nothing else names."""

    source: str = ""
    licence: str = ""
    format: str = ""
    incidents: tuple[Incident, ...] = ()
    benign_lines: LinesByFile = Field(default_factory=dict)
    unlabelled: Literal["benign", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled case: `files` are the paths under `logs/`, sorted, by the relative name that the truth uses."""

    name: str
    truth: Truth
    files: tuple[tuple[str, Path], ...]


def load_cases(path: Path) -> tuple[Case, ...]:
    """Load one case, or every case in the folders directly below `path`, in name order.

    Raises InputError (`unknown_path`, `no_case`, `case_without_logs`) or ContentError (`bad_truth`).
    """
    if not path.is_dir():
        raise InputError("unknown_path", path=str(path))
    if (path / "truth.json").is_file():
        return (_load_case(path),)
    folders = sorted(folder for folder in path.iterdir() if (folder / "truth.json").is_file())
    if not folders:
        raise InputError("no_case", path=str(path))
    return tuple(_load_case(folder) for folder in folders)


def _load_case(folder: Path) -> Case:
    truth = parse_truth((folder / "truth.json").read_bytes(), folder.name)
    logs = folder / "logs"
    files = sorted(path for path in logs.rglob("*") if path.is_file()) if logs.is_dir() else []
    if not files:
        raise InputError("case_without_logs", case=folder.name)
    named = tuple((path.relative_to(logs).as_posix(), path) for path in files)
    _check_names(truth, {name for name, _ in named}, folder.name)
    return Case(folder.name, truth, named)


def parse_truth(text: bytes, case: str) -> Truth:
    """Read a truth file; an unknown key, type or outcome is ContentError `bad_truth`."""
    try:
        return Truth.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContentError("bad_truth", case=case, where=where, problem=first["msg"]) from error


def _check_names(truth: Truth, known: set[str], case: str) -> None:
    labelled = [truth.benign_lines, *(incident.lines for incident in truth.incidents)]
    for name in sorted({name for lines in labelled for name in lines} - known):
        raise ContentError("bad_truth", case=case, where=name, problem="no such file under logs/")
