"""What a suite of questions amounts to: shares by operation and language, agreement of wordings, and what failed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from statistics import median

from core.plan import ANY_ATTACK, EVERYTHING, Step
from core.selector import Selector
from eval.metrics import ratio
from eval.questions.facts import Fingerprint
from eval.questions.judge import Judged, Judgement
from eval.questions.schema import ANY, Question, Wording

Row = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One wording, asked and judged; `seconds` from question to answer, the earlier questions not counted."""

    wording: Wording
    judged: Judged
    seconds: float


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """All wordings of one question, the question's own first."""

    case: str
    question: Question
    asked: tuple[Asked, ...]

    @property
    def name(self) -> str:
        """The question's name within a suite."""
        return f"{self.case}/{self.question.id}"

    @property
    def operation(self) -> str:
        """The group the question is counted in."""
        expected = self.question.expect
        return expected.operation[0].value if expected.operation else "not_understood"

    @property
    def agreeing(self) -> int | None:
        """Wordings whose answer has exactly the numbers of most; None where the question asks for none.

        An answer without any number agrees with nothing, not even with another such answer.
        """
        if not self.question.expect.values.model_fields_set:
            return None
        return len(self.asked) - len(self.apart)

    @property
    def apart(self) -> tuple[Asked, ...]:
        """Wordings whose answer has other numbers than those of most, or none."""
        answers: Counter[Fingerprint] = Counter(one.judged.fingerprint for one in self.asked)
        answers.pop(frozenset(), None)
        most = max(answers, key=lambda numbers: answers[numbers], default=None)
        return tuple(one for one in self.asked if one.judged.fingerprint != most)


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """Scores of a suite of questions."""

    suite: str
    questions: tuple[QuestionScore, ...]

    def totals(self) -> Row:
        """The figures over everything; None is "no data"."""
        return {"questions": len(self.questions)} | _figures(self.questions, lambda _: True)

    def operations(self) -> tuple[Row, ...]:
        """One row an expected operation (`not_understood`: questions that must not be)."""
        names = sorted({score.operation for score in self.questions})
        return tuple(
            {"operation": name, **_figures([one for one in self.questions if one.operation == name], lambda _: True)}
            for name in names
        )

    def languages(self) -> tuple[Row, ...]:
        """One row a language of the wordings; whether wordings agree is a figure of whole questions, hence not here."""
        names = sorted({wording.language for score in self.questions for wording in score.question.wordings})
        rows = ({"language": name, **_figures(self.questions, _written_in(name))} for name in names)
        return tuple({key: value for key, value in row.items() if key != "identical"} for row in rows)

    def failures(self) -> tuple[Row, ...]:
        """Every wording that was not answered as it should be, with what was stated instead."""
        return tuple(
            _failure(score, one) for score in self.questions for one in score.asked if not _as_expected(one.judged)
        )

    def disagreeing(self) -> tuple[Row, ...]:
        """Every wording whose answer does not have exactly the numbers that most wordings of its question have."""
        counted = (score for score in self.questions if score.agreeing is not None)
        return tuple(_wording(score, one) for score in counted for one in score.apart)

    def to_json(self) -> dict[str, object]:
        """The whole report as JSON-able values."""
        return {
            "suite": self.suite,
            "totals": self.totals(),
            "operations": list(self.operations()),
            "languages": list(self.languages()),
            "disagreeing": list(self.disagreeing()),
            "failures": list(self.failures()),
        }


def _written_in(language: str) -> Callable[[Asked], bool]:
    return lambda one: one.wording.language == language


def _as_expected(judged: Judged) -> bool:
    return judged.judgement is Judgement.RIGHT and judged.operation and judged.selection is not False


def _figures(scores: Sequence[QuestionScore], of: Callable[[Asked], bool]) -> Row:
    asked = [one for score in scores for one in score.asked if of(one)]
    counted = [score for score in scores if score.agreeing is not None]
    judgements = Counter(one.judged.judgement for one in asked)
    return {
        "wordings": len(asked),
        "operation_right": ratio(sum(one.judged.operation for one in asked), len(asked)),
        "selection_right": _share(one.judged.selection for one in asked),
        "values_right": _share(one.judged.values for one in asked),
        "identical": ratio(sum(one.agreeing or 0 for one in counted), sum(len(one.asked) for one in counted)),
        "wrong_as_verified": judgements[Judgement.WRONG],
        "misread": judgements[Judgement.MISREAD],
        "unplanned": sum(not one.judged.planned and bool(score.question.expect.operation) for score in scores
                         for one in score.asked if of(one)),
        "median_ms": round(1000 * median(one.seconds for one in asked), 1) if asked else None,
    }  # fmt: skip


def _share(known: Iterable[bool | None]) -> float | None:
    """The share of what is right among what was asked for; None where nothing was."""
    judged = [one for one in known if one is not None]
    return ratio(sum(judged), len(judged))


def _failure(score: QuestionScore, one: Asked) -> Row:
    judged = one.judged
    expected = score.question.expect.model_dump(mode="json", exclude_defaults=True)
    return _wording(score, one) | {
        "operation": judged.operation,
        "selection": judged.selection,
        "values": judged.values,
        "expected": str(expected),
        "got": str({name: [_plain(value) for value in said] for name, said in judged.got.items()}),
    }


def _wording(score: QuestionScore, one: Asked) -> Row:
    return {
        "question": score.name,
        "language": one.wording.language,
        "wording": one.wording.question,
        "judgement": one.judged.judgement.value,
        "planned": "; ".join(map(_told, one.judged.planned)),
    }


def _told(step: Step) -> str:
    """A step in one line: its operation and what differs from a step that says nothing."""
    return " ".join((step.operation.value, *_set(step, Step(step.operation))))


def _set(one: Step | Selector, plain: Step | Selector) -> Iterator[str]:
    for field in fields(one):
        value = getattr(one, field.name)
        if value != getattr(plain, field.name):
            yield f"{field.name}={_short(value)}"


def _short(value: object) -> str:
    if isinstance(value, Selector):
        return f"({' '.join(_set(value, EVERYTHING))})"
    if value == ANY_ATTACK:
        return ANY
    return ",".join(map(_short, value)) if isinstance(value, tuple) else str(value)


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)
