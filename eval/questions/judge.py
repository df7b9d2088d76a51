"""One answer against the truth of its question: right, silent, misread, or wrong and shown as verified."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.answer import Answer
from core.part import Part, Sight
from core.plan import Operation, Step
from core.taxonomy import Outcome
from eval.questions.facts import STATED, Fingerprint, fingerprint, verified
from eval.questions.fit import Fit, fit
from eval.questions.schema import Expected, Values


class Judgement(StrEnum):
    """What an answer is worth to somebody who believes what is shown as verified.

    WRONG: a verified fact of the kind asked for differs from the truth, and nothing in the plan tells that other lines
    were counted than asked for: the lines are the same, or wider because a condition of the question was dropped.
    MISREAD: such a fact differs, and the sentence names a condition that the question does not have.
    """

    RIGHT = "right"
    SILENT = "silent"  # nothing was said of what was asked
    MISREAD = "misread"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer judged. None is "not asked": nothing was expected of the values, or of the selection.

    `operation` and `selection` say whether a step is as expected; `got` is what was stated of the facts asked for.
    """

    judgement: Judgement
    operation: bool
    selection: bool | None
    values: bool | None
    planned: tuple[Step, ...]
    got: Mapping[str, tuple[object, ...]]
    fingerprint: Fingerprint


def judge(answer: Answer, expected: Expected) -> Judged:
    """Judge an answer: its plan, and each expected fact in the parts whose operation is an expected one."""
    planned = answer.plan.steps
    if expected.not_understood:
        return _refusal(answer, planned)
    parts = [part for part in answer.parts if part.step.operation in expected.operation]
    fits = [fit(part.step, expected.plan) for part in parts]
    facts = [*_facts(parts, expected.values), *_absence(parts, expected)]
    wrong = [name for name, said, right in facts if said and not right]
    return Judged(
        judgement=_judgement([right for _, _, right in facts], bool(wrong), fits),
        operation=any(step.operation in expected.operation for step in planned),
        selection=None if expected.plan is None else Fit.SAME in fits,
        values=all(right for _, _, right in facts) if facts else None,
        planned=planned,
        got={name: said for name, said, _ in facts},
        fingerprint=fingerprint(answer),
    )


def _refusal(answer: Answer, planned: tuple[Step, ...]) -> Judged:
    """A question that nobody can understand: no plan or the help, and no verified fact whatsoever."""
    states = fingerprint(answer) or any(verified(part.claims) for part in answer.parts)
    judgement = Judgement.WRONG if states else Judgement.RIGHT
    helps = all(step.operation is Operation.HELP for step in planned)
    return Judged(judgement, helps, None, None, planned, {}, fingerprint(answer))


def _judgement(rights: list[bool], wrong: bool, fits: list[Fit]) -> Judgement:
    if not fits:
        return Judgement.SILENT
    if all(rights):
        return Judgement.RIGHT
    if not wrong:
        return Judgement.SILENT
    return Judgement.MISREAD if all(one is Fit.OTHER for one in fits) else Judgement.WRONG


Fact = tuple[str, tuple[object, ...], bool]
"""A fact's name, what was stated of it, and whether that is the truth."""


def _facts(parts: list[Part], values: Values) -> Iterator[Fact]:
    for name, stated in STATED.items():
        truth = getattr(values, name)
        if truth is not None:
            said = tuple(value for part in parts for value in stated(part))
            right = bool(said) and all(_agrees(name, truth, value) for value in said)
            yield name, said if right or name != "outcome" else tuple(filter(_decided, said)), right


def _decided(said: object) -> bool:
    """Whether an outcome is stated at all: "unknown" claims nothing, so it is a missing answer, never a wrong one."""
    return isinstance(said, dict) and set(said.values()) != {Outcome.UNKNOWN}


def _agrees(name: str, truth: object, said: object) -> bool:
    if name == "top":
        return isinstance(truth, tuple) and isinstance(said, tuple) and said[: len(truth)] == truth
    if isinstance(truth, dict):
        return isinstance(said, dict) and all(said.get(key) == value for key, value in truth.items())
    if name == "types":
        return _names_all(truth, said)
    if name in {"ips", "blocked"}:
        return isinstance(truth, tuple) and frozenset(truth) == said
    return truth == said


def _names_all(truth: object, said: object) -> bool:
    """Each entry of the truth is named by one of its types, and nothing else is named."""
    if not isinstance(truth, tuple) or not isinstance(said, frozenset):
        return False
    return all(said & frozenset(names) for names in truth) and said <= {name for names in truth for name in names}


def _absence(parts: list[Part], expected: Expected) -> Iterator[Fact]:
    if expected.absent is None:
        return
    truth = Sight.ABSENT if expected.absent is True else Sight.UNKNOWN
    sights = tuple(part.certificate.sight for part in parts if part.certificate is not None)
    right = bool(sights) and all(sight is truth for sight in sights)
    # "unknown" claims nothing: where the truth is "absent" it is a missing answer, never a wrong one
    yield "absent", sights if right else tuple(one for one in sights if one is not Sight.UNKNOWN), right
