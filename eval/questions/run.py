"""Ask every question of a suite in every wording: a case is read once, opened once, and the product's `ask` answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from answering.ask import ask, exchange_of
from answering.open_case import OpenCase
from core.answer import Answer
from core.errors import InputError
from core.plan import CaseFacts, Exchange, Plan
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from eval.dataset import Case, load_cases
from eval.questions.judge import judge
from eval.questions.schema import FILE, Question, Wording, load_questions
from eval.questions.scores import Asked, QuestionReport, QuestionScore
from eval.run import read_case
from stores.cases import Cases
from stores.lake import Lake

Watch = Callable[[], float]
"""Seconds from any moment."""

OnCase = Callable[[str, int, int], None]

Planner = Callable[[Question, Wording, CaseFacts, Sequence[Exchange]], Plan | None]
"""Who plans in place of the built-in planner; None: nobody does."""


def nobody(_question: Question, _wording: Wording, _facts: CaseFacts, _history: Sequence[Exchange]) -> None:
    """The built-in planner is asked."""


def ask_suite(
    path: Path,
    rules: RuleSet,
    *,
    now: datetime,
    watch: Watch = perf_counter,
    on_case: OnCase = lambda *_: None,
    planner: Planner = nobody,
) -> QuestionReport:
    """Ask all questions of one case or of a folder of cases; `on_case` hears (name, index from 0, cases) before each.

    `planner` plans the questions themselves; those that come before one of them are planned by the built-in planner.

    Raises InputError (`unknown_path`, `no_case`, `case_without_logs`, `case_unreadable`, `no_questions`) or
    ContentError (`bad_truth`, `bad_questions`).
    """
    asked = [(case, load_questions(_folder(path, case), case.name)) for case in load_cases(path)]
    asked = [(case, questions) for case, questions in asked if questions]
    if not asked:
        raise InputError("no_questions", path=str(path), file=FILE)
    scanner = Scanner(rules)
    scores: list[QuestionScore] = []
    for index, (case, questions) in enumerate(asked):
        on_case(case.name, index, len(asked))
        scores += _ask_case(case, questions, rules, scanner, now, watch, planner)
    return QuestionReport(path.resolve().name, tuple(scores))


def _folder(path: Path, case: Case) -> Path:
    return path if (path / "truth.json").is_file() else path / case.name


def _ask_case(
    case: Case,
    questions: Sequence[Question],
    rules: RuleSet,
    scanner: Scanner,
    now: datetime,
    watch: Watch,
    planner: Planner,
) -> list[QuestionScore]:
    with TemporaryDirectory(prefix="akashi-eval-") as folder:
        case_dir = Cases(Path(folder)).create("case")
        read_case(case, case_dir, scanner, now)
        with OpenCase(Lake.open(case_dir), rules, scanner, case=case.name, now=now) as opened:
            return [_ask_question(case.name, question, opened, watch, planner) for question in questions]


def _ask_question(case: str, question: Question, opened: OpenCase, watch: Watch, planner: Planner) -> QuestionScore:
    history: tuple[Exchange, ...] = ()
    for earlier in question.history:
        history = (*history, exchange_of(_ask(earlier, opened, history)))
    return QuestionScore(
        case, question, tuple(_timed(question, one, opened, history, watch, planner) for one in question.wordings)
    )


def _timed(
    question: Question,
    wording: Wording,
    opened: OpenCase,
    history: Sequence[Exchange],
    watch: Watch,
    planner: Planner,
) -> Asked:
    begun = watch()
    answer = _ask(wording.question, opened, history, planner(question, wording, opened.facts, history))
    seconds = watch() - begun
    return Asked(wording, judge(answer, question.expect), seconds)


def _ask(question: str, opened: OpenCase, history: Sequence[Exchange], plan: Plan | None = None) -> Answer:
    return ask(question, opened, history, retriever=None, plan=plan)
