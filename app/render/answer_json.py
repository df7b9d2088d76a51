"""An answer for programs: codes and plain values only, the same in every language."""

from app.i18n import iso
from app.render.json import dumps
from app.render.part_json import note_facts, part_facts, plain_facts, plan_facts
from app.render.plan_words import Names
from app.render.told_json import told_facts
from core.answer import Answer


def render_answer_json(answer: Answer, names: Names, state: str = "answered") -> str:
    """The answer as JSON text."""
    return dumps(answer_facts(answer, names, state))


def answer_facts(answer: Answer, names: Names, state: str = "answered") -> dict[str, object]:
    """The answer as plain lists and dicts; `state` is what became of the turn, `evidence` the state of the case.

    `told`, what a model said, comes after all else: what stands before it is the same with and without a model.
    """
    return {
        "question": answer.question,
        "language": answer.plan.language,
        "state": state,
        "case": answer.case,
        "evidence": answer.state,
        "rules_version": answer.rules_version,
        "answered_at": iso(answer.answered_at),
        "zone_offset": answer.zone_offset,
        "plan": plan_facts(answer.plan),
        "parts": [part_facts(part, names) for part in answer.parts],
        "suggestions": [{"code": one.code, "facts": plain_facts(one.facts)} for one in answer.suggestions],
        "notes": [note_facts(note) for note in answer.notes],
        **({"told": told_facts(answer.told, names)} if answer.told is not None else {}),
    }
