"""A step's result for programs: codes and plain values only, the same in every language."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from app.i18n import iso
from app.render.json import report_facts, selector_facts
from app.render.plan_words import Names
from core.claim import CheckedClaim
from core.finding import Quote
from core.part import Advice, BlockRule, Certificate, Fact, Note, Part, Table
from core.plan import Plan, Step
from core.selector import Selector


def plan_facts(plan: Plan) -> dict[str, object]:
    """What was understood, and who understood it."""
    return {
        "planner": plan.planner.value,
        "steps": [_step(step) for step in plan.steps],
        "readings": [asdict(reading) for reading in plan.readings],
        "unread": list(plan.unread),
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "operation": step.operation.value,
        "selector": selector_facts(step.selector),
        "by": step.by.value if step.by else None,
        "limit": step.limit,
        "against": _selector(step.against),
        "outcomes": [outcome.value for outcome in step.outcomes],
        "newest": step.newest,
        "words": step.words,
    }


def part_facts(part: Part, names: Names) -> dict[str, object]:
    """One step with all it states."""
    return {
        "operation": part.step.operation.value,
        "code": part.code,
        "facts": plain_facts(part.facts),
        "claims": [claim_facts(item) for item in part.claims],
        "table": _table(part.table) if part.table else None,
        "lines": [line_facts(quote, names) for quote in part.quotes],
        "evidence": _selector(part.evidence),
        "notes": [note_facts(note) for note in part.notes],
        "certificate": _certificate(part.certificate) if part.certificate else None,
        "advice": [_advice(one) for one in part.advice],
        "block_rules": [_block_rule(rule) for rule in part.block_rules],
        "report": report_facts(part.report) if part.report else None,
    }


def claim_facts(item: CheckedClaim) -> dict[str, object]:
    """A statement beside its verdict."""
    claim, verdict = item.claim, item.verdict
    return {
        "id": claim.id,
        "kind": claim.kind.value,
        "type": claim.type.value if claim.type else None,
        "by": claim.by.value if claim.by else None,
        "value": claim.value,
        "verdict": verdict.status.value,
        "actual": verdict.actual,
        "reason": verdict.reason,
        "matched": verdict.proof.matched,
        "digest": verdict.proof.digest,
        "selector": selector_facts(claim.selector),
        "against": _selector(claim.against),
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "columns": list(table.columns),
        "rows": [[_fact(cell) for cell in row.cells] for row in table.rows],
        "total": table.total,
    }


def line_facts(quote: Quote, names: Names) -> dict[str, object]:
    """`raw` shows bytes that are not UTF-8 as `\\xHH`; `start:end` counts bytes of the raw line."""
    return {
        "source": names.get(quote.ref.source, quote.ref.source),
        "line": quote.ref.line,
        "raw": quote.raw.decode("utf-8", "backslashreplace"),
        "rule": quote.rule,
        "start": quote.start,
        "end": quote.end,
    }


def _certificate(found: Certificate) -> dict[str, object]:
    return {
        "sight": found.sight.value,
        "lines": found.lines,
        "parsed": found.parsed,
        "unparsed": found.unparsed,
        "rules": found.rules,
        "behaviours": found.behaviours,
        "sources": [
            {
                "file": name,
                "format": dataset,
                "lines": lines,
                "unparsed": unparsed,
                "first": iso(first),
                "last": iso(last),
            }
            for name, dataset, lines, unparsed, first, last in found.sources
        ],
        "gaps": [{"source": gap.source, "since": iso(gap.since), "until": iso(gap.until)} for gap in found.gaps],
        "blind_spots": list(found.blind_spots),
        "missing": [asdict(one) for one in found.missing],
        "notes": [note_facts(note) for note in found.notes],
    }


def _advice(advice: Advice) -> dict[str, object]:
    return {
        "phase": advice.phase,
        "code": advice.code,
        "facts": plain_facts(advice.facts),
        "selector": _selector(advice.selector),
    }


def _block_rule(rule: BlockRule) -> dict[str, object]:
    return {
        "product": rule.product,
        "text": rule.text,
        "addresses": list(rule.addresses),
        "selector": selector_facts(rule.selector),
        "backtest": asdict(rule.backtest),
        "notes": [note_facts(note) for note in rule.notes],
    }


def note_facts(note: Note) -> dict[str, object]:
    """A remark."""
    return {"code": note.code, "facts": plain_facts(note.facts)}


def _selector(selector: Selector | None) -> dict[str, object] | None:
    return None if selector is None else selector_facts(selector)


def plain_facts(facts: Mapping[str, Fact]) -> dict[str, object]:
    """Values by name, times as ISO 8601."""
    return {name: _fact(value) for name, value in facts.items()}


def _fact(value: Fact) -> object:
    return iso(value) if isinstance(value, datetime) else value
