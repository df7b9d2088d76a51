"""The truthful draft of a case, made by code: what a model would say that read everything and never lied."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.dimension import Dimension
from core.draft import Draft, DraftFinding, DraftSentence, Evidence, Statement, StatementKind, ValueCount
from core.draft_selector import DraftSelector, draft_of
from core.finding import Finding, Quote
from core.selector import Selector
from core.taxonomy import Level
from detection.ruleset import RuleSet
from eval.model import plain_truth as plain
from eval.model.plain_case import Opened
from eval.model.plain_statements import filled, template
from eval.model.plain_truth import PlainCase, Untold

MOST_LISTED = 20
"""Addresses of a finding that the draft names."""
_SHOWN = 3
_K = StatementKind


def truthful(case: Opened, rules: RuleSet, language: str = "en") -> Draft:
    """Findings from the verified report; statements of every kind that this case knows, from its plain lines."""
    findings = [_finding(one, number, case, rules, language) for number, one in enumerate(case.report.findings, 1)]
    statements = list(_numbered(_statements(findings, case.plain)))
    return Draft(
        findings=findings,
        statements=statements,
        benign=[],
        answer=[*_about_findings(findings, language), *_about_statements(statements, language)],
    )


def _words(language: str, english: str, japanese: str) -> str:
    return japanese if language == "ja" else english


def _finding(one: Finding, number: int, case: Opened, rules: RuleSet, language: str) -> DraftFinding:
    names = {source.id: source.name for source in case.opened.lake.sources}
    ips = [ValueCount(value=each.ip, count=each.count) for each in one.source_ips[:MOST_LISTED]]
    return DraftFinding(
        id=f"f{number}",
        type=one.type,
        title=one.type.value.replace("_", " "),
        selector=draft_of(one.selector, names),
        count=one.count,
        source_ips=ips,
        first_seen=one.first_seen.isoformat() if one.first_seen else None,
        last_seen=one.last_seen.isoformat() if one.last_seen else None,
        outcome=one.outcome,
        level=level_of(one, rules),
        evidence=[made for quote in one.quotes[:_SHOWN] for made in _evidence(quote, names[quote.ref.source])],
        reason=_words(
            language, f"Its {one.count} lines match known patterns.", f"{one.count}行が既知のパターンに一致します。"
        ),
    )


def level_of(one: Finding, rules: RuleSet) -> Level | None:
    """The highest level of the rules and behaviours that found it."""
    named = {each.rule for each in one.rules}
    levels = [each.level for each in rules.rules if each.id in named]
    levels += [each.level for each in rules.behaviours if each.id in named]
    return max(levels, key=list(Level).index, default=None)


def _evidence(quote: Quote, source: str) -> Iterator[Evidence]:
    """The whole line where it is text, else the part that matched, else nothing."""
    for words in (quote.raw, quote.raw[quote.start : quote.end]):
        try:
            text = words.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(text) >= _SHOWN + 1:
            yield Evidence(source=source, line=quote.ref.line, quote=text[:900])
            return


def _numbered(found: Iterable[Statement]) -> Iterator[Statement]:
    for number, one in enumerate(found, 1):
        yield one.model_copy(update={"id": f"s{number}"})


def _statements(findings: list[DraftFinding], case: PlainCase) -> Iterator[Statement]:
    """Those of which there is a truth."""
    for one in (*_everything(), *_of_findings(findings, case), *_of_pairs(findings), *_of_none(case)):
        try:
            true = filled(one, case)
        except Untold:
            continue
        if _sayable(true):
            yield true


def _sayable(one: Statement) -> bool:
    """Orders, sequences and the like that hold; tables with something in them."""
    told = one.name or ""
    denied = told.startswith("not only") or (" " in told and one.kind is not _K.ONLY)
    return not denied and (bool(one.values) or one.kind not in (_K.TOP, _K.PER_VALUE))


def _everything() -> Iterator[Statement]:
    """Of all lines, and of the lines without those of one method."""
    every = draft_of(Selector(), {})
    for kind, by in ((_K.COUNT, None), (_K.DISTINCT, Dimension.IP), (_K.DURATION, None), (_K.RATE, Dimension.HOUR)):
        yield template(kind, selector=every, by=by)
    yield template(_K.TOP, selector=every, by=Dimension.IP, values=_blank(_SHOWN))
    yield template(_K.COUNT, selector=draft_of(Selector(without=(Selector(methods=("GET",)),)), {}))


def _blank(number: int) -> list[ValueCount]:
    return [ValueCount(value="", count=0)] * number


_PLAIN_KINDS = (_K.COUNT, _K.FIRST, _K.LAST, _K.GAP, _K.BYTES, _K.MEAN_BYTES, _K.MAX_BYTES, _K.NETWORK)
_BY_KINDS = ((_K.DISTINCT, Dimension.IP), (_K.DISTINCT, Dimension.PATH), (_K.PEAK, Dimension.MINUTE))
_TABLES = (Dimension.IP, Dimension.STATUS, Dimension.USER, Dimension.METHOD)


def _of_findings(findings: list[DraftFinding], case: PlainCase) -> Iterator[Statement]:
    """Everything about the first finding, less about the others."""
    for number, one in enumerate(findings[:4]):
        lines = case.of(one.selector)
        yield from (template(kind, selector=one.selector) for kind in (_PLAIN_KINDS if not number else (_K.COUNT,)))
        if number:
            continue
        yield from (template(kind, selector=one.selector, by=by) for kind, by in _BY_KINDS)
        yield template(_K.COUNT, selector=one.selector.model_copy(update={"until": one.last_seen}))
        yield from _tables(one.selector, case)
        for by in (Dimension.IP, Dimension.METHOD, Dimension.USER):
            yield template(_K.ONLY, selector=one.selector, by=by, name="")
        if one.type is not None and lines:
            yield template(_K.TYPE, selector=one.selector, name=one.type.value)
            yield template(_K.TECHNIQUE, selector=one.selector, name=plain.technique(one.type.value))
            yield template(_K.OUTCOME, selector=one.selector, name="")


def _tables(selector: DraftSelector, case: PlainCase) -> Iterator[Statement]:
    for by in _TABLES:
        found = plain.ranked(plain.values(case.of(selector), by, case.offset))
        names = [ValueCount(value=name, count=0) for name, _ in found[:MOST_LISTED]]
        yield template(_K.PER_VALUE, selector=selector, by=by, values=names, complete=len(found) == len(names))
    yield template(_K.TOP, selector=selector, by=Dimension.PATH, values=_blank(_SHOWN))
    yield template(_K.TOP, selector=selector, by=Dimension.AGENT, values=_blank(_SHOWN))


def _of_pairs(findings: list[DraftFinding]) -> Iterator[Statement]:
    every = draft_of(Selector(), {})
    for one in findings[:1]:
        yield template(_K.SHARE, selector=one.selector, against=every)
    for one in findings[:3]:
        for other in findings[:3]:
            if one is not other:
                yield template(_K.ORDER, selector=one.selector, against=other.selector)
                yield template(_K.SEQUENCE, selector=one.selector, against=other.selector)
    for one, other in list(pairwise(findings))[:2]:
        yield template(_K.COMPARE, selector=one.selector, against=other.selector)


def _of_none(case: PlainCase) -> Iterator[Statement]:
    """An address and a path that are nowhere; a line that nothing can read might be about the path."""
    yield template(_K.ABSENCE, selector=draft_of(Selector(ips=("192.0.2.213",)), {}))
    if all(line.time is not None for line in case.lines):
        yield template(_K.ABSENCE, selector=draft_of(Selector(paths=("/no-such-page-7",)), {}))


def _about_findings(findings: list[DraftFinding], language: str) -> Iterator[DraftSentence]:
    for one in findings:
        ips = ", ".join(f"{each.value} ({each.count})" for each in one.source_ips[:_SHOWN])
        text = _words(
            language,
            f"{one.title}: {one.count} lines, among them from {ips}; first {one.first_seen}, last {one.last_seen}.",
            f"{one.title}：{one.count}行、送信元は{ips}など。最初は{one.first_seen}、最後は{one.last_seen}です。",
        )
        yield DraftSentence(text=text, refers=[one.id])


_WORDED = {
    _K.COUNT: ("{n} lines.", "{n}行です。"),
    _K.DISTINCT: ("{n} different values.", "{n}種類です。"),
    _K.DURATION: ("It lasts {n} seconds.", "{n}秒間続きました。"),
    _K.GAP: ("The longest silence is {n} seconds.", "最も長い空白は{n}秒です。"),
    _K.FIRST: ("It begins at {t}.", "{t}に始まりました。"),
    _K.ONLY: ("Only {m}.", "{m}だけです。"),
}


def _about_statements(statements: list[Statement], language: str) -> Iterator[DraftSentence]:
    """One sentence about the first statement of each kind that is worded."""
    for kind in _WORDED:
        for one in [each for each in statements if each.kind is kind][:1]:
            text = _words(language, *_WORDED[one.kind]).format(n=one.number, t=one.time, m=one.name)
            yield DraftSentence(text=text, refers=[one.id])
