"""EXPLAIN: what a type, a rule or a code means, and which lines of this case it stands for."""

from dataclasses import replace

from answering.codes import BlindSpot
from answering.operations.codes import Column, Sentence
from answering.operations.inquiry import Inquiry
from answering.operations.ledger import Ledger
from answering.operations.quoting import quotes_of
from answering.outcome import LineCode, outcome_of
from core.dimension import Dimension
from core.part import Fact, Part, Row, Table
from core.plan import Step
from core.taxonomy import TECHNIQUE, AttackType, Outcome
from detection.rule import Behaviour, Rule

COLUMNS = (Column.RULE, Column.TITLE, Column.LINES)
QUOTES = 3
SHOWN = 20


def run(step: Step, inquiry: Inquiry) -> Part:
    """The code in `words`; without one, the type that the selector names."""
    word = step.words.strip() or (step.selector.types[0] if len(step.selector.types) == 1 else "")
    if word in tuple(AttackType):
        return _type(step, inquiry, AttackType(word))
    if (rule := inquiry.opened.rules.rule(word) or inquiry.opened.rules.behaviour(word)) is not None:
        return _rule(step, inquiry, rule)
    if word in tuple(Outcome):
        return _findings(step, inquiry, Sentence.EXPLAIN_OUTCOME, {"outcome": word, "explained": word}, "outcome", word)
    if word in {code.name.lower() for code in LineCode}:
        facts: dict[str, Fact] = {"outcome": outcome_of(LineCode[word.upper()]).value, "reason": word}
        return _findings(step, inquiry, Sentence.EXPLAIN_OUTCOME_REASON, facts, "outcome_reason", word)
    if word in tuple(BlindSpot):
        return Part(step, Sentence.EXPLAIN_BLIND_SPOT, {"blind_spot": word})
    return Part(step, Sentence.EXPLAIN_UNKNOWN, {"words": word})


def _type(step: Step, inquiry: Inquiry, kind: AttackType) -> Part:
    """Its lines by rule, and some of them; a type that is not in this case is explained all the same."""
    facts: dict[str, Fact] = {"type": kind, "why": kind, "technique": TECHNIQUE[kind]}
    picked = replace(step.selector, types=(kind,))
    ledger = Ledger(inquiry)
    if not ledger.count("lines", picked):
        return Part(step, Sentence.EXPLAIN_TYPE, facts)
    ledger.top("rules", picked, Dimension.RULE, SHOWN)
    finding = next((one for one in inquiry.report(picked).findings if one.type is kind), None)
    quotes = finding.quotes[:QUOTES] if finding is not None else ()
    ledger.quotes(picked, quotes)
    checked = ledger.check()
    rows = tuple(
        Row((name, _title(inquiry, name), lines), replace(picked, rules=(name,)))
        for name, lines in checked.pairs("rules")
    )
    return Part(
        step,
        Sentence.EXPLAIN_TYPE_HERE,
        facts | {"lines": checked.number("lines")},
        checked.claims,
        Table(COLUMNS, rows, len(rows)),
        evidence=picked,
        quotes=checked.quotes(quotes),
    )


def _rule(step: Step, inquiry: Inquiry, rule: Rule | Behaviour) -> Part:
    picked = replace(step.selector, rules=(rule.id,), types=())
    ledger = Ledger(inquiry)
    lines = ledger.count("lines", picked)
    quotes = quotes_of(inquiry, picked, inquiry.opened.lake.refs(picked, QUOTES)) if lines else ()
    ledger.quotes(picked, quotes)
    checked = ledger.check()
    facts: dict[str, Fact] = {
        "rule": rule.id,
        "type": rule.type,
        "title": _title(inquiry, rule.id),
        "technique": ", ".join(rule.attack) or TECHNIQUE[rule.type],
        "lines": checked.number("lines"),
    }
    evidence = picked if lines else None
    return Part(step, Sentence.EXPLAIN_RULE, facts, checked.claims, evidence=evidence, quotes=checked.quotes(quotes))


def _findings(step: Step, inquiry: Inquiry, code: Sentence, facts: dict[str, Fact], field: str, wanted: str) -> Part:
    """The findings of the case that carry the code."""
    report = inquiry.report(step.selector)
    found = [one for one in report.findings if getattr(one, field) == wanted]
    rows = tuple(Row((one.type, one.outcome_reason, one.count), one.selector) for one in found)
    types = {one.type for one in found}
    claims = tuple(one for one in report.claims if one.claim.type in types)
    table = Table((Column.TYPE, Column.REASON, Column.LINES), rows, len(rows)) if rows else None
    refs = tuple(dict.fromkeys(ref for one in found for ref in one.deciding))[:QUOTES]
    quotes = quotes_of(inquiry, step.selector, refs)
    return Part(step, code, facts | {"types": len(found)}, claims, table, quotes=quotes)


def _title(inquiry: Inquiry, name: str) -> str:
    """What a rule says of itself, in the language asked in."""
    rule = inquiry.opened.rules.rule(name) or inquiry.opened.rules.behaviour(name)
    titles = {} if rule is None else rule.title
    return titles.get(inquiry.language) or titles.get("en") or name
