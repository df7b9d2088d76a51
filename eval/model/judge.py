"""What was shown of a draft, held against the plain truth: lies shown as verified, and truths that were lost."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.claim import CheckedClaim, ClaimKind, VerdictStatus
from core.draft import Draft
from core.told import Mark, Span, Standing, Told, ToldFinding
from eval.model.plain_case import Opened
from eval.model.plain_claims import claim_holds, selection
from eval.model.plain_statements import instant
from eval.model.plain_truth import Untold

_FACTORS = (1, 60, 3600, 86_400, 1000, 10**6, 10**9, 1024, 1024**2, 1024**3)
_QUOTES = (ClaimKind.QUOTE, ClaimKind.EXCERPT)
_BOUNDS = re.compile(r"at least|at most|more than|over|fewer|less|up to|以上|以下|超|未満", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judged:
    """`lies` are shown as verified and false. `misled` are refutations whose true value is none. `lost` are true
    statements of the draft that are no longer verified. `noticed`: whether anything was struck, marked or refuted.
    `unjudged` are verified pieces that plain Python cannot tell.
    """

    lies: tuple[str, ...]
    misled: tuple[str, ...]
    lost: tuple[str, ...]
    noticed: bool
    unjudged: tuple[str, ...]


def judge(told: Told, case: Opened, draft: Draft | None, truth: Draft, honest: Told) -> Judged:
    """`draft` is what the model said (None: no draft at all), `honest` what is shown of the truthful draft."""
    claims = _claims(told, case)
    spans = [_span(span, text, claims, case) for span, text in _spans(told)]
    return Judged(
        lies=(
            *_false_claims(told, case),
            *(f"span {span}" for span, verdict in spans if verdict is False),
            *(lie for one in told.findings for lie in _false_finding(one, case)),
        ),
        misled=tuple(_misled(told, case)),
        lost=() if draft is None else tuple(_lost(told, draft, truth, honest)),
        noticed=noticed(told),
        unjudged=tuple(span for span, verdict in spans if verdict is None),
    )


def noticed(told: Told) -> bool:
    """Whether anything of it was refused, struck, refuted, marked or put back."""
    marks = {span.mark for span, _ in _spans(told)}
    return (
        bool(told.fault or told.struck or told.omitted)
        or bool(marks & {Mark.WRONG, Mark.UNKNOWN})
        or any(one.verdict.status is not VerdictStatus.VERIFIED for one in told.claims)
        or any(one.standing is not Standing.KNOWN for one in told.findings)
    )


def _claims(told: Told, case: Opened) -> dict[str, CheckedClaim]:
    parts = (*case.answer.parts, *told.parts)
    return {one.claim.id: one for one in (*(each for part in parts for each in part.claims), *told.claims)}


def _false_claims(told: Told, case: Opened) -> Iterator[str]:
    for one in (*told.claims, *(each for part in told.parts for each in part.claims)):
        if one.verdict.status is VerdictStatus.VERIFIED and claim_holds(one.claim, case.plain) is False:
            yield f"claim {one.claim.id}: {one.claim.kind} {one.claim.value!r}"


def _misled(told: Told, case: Opened) -> Iterator[str]:
    for one in told.claims:
        refuted = one.verdict.status is VerdictStatus.REFUTED and one.verdict.actual is not None
        if refuted and _is_true(one, case) is False:
            yield f"claim {one.claim.id}: {one.claim.kind} is not {one.verdict.actual!r}"


def _is_true(one: CheckedClaim, case: Opened) -> bool | None:
    """Whether the true value that a refutation tells is true."""
    claim, actual = one.claim, one.verdict.actual
    if claim.kind is ClaimKind.EXCERPT and claim.ref is not None:  # what stands in that line
        line = case.plain.line(case.plain.files.get(claim.ref.source, ""), claim.ref.line)
        return line is not None and line.raw.hex() == actual
    if claim.kind is ClaimKind.ABSENCE:  # how many there are
        return claim_holds(replace(claim, kind=ClaimKind.COUNT, value=actual), case.plain)
    if claim.kind is ClaimKind.ONLY and isinstance(actual, tuple):  # the foremost of its many values
        top = replace(claim, kind=ClaimKind.TOP, value=actual, limit=len(actual))
        return claim_holds(top, case.plain)
    return claim_holds(replace(claim, value=actual), case.plain)


def _lost(told: Told, draft: Draft, truth: Draft, honest: Told) -> Iterator[str]:
    """Claims of what the model did not change, and sentences about it, are shown as they were."""
    if told.fault:
        return
    same = {one.id for one in truth.findings if one in draft.findings}
    same |= {one.id for one in truth.statements if draft.statements.count(one) == 1}
    twice = {one.id for one in draft.statements if [each.id for each in draft.statements].count(one.id) > 1}
    status = {one.claim.id: one.verdict.status for one in told.claims}
    for one in honest.claims:
        owner = one.claim.id.split(".")[0]
        if owner in same - twice and status.get(one.claim.id) is not one.verdict.status:
            yield f"claim {one.claim.id}: {status.get(one.claim.id)}"
    shown = {one.spans for one in told.sentences}
    for said, sentence in zip(truth.answer, honest.sentences, strict=False):
        if said in draft.answer and set(said.refers) <= same - twice and sentence.spans not in shown:
            yield f"sentence: {said.text}"


def _spans(told: Told) -> Iterator[tuple[Span, str]]:
    """Every piece of the model's text, with the text around it."""
    texts: Iterable[tuple[Span, ...]] = (
        *(one.spans for one in (*told.sentences, *told.benign)),
        *(each for one in told.findings for each in (one.title, one.reason)),
    )
    for spans in texts:
        whole = "".join(one.text for one in spans)
        yield from ((one, whole) for one in spans)


