"""What `questions.jsonl` of a case holds: one question a line, its wordings, and what is true of the answer."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from core.dimension import Dimension
from core.errors import ContentError
from core.plan import Operation
from core.taxonomy import AttackType, Outcome

FILE = "questions.jsonl"
ANY = "any"
"""In place of a list of types: attack lines of whatever type."""

Language = Literal["ja", "en", "mixed"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Strict):
    """One way to ask; `language` is what it is written in, not what the planner takes it for."""

    language: Language
    question: Annotated[str, Field(min_length=1)]


class Picked(_Strict):
    """All conditions that the question puts on the lines; names and meanings of `core.selector.Selector`.

    `paths` and `url_contains` are one condition to a reader of the question: either may be planned for the other.
    """

    ips: tuple[str, ...] = ()
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    types: tuple[AttackType, ...] | Literal["any"] = ()
    rules: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    status_codes: tuple[tuple[int, int], ...] = ()
    paths: tuple[str, ...] = ()
    agent_contains: tuple[str, ...] = ()
    user_contains: tuple[str, ...] = ()
    referrer_contains: tuple[str, ...] = ()
    raw_contains: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


class Planned(_Strict):
    """What the plan has to say: the whole selector, and of the rest what is named here."""

    selector: Picked = Picked()
    without: tuple[Picked, ...] | None = None
    against: Picked | None = None
    by: Dimension | None = None
    limit: int | None = None
    outcomes: tuple[Outcome, ...] | None = None


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Named = Annotated[tuple[AttackType, ...], BeforeValidator(_one_or_more)]
"""The types by which something may be called: its own first, then those that the labels accept."""


class Values(_Strict):
    """Facts that verified claims of the answer have to state, from the labels or counted by hand in the raw lines.

    `count` are lines; `top` is the beginning of the list, and its order counts; `ips` are the whole set. `counts` and
    `outcome` are by attack type and may leave types out. `types` has an entry for everything that happened: the types
    by which it may be named; no other type may be said. `busiest` is the fullest bucket of a timeline, of equally full
    ones the earliest. `compare` are (lines of the one, lines of the other). `blocked` are all addresses of the block
    rules.
    """

    count: int | None = None
    distinct: int | None = None
    top: tuple[tuple[str, int], ...] | None = None
    first: AwareDatetime | None = None
    last: AwareDatetime | None = None
    busiest: tuple[AwareDatetime, int] | None = None
    compare: tuple[int, int] | None = None
    ips: tuple[str, ...] | None = None
    types: tuple[Named, ...] | None = None
    counts: dict[AttackType, int] | None = None
    outcome: dict[AttackType, Outcome] | None = None
    blocked: tuple[str, ...] | None = None


class Expected(_Strict):
    """What a right answer is; `operation` may name several that do. `absent` says what "nothing" has to mean."""

    operation: Annotated[tuple[Operation, ...], BeforeValidator(_one_or_more)] = ()
    plan: Planned | None = None
    values: Values = Values()
    absent: Literal[True, "unknown"] | None = None
    not_understood: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "Expected":
        if self.not_understood == bool(self.operation):
            raise ValueError("either an operation, or not_understood")
        return self


class Question(_Strict):
    """One question of a case; all its wordings ask the same, after the same earlier questions (oldest first)."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    language: Language
    question: Annotated[str, Field(min_length=1)]
    paraphrases: tuple[Wording, ...]
    history: tuple[str, ...] = ()
    expect: Expected

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The question itself first, then its paraphrases."""
        return (Wording(language=self.language, question=self.question), *self.paraphrases)


def load_questions(folder: Path, case: str) -> tuple[Question, ...]:
    """The questions of the case in `folder`; none where it has no such file.

    Raises ContentError (`bad_questions`) with the case, the line (1-based) and what is wrong there.
    """
    path = folder / FILE
    return parse_questions(path.read_bytes(), case) if path.is_file() else ()


def parse_questions(text: bytes, case: str) -> tuple[Question, ...]:
    """Read a question file; an unknown key, a wrong value, an id that occurs twice: ContentError `bad_questions`."""
    read = tuple(_lines(text, case))
    ids = Counter(question.id for _, question in read)
    for line, question in read:
        if ids[question.id] > 1:
            raise ContentError("bad_questions", case=case, line=line, problem=f"id: {question.id} occurs twice")
    return tuple(question for _, question in read)


def _lines(text: bytes, case: str) -> Iterator[tuple[int, Question]]:
    for number, line in enumerate(text.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, Question.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            problem = f"{where}: {first['msg']}" if where else first["msg"]
            raise ContentError("bad_questions", case=case, line=number, problem=problem) from error
