"""The lying model measured: every operator on every case, each mutant checked as the product checks a reply."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from answering.model.review import Ground
from core.draft import Draft
from core.told import Told
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from eval.dataset import Case, load_cases
from eval.model.checking import checked, draft_in, ground_of
from eval.model.falsehoods import falsehoods
from eval.model.judge import Judged, judge
from eval.model.knowing import log_facts
from eval.model.oracle import truthful
from eval.model.plain_case import Opened, opened_case
from eval.model.torn import torn
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator
from models.fakes.lies.table import OPERATORS

TORN = "upload_then_shell_nginx"
"""The suite of which a torn copy is measured as well."""
UNREAD = frozenset({"basic_auth_apache", "forged_lines_nginx", "injections_apache", "odd_requests_apache"})
"""Suites with lines that `eval.model.plain_line` does not read as they are meant."""


@dataclass(frozen=True)
class Stage:
    """A case with its truthful draft, what is shown of that, and what a liar knows."""

    case: Opened
    truth: Draft
    facts: LogFacts
    ground: Ground
    honest: Told


@dataclass
class Row:
    """What became of the mutants of one operator; examples are (case, what was false, what was shown)."""

    id: str
    title: str
    decidable: Decidable
    mutants: int = 0
    equivalents: int = 0
    noticed: int = 0
    lies: list[str] = field(default_factory=list)
    misled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unnoticed: list[str] = field(default_factory=list)
    unjudged: int = 0


@contextmanager
def staged(case: Case, rules: RuleSet, scanner: Scanner, now: datetime, language: str = "en") -> Iterator[Stage]:
    """The case opened, its truth told and checked."""
    with opened_case(case, rules, scanner, now, language) as opened:
        truth, ground = truthful(opened, rules, language), ground_of(opened, language)
        yield Stage(opened, truth, log_facts(opened, truth, language), ground, checked(truth, ground))


@contextmanager
def cases_of(path: Path, names: Sequence[str] = ()) -> Iterator[tuple[Case, ...]]:
    """The suites that plain Python reads (or those of these names), and the torn one."""
    known = {one.name: one for one in load_cases(path)}
    wanted = [one for name, one in known.items() if (name in names if names else name not in UNREAD)]
    with TemporaryDirectory(prefix="akashi-torn-") as folder:
        yield (*wanted, *([torn(known[TORN], Path(folder))] if TORN in known else []))


def mutants(operator: Operator, stage: Stage, seed: int, most: int) -> list[Lie]:
    """At most so many lies of an operator about a case; the same for the same seed."""
    random = Random(f"{operator.id} {stage.case.name} {seed}")  # noqa: S311 - a choice, not a secret
    made = operator.apply(stage.truth, stage.facts, random)
    return made if len(made) <= most else random.sample(made, most)


def measure(operator: Operator, stages: Iterable[Stage], seeds: Sequence[int], most: int) -> Row:
    """All lies of an operator about these cases."""
    row = Row(operator.id, operator.title, operator.decidable)
    for stage in stages:
        for seed in seeds:
            for lie in mutants(operator, stage, seed, most):
                _count(row, stage, lie)
    return row


def _count(row: Row, stage: Stage, lie: Lie) -> None:
    draft = draft_in(lie)
    false = ["no draft"] if draft is None else falsehoods(draft, stage.truth, stage.case.plain)
    if not false:
        row.equivalents += 1
        return
    told = checked(draft, stage.ground)
    _note(row, judge(told, stage.case, draft, stage.truth, stage.honest), f"{stage.case.name}: {false[:3]}")


def _note(row: Row, judged: Judged, where: str) -> None:
    row.mutants += 1
    row.noticed += judged.noticed
    row.unjudged += len(judged.unjudged)
    for listed, found in ((row.lies, judged.lies), (row.misled, judged.misled), (row.lost, judged.lost)):
        listed += [f"{where} -> {one}" for one in found]
    if not judged.noticed:
        row.unnoticed.append(where)


def sweep(
    path: Path,
    rules: RuleSet,
    now: datetime,
    *,
    names: Sequence[str] = (),
    seeds: Sequence[int] = (1,),
    most: int = 2,
    language: str = "en",
    on_case: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Every operator on every suite below the path."""
    rows = {one.id: Row(one.id, one.title, one.decidable) for one in OPERATORS}
    scanner = Scanner(rules)
    with cases_of(path, names) as cases:
        for case in cases:
            on_case(case.name)
            with staged(case, rules, scanner, now, language) as stage:
                for operator in OPERATORS:
                    _add(rows[operator.id], measure(operator, (stage,), seeds, most))
    return list(rows.values())


def _add(row: Row, more: Row) -> None:
    for name in ("mutants", "equivalents", "noticed", "unjudged"):
        setattr(row, name, getattr(row, name) + getattr(more, name))
    for name in ("lies", "misled", "lost", "unnoticed"):
        getattr(row, name).extend(getattr(more, name))