def _span(span: Span, text: str, claims: dict[str, CheckedClaim], case: Opened) -> tuple[str, bool | None]:
    """Whether a verified piece says what its claim says; None where plain Python does not know its words."""
    said = f"{span.text!r} [{span.claim}] in {text[:120]!r}"
    if span.mark is not Mark.VERIFIED:
        return said, True
    one = claims.get(span.claim)
    if one is None or one.verdict.status is VerdictStatus.UNVERIFIABLE:
        return said, False
    if claim_holds(replace(one.claim, value=one.verdict.actual), case.plain) is False:
        return said, False
    return said, _states(one, span.text, text, case)


def _states(one: CheckedClaim, piece: str, text: str, case: Opened) -> bool | None:
    words, numbers = _values(one, case)
    plain = piece.replace(",", "").strip()
    if one.claim.kind in _QUOTES and plain in bytes.fromhex(str(one.verdict.actual)).decode("utf-8", "replace"):
        return True
    if re.fullmatch(r"\d{1,15}", plain):
        number = int(plain)
        exact = any(number * factor in numbers for factor in _FACTORS) or plain in words
        return exact or (None if _BOUNDS.search(text) or number in _years(words) else False)
    if any(plain in (word, word.replace("_", " ")) or _instant(plain) == _instant(word) for word in words):
        return True
    return False if re.fullmatch(r"[\d.]+|[0-9a-f:]+:[0-9a-f:]+|\d{4}-\d\d-\d\dT\S+", plain) else None


def _years(words: set[str]) -> set[int]:
    return {int(word[:4]) for word in words if re.match(r"\d{4}-\d\d-\d\dT", word)}


def _instant(text: str) -> object:
    return instant(text.replace("Z", "+00:00")) if re.match(r"\d{4}-\d\d-\d\d", text) else text


def _values(one: CheckedClaim, case: Opened) -> tuple[set[str], set[int]]:
    """Everything that a claim states: its true value, and what its selectors name."""
    words: set[str] = set()
    numbers: set[int] = set()
    _collect(one.verdict.actual, words, numbers)
    for selector in (selection(one.claim), one.claim.against):
        if selector is not None:
            for name in type(selector).__slots__:
                _collect(getattr(selector, name), words, numbers)
            numbers.add(_count(selector, case))
    if isinstance(one.verdict.actual, tuple):
        numbers.add(len(one.verdict.actual))
    words |= {case.plain.files.get(word, word) for word in words}
    return words, numbers


def _count(selector: object, case: Opened) -> int:
    try:
        return len(case.plain.of(selector))  # type: ignore[arg-type]
    except Untold:
        return -1


def _collect(value: object, words: set[str], numbers: set[int]) -> None:
    if isinstance(value, tuple):
        for one in value:
            _collect(one, words, numbers)
    elif isinstance(value, int):
        numbers.add(value)
    elif value is not None:
        words.add(value.isoformat() if hasattr(value, "isoformat") else str(value))


def _false_finding(one: ToldFinding, case: Opened) -> Iterator[str]:
    """A finding shown as known is of its type; a quote is a line of it, and no line is shown twice."""
    lines = {(line.file, line.number): line for line in case.plain.of(one.selector)} if one.quotes else {}
    places = [(case.plain.files.get(each.ref.source, ""), each.ref.line) for each in one.quotes]
    if len(set(places)) != len(places):
        yield f"finding {one.id}: a line twice"
    for place, quote in zip(places, one.quotes, strict=True):
        if place not in lines or lines[place].raw != quote.raw:
            yield f"finding {one.id}: {place} is no line of it"
    if one.standing is Standing.KNOWN and one.type is not None:
        kinds = {kind for line in case.plain.of(one.selector) for _, kind in line.hits}
        if one.type.value not in kinds:
            yield f"finding {one.id}: no line is {one.type}"
