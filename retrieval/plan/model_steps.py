"""From what a model wrote to steps that may be run: the rules of a plan by hand, and no name that nobody typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.action import Action
from core.dimension import SECONDS
from core.draft_plan import DraftPlan, DraftStep
from core.draft_selector import DraftFilter, selector_of
from core.line import SourceId
from core.plan import Operation, Step
from core.selector import Selector
from core.taxonomy import AttackType
from core.told import Struck
from retrieval.plan.canonical import BY_OUTCOME, MOST_ROWS, canonical
from retrieval.plan.compose import MOST_STEPS
from retrieval.plan.entities import canonical_ip
from retrieval.plan.model_names import KINDS, Names

FOREIGN_NAME = "foreign_name"
"""Of a step that was left out: it names something that nobody typed and no answer showed (`struck.<code>`)."""

MOST_VALUES = 100
"""Values of one condition; a question that names more than its plan can show is none."""

MOST_WORDS = 200
"""Characters of what is searched for or explained."""

_CODES = range(100, 1000)


class PlanRefusedError(ValueError):
    """A plan that nobody may run; `problem` is a code of why: never a word of the model."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan may speak of: the names of the conversation, and the case's sources by name and by label."""

    names: Names
    sources: Mapping[str, SourceId]
    datasets: Sequence[str]


def steps_of(draft: DraftPlan, known: Known) -> tuple[tuple[Step, ...], tuple[Struck, ...]]:
    """The canonical steps, equal ones once, and what was left out of the draft for a name that is foreign to it.

    Raises `PlanRefusedError` for a plan that breaks a rule: then nothing of it is run, for a plan without one of its
    steps or conditions would answer another question.
    """
    if len(draft.steps) > MOST_STEPS:
        raise PlanRefusedError("too_many_steps")
    found: dict[Step, None] = {}
    struck: dict[Struck, None] = {}
    for step in (_step(one, known) for one in draft.steps):
        names = [name for side in _sides(step) for name in known.names.foreign(side)]
        struck |= dict.fromkeys(Struck(FOREIGN_NAME, name[:MOST_WORDS]) for name in names)
        if not names:
            found[canonical(_explained(step))] = None
    return tuple(found), tuple(struck)


def _step(draft: DraftStep, known: Known) -> Step:
    step = Step(
        operation=draft.operation,
        selector=_selector(draft.selector, known),
        by=draft.by,
        limit=draft.limit,
        against=None if draft.against is None else _selector(draft.against, known),
        outcomes=tuple(draft.outcomes),
        newest=draft.newest,
        words=known.names.meant(draft.words.strip()),
    )
    for problem in (*_problems(step), *(one for side in _sides(step) for one in _unusable(side, known))):
        raise PlanRefusedError(problem)
    return step


def _selector(draft: DraftFilter, known: Known) -> Selector:
    lists = [value for one in (draft, *getattr(draft, "without", ())) for _, value in one if isinstance(value, list)]
    if any(len(value) > MOST_VALUES for value in lists):
        raise PlanRefusedError("too_many_values")
    if not set(draft.sources).union(*(one.sources for one in getattr(draft, "without", ()))) <= set(known.sources):
        raise PlanRefusedError("unknown_source")
    try:
        return known.names.unmasked(selector_of(draft, known.sources))
    except (ValueError, OverflowError) as error:
        raise PlanRefusedError("bad_time") from error


def _problems(step: Step) -> Iterator[str]:
    """What is wrong with a step beside its lines; a condition that an operation cannot keep to is never dropped."""
    operation = step.operation
    wrong = {
        "by_missing": operation is Operation.TOP and step.by is None,
        "bad_width": operation is Operation.TIMELINE and step.by is not None and step.by not in SECONDS,
        "bad_limit": step.limit is not None and not 1 <= step.limit <= MOST_ROWS,
        "against_missing": operation is Operation.COMPARE and step.against is None,
        "against_unused": operation is not Operation.COMPARE and step.against is not None,
        "outcomes_unused": operation not in BY_OUTCOME and bool(step.outcomes),
        "words_missing": not step.words and operation is Operation.SEARCH,
        "nothing_to_explain": operation is Operation.EXPLAIN and not step.words and len(step.selector.types) != 1,
        "words_too_long": len(step.words) > MOST_WORDS,
    }
    return (problem for problem, holds in wrong.items() if holds)


def _unusable(one: Selector, known: Known) -> Iterator[str]:
    """What is wrong with the lines of a step."""
    wrong = {
        "bad_window": one.since is not None and one.until is not None and one.since >= one.until,
        "bad_status": any(low not in _CODES or high not in _CODES or low > high for low, high in one.status_codes),
        "bad_address": not all(map(_is_address, one.ips)),
        "unknown_action": not set(one.actions) <= set(Action),
        "unknown_dataset": not set(one.datasets) <= set(known.datasets),
        "empty_value": not all(value.strip() for name in KINDS for value in getattr(one, name)),
        "empty_without": Selector() in one.without,
    }
    yield from (problem for problem, holds in wrong.items() if holds)
    for left_out in one.without:
        yield from _unusable(left_out, known)


def _sides(step: Step) -> tuple[Selector, ...]:
    return (step.selector,) if step.against is None else (step.selector, step.against)


def _is_address(text: str) -> bool:
    try:
        return bool(canonical_ip(text))
    except ValueError:
        return False


def _explained(step: Step) -> Step:
    """As the built-in planner writes it: a type that is explained is both the word and the lines."""
    selector, words = step.selector, step.words
    if step.operation is Operation.EXPLAIN:
        words = words or selector.types[0].value
        if words in set(AttackType):
            selector = replace(selector, types=(AttackType(words),))
    if step.operation is Operation.RESPOND:
        selector, words = replace(selector, datasets=()), ""
    if step.operation in {Operation.COVERAGE, Operation.HELP}:
        selector = Selector(
            since=selector.since, until=selector.until, datasets=selector.datasets, sources=selector.sources
        )
    return replace(step, selector=selector, words=words)
