"""Questions about the labelled incidents of a case, in both languages, each with the lines it asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from pathlib import Path
from tomllib import loads

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import ContentError
from core.selector import Selector
from core.taxonomy import AttackType
from eval.dataset import FileLine, Incident, Truth

WORDINGS = Path(__file__).with_name("retrieval_questions.toml")
LANGUAGES = ("en", "ja")
AROUND = timedelta(minutes=30)
"""A question that names a time means the half hours before and after it."""


class Hint(StrEnum):
    """What a question says beside what it looks for."""

    PLAIN = "plain"
    IP = "ip"
    TIME = "time"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Sentences = tuple[str, ...]


class Sentence(_Strict):
    """Sentences of one language by hint, with their open places."""

    plain: Sentences = Field(min_length=6)
    ip: Sentences = Field(min_length=1)
    time: Sentences = Field(min_length=1)

    @model_validator(mode="after")
    def _has_its_places(self) -> "Sentence":
        for hint in Hint:
            for sentence in getattr(self, hint):
                named = {"what"} if hint is Hint.PLAIN else {"what", str(hint)}
                if {part for part in ("what", "ip", "time") if f"{{{part}}}" in sentence} != named:
                    raise ValueError(f"{sentence!r} must name {sorted(named)}")
        return self


class What(_Strict):
    """What a type is called, in both languages."""

    en: Sentences = Field(min_length=2)
    ja: Sentences = Field(min_length=2)


class Wordings(_Strict):
    """The file of sentences and names; every attack type has names."""

    en: Sentence
    ja: Sentence
    what: dict[AttackType, What]

    @model_validator(mode="after")
    def _names_all(self) -> "Wordings":
        if set(self.what) != set(AttackType):
            raise ValueError(f"no names for {sorted(set(AttackType) - set(self.what))}")
        return self


@cache
def wordings(path: Path = WORDINGS) -> Wordings:
    """The sentences; `ContentError("bad_content_file")` for a file that breaks its schema."""
    try:
        return Wordings.model_validate(loads(path.read_text(encoding="utf-8")))
    except (ValidationError, ValueError) as error:
        raise ContentError("bad_content_file", file=path.name, key="", problem=str(error)) from error


@dataclass(frozen=True, slots=True)
class Line:
    """Where and when a labelled line is, as far as the line says."""

    ip: str | None
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `selector` is what a planner makes of its hint. `relevant` lines are those asked for.

    `neutral` lines are right as well, but nobody need find them: a fair judge counts their type as the one asked for.
    """

    text: str
    language: str
    hint: Hint
    type: str
    selector: Selector
    relevant: frozenset[FileLine]
    neutral: frozenset[FileLine]


def questions_about(truth: Truth, lines: Mapping[FileLine, Line], offset: int) -> Iterator[Asked]:
    """Every question about every incident; a type outside the taxonomy has no names, hence no questions.

    A question without a hint asks for all incidents of its type: nothing in it tells them apart. It is asked once.
    `lines` are those of the incidents; times are asked for in the zone `offset` seconds east of UTC.
    """
    known = set(AttackType)
    for kind in sorted({one.type for one in truth.incidents} & known):
        same = [one for one in truth.incidents if one.type == kind]
        neutral = frozenset(
            ref for one in truth.incidents if one.type != kind and one.accepts(kind) for ref in one.refs()
        )
        everything = frozenset(ref for one in same for ref in one.refs())
        yield from _worded(kind, Hint.PLAIN, Selector(), everything, neutral)
        for incident in same:
            yield from _hinted(kind, incident, everything, neutral, lines, offset)


def _hinted(
    kind: str,
    incident: Incident,
    everything: frozenset[FileLine],
    neutral: frozenset[FileLine],
    lines: Mapping[FileLine, Line],
    offset: int,
) -> Iterator[Asked]:
    """One address of the incident, and its first minute, as hints."""
    mine = incident.refs()
    for ip in sorted(incident.source_ips)[:1]:
        relevant = frozenset(ref for ref in everything if lines[ref].ip == ip)
        yield from _worded(kind, Hint.IP, Selector(ips=(ip,)), relevant, neutral, ip=ip)
    times = sorted(time for ref in mine if (time := lines[ref].time) is not None)
    for first in times[:1]:
        minute = first.replace(second=0, microsecond=0)
        window = Selector(since=minute - AROUND, until=minute + AROUND)
        relevant = frozenset(ref for ref in everything if within(window, lines[ref].time))
        written = minute.astimezone(timezone(timedelta(seconds=offset))).strftime("%Y-%m-%d %H:%M")
        yield from _worded(kind, Hint.TIME, window, relevant, neutral, time=written)


def within(window: Selector, time: datetime | None) -> bool:
    """Whether the time is in the selector's window; a line without a time is in none."""
    return (
        time is not None
        and (window.since is None or window.since <= time)
        and (window.until is None or time < window.until)
    )


def _worded(
    kind: str, hint: Hint, selector: Selector, relevant: frozenset[FileLine], neutral: frozenset[FileLine], **said: str
) -> Iterator[Asked]:
    if not relevant:
        return
    file = wordings()
    for language in LANGUAGES:
        names: Sentences = getattr(file.what[AttackType(kind)], language)
        sentences: Sentences = getattr(getattr(file, language), hint)
        for place, sentence in enumerate(sentences):
            text = sentence.format(what=names[place % len(names)], **said)
            yield Asked(text, language, hint, kind, selector, relevant, neutral - relevant)
