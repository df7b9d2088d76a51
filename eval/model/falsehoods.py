"""What of a changed draft is false, by the plain truth: a change that keeps it true makes no lie."""

from collections.abc import Iterator

from core.dimension import Dimension
from core.draft import Draft, DraftFinding, Evidence
from core.taxonomy import Outcome
from eval.model import plain_truth as plain
from eval.model.oracle import MOST_LISTED
from eval.model.plain_line import PlainLine
from eval.model.plain_statements import holds, instant, outcome_of
from eval.model.plain_truth import PlainCase, Untold


def falsehoods(draft: Draft, truth: Draft, case: PlainCase) -> list[str]:
    """Where the draft says something that is not so, or leaves a finding out; words that changed count as said."""
    return [
        *_statements(draft, truth, case),
        *_findings(draft, truth, case),
        *(f"{one.id}: left out" for one in truth.findings if one.id not in {each.id for each in draft.findings}),
        *_words(draft, truth),
    ]


def _statements(draft: Draft, truth: Draft, case: PlainCase) -> Iterator[str]:
    known = {one.id: one for one in truth.statements}
    seen: set[str] = set()
    for one in draft.statements:
        if one.id in seen:
            yield f"{one.id}: twice"
        seen.add(one.id)
        if known.get(one.id) != one and holds(one, case) is not True:
            yield one.id


def _findings(draft: Draft, truth: Draft, case: PlainCase) -> Iterator[str]:
    known = {one.id: one for one in truth.findings}
    for one in draft.findings:
        if known.get(one.id) == one:
            continue
        if one.type in {each.type for each in draft.findings if each is not one}:
            yield f"{one.id}: the same type twice"
        yield from (f"{one.id}.{name}" for name in wrong_fields(one, known.get(one.id), case))


def wrong_fields(one: DraftFinding, true: DraftFinding | None, case: PlainCase) -> Iterator[str]:
    """Fields of a finding that are false of its own selection; words are judged where they differ from the truth."""
    try:
        lines = case.of(one.selector)
    except Untold:
        yield "selector"
        return
    ips = list(plain.ranked(plain.values(lines, Dimension.IP)))
    if len(ips) > MOST_LISTED and one.source_ips:  # of many, those that are named have to be the foremost ones
        ips = ips[: len(one.source_ips)]
    times = sorted(line.time for line in lines if line.time is not None)
    if one.count != len(lines):
        yield "count"
    if sorted((each.value, each.count) for each in one.source_ips) != sorted(ips):
        yield "source_ips"
    for name, at in (("first_seen", 0), ("last_seen", -1)):
        if instant(getattr(one, name)) != (times[at] if times else None):
            yield name
    kinds = {kind for line in lines for _, kind in line.hits}
    if one.type is None or one.type not in kinds or not all(_has(line.hits, one.type) for line in lines):
        yield "type"
    if not _outcome_holds(one, case):
        yield "outcome"
    if true is not None and one.level is not true.level:
        yield "level"
    yield from (f"evidence {each.source}:{each.line}" for each in one.evidence if not quoted_rightly(each, lines))
    if len({(each.source, each.line) for each in one.evidence}) != len(one.evidence):
        yield "evidence twice"
    if true is not None and (one.title, one.reason) != (true.title, true.reason):
        yield "words"


def _has(hits: frozenset[tuple[str, str]], kind: str) -> bool:
    return any(each == kind for _, each in hits)


def _outcome_holds(one: DraftFinding, case: PlainCase) -> bool:
    try:
        return outcome_of(one.selector.model_dump(), case) == Outcome(one.outcome).value
    except (Untold, ValueError):
        return False


def quoted_rightly(one: Evidence, lines: list[PlainLine]) -> bool:
    """Whether the words stand in a line of the selection."""
    found = next((line for line in lines if (line.file, line.number) == (one.source, one.line)), None)
    return found is not None and one.quote != "" and one.quote.encode("utf-8", "surrogatepass") in found.raw


def _words(draft: Draft, truth: Draft) -> Iterator[str]:
    said = {(one.text, tuple(one.refers)) for one in truth.answer}
    yield from (f"text: {one.text[:80]}" for one in draft.answer if (one.text, tuple(one.refers)) not in said)
    yield from (f"note: {one.reason[:80]}" for one in draft.benign if one not in truth.benign)
