"""From a question to a checked answer: plan, run each step, suggest what to ask next."""

from collections.abc import Callable, Sequence

from answering.open_case import OpenCase
from answering.operations.codes import Remark, Sentence
from answering.operations.inquiry import Inquiry, Progress, Retriever, Stage, silent
from answering.operations.table import run_step
from answering.suggest import suggestions_of
from core.answer import Answer
from core.errors import InputError
from core.part import Note, Part
from core.plan import LONGEST_QUESTION, Exchange, Operation, Plan, Step
from core.taxonomy import AttackType

MOST_STEPS = 5
_NAMED = 50
"""Names that an exchange remembers of each kind."""


def ask(
    question: str,
    opened: OpenCase,
    history: Sequence[Exchange] = (),
    *,
    retriever: Retriever | None = None,
    plan: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Answer:
    """The answer to any text at all: exact over all lines, each statement with its verdict, or what can be asked.

    `plan` takes the place of the built-in planner's. `progress` may raise to stop: nothing is left half done, and the
    case can be asked on. Raises `StorageError` when the case is damaged.
    """
    tell = progress or silent
    tell(Progress(Stage.PLANNING, 0, 1))
    made = plan if plan is not None else _planned(question, opened, history)
    inquiry = Inquiry(opened, retriever, made.language, tell)
    parts = parts_of(made.steps, inquiry)
    if not parts:
        parts = (Part(Step(Operation.HELP), Sentence.NOT_UNDERSTOOD),)
    return Answer(
        question=question,
        plan=made,
        parts=parts,
        suggestions=suggestions_of(opened, parts, history),
        case=opened.case,
        state=opened.lake.state,
        rules_version=opened.rules.version,
        answered_at=opened.now,
        zone_offset=opened.facts.offset_seconds,
        notes=_notes(question, made),
    )


def parts_of(steps: Sequence[Step], inquiry: Inquiry) -> tuple[Part, ...]:
    """The results of the first `MOST_STEPS` steps."""
    done = steps[:MOST_STEPS]
    return tuple(_part(step, number, len(done), inquiry) for number, step in enumerate(done))


def _planned(question: str, opened: OpenCase, history: Sequence[Exchange]) -> Plan:
    """By the built-in planner, whose words are only read when they are needed."""
    from retrieval.plan import plan

    return plan(question, opened.facts, history)


def _part(step: Step, number: int, of: int, inquiry: Inquiry) -> Part:
    """One step done; a case without lines and a selector that cannot be asked are said to be such."""
    inquiry.tell(Progress(Stage.COUNTING, number, of))
    if not inquiry.opened.lake.sources and step.operation not in (Operation.HELP, Operation.EXPLAIN):
        return Part(step, Sentence.NOTHING_READ)
    try:
        return run_step(step, inquiry)
    except InputError as refusal:
        facts = {"value": str(refusal.facts.get("value", ""))}
        return Part(step, Sentence.NOT_UNDERSTOOD, notes=(Note(Remark.FILTER_REFUSED, facts),))


def _notes(question: str, made: Plan) -> tuple[Note, ...]:
    notes = []
    if made.unread:
        notes.append(Note(Remark.WORDS_UNREAD, {"words": ", ".join(made.unread)}))
    if len(question) > LONGEST_QUESTION:
        notes.append(Note(Remark.QUESTION_CUT, {"characters": LONGEST_QUESTION}))
    if len(made.steps) > MOST_STEPS:
        notes.append(Note(Remark.STEPS_CUT, {"steps": MOST_STEPS}))
    return tuple(notes)


def exchange_of(answer: Answer) -> Exchange:
    """What later questions of the conversation may refer back to: the names the answer showed, most lines first."""
    return Exchange(
        question=answer.question,
        plan=answer.plan,
        ips=_named(answer, "ip", "ips"),
        types=tuple(AttackType(name) for name in _named(answer, "type", "types") if name in tuple(AttackType)),
        users=_named(answer, "user", "user_contains"),
        paths=_named(answer, "path", "paths"),
    )


def _named(answer: Answer, column: str, condition: str) -> tuple[str, ...]:
    """Values in the column of the tables, then those that were asked for; each once."""
    shown: dict[str, None] = {}
    for part in answer.parts:
        for name in _findings_of(part, column):
            shown[name] = None
        if part.table is not None:
            for row in part.table.rows:
                cells = dict(zip(part.table.columns, row.cells, strict=False))
                cell = cells.get("value") if cells.get("section") == column else cells.get(column)
                if isinstance(cell, str) and cell:
                    shown[cell] = None
        shown.update(dict.fromkeys(map(str, getattr(part.step.selector, condition))))
    return tuple(shown)[:_NAMED]


def _findings_of(part: Part, column: str) -> tuple[str, ...]:
    """A report names the addresses of its findings beside its table."""
    if column != "ip" or part.report is None:
        return ()
    lines: dict[str, int] = {}
    for finding in part.report.findings:
        for one in finding.source_ips:
            lines[one.ip] = lines.get(one.ip, 0) + one.count
    return tuple(sorted(lines, key=lambda ip: (-lines[ip], ip)))[:_NAMED]
