"""What a model said, for programs: its words as spans with their marks, each claim with its verdict."""

from dataclasses import asdict

from app.render.json import selector_facts
from app.render.part_json import claim_facts, line_facts, part_facts, plain_facts, plan_facts
from app.render.plan_words import Names
from core.told import Span, Told, ToldFinding, ToldSentence


def told_facts(told: Told, names: Names) -> dict[str, object]:
    """Everything that a model added, and why it added no more."""
    return {
        "model": told.model,
        "fault": told.fault,
        "facts": plain_facts(told.facts),
        "sentences": [_sentence(one) for one in told.sentences],
        "unclear": told.unclear,
        "findings": [_finding(one, names) for one in told.findings],
        "benign": [_sentence(one) for one in told.benign],
        "claims": [claim_facts(item) for item in told.claims],
        "struck": [asdict(one) for one in told.struck],
        "omitted": [kind.value for kind in told.omitted],
        "plan": plan_facts(told.plan) if told.plan is not None else None,
        "parts": [part_facts(part, names) for part in told.parts],
        "attempts": [asdict(one) for one in told.attempts],
    }


def _sentence(said: ToldSentence) -> dict[str, object]:
    return {"spans": [_span(span) for span in said.spans], "claims": list(said.claims)}


def _span(span: Span) -> dict[str, object]:
    """Only what says something."""
    facts = {"text": span.text, "mark": span.mark.value, "claim": span.claim, "truth": span.truth}
    return {key: value for key, value in facts.items() if value or key == "text"}


def _finding(finding: ToldFinding, names: Names) -> dict[str, object]:
    return {
        "id": finding.id,
        "type": finding.type.value if finding.type else None,
        "standing": finding.standing.value,
        "title": [_span(span) for span in finding.title],
        "reason": [_span(span) for span in finding.reason],
        "selector": selector_facts(finding.selector),
        "claims": list(finding.claims),
        "lines": [line_facts(quote, names) for quote in finding.quotes],
    }
