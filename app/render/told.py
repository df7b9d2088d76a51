"""What a model said beside an answer, put into words once: inert, each checkable piece with what is known of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from app.i18n import coded, number, text
from app.inert import inert
from app.render.facts import sentence, type_text
from app.render.part import PartView, answer_claim, part_view, verdict_texts
from app.render.plan_words import Names
from app.render.view import ClaimView, QuoteView, quote_view
from core.claim import VerdictStatus
from core.told import Attempt, Mark, Span, Struck, Told, ToldFinding, ToldSentence

HOLDS, WRONG, OPEN, CLOSE = "✓", "✗", "‹", "›"
"""What stands behind a piece of a model's text; the signs of `_POSING` in the text itself are escaped."""

_POSING = frozenset("✓✔☑✅🗸🗹√✗✘✕✖❌☒🗴🗵🗙‹›〈〉⟨⟩❮❯❰❱︿﹀〈〉")
_OF_A_KIND = 3
_ROUND = frozenset(" \t\r\n")


@dataclass(frozen=True, slots=True)
class ToldFindingView:
    """A finding of the model: its words, what it is worth, and what of it was verified."""

    finding: ToldFinding
    standing: str
    title: str
    reason: str
    claims: tuple[ClaimView, ...]
    verdicts: tuple[tuple[VerdictStatus, str], ...]
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class ToldView:
    """Everything a person reads of what a model added; `usage` says what it took, `attempts` each call of it."""

    told: Told
    words: str
    unclear: str
    findings: tuple[ToldFindingView, ...]
    benign: tuple[str, ...]
    struck: tuple[str, ...]
    omitted: str
    parts: tuple[PartView, ...]
    fault: str
    usage: str
    attempts: tuple[str, ...]

    @property
    def said(self) -> bool:
        """Whether the model said anything at all."""
        return bool(self.words or self.unclear or self.findings or self.benign or self.struck or self.parts)


def told_view(told: Told, names: Names, lang: str, offset: int) -> ToldView:
    """Word what a model said in `lang`; the model's own words stay as they are."""
    claims = {item.claim.id: answer_claim(item, names, lang) for item in told.claims}
    return ToldView(
        told=told,
        words=joined(sentence_text(one) for one in told.sentences),
        unclear=_harmless(told.unclear),
        findings=tuple(_finding(one, claims, names, lang) for one in told.findings),
        benign=tuple(sentence_text(one) for one in told.benign),
        struck=_all_struck(told.struck, lang),
        omitted=_omitted(told, lang),
        parts=tuple(part_view(part, names, lang, offset) for part in told.parts),
        fault=sentence("fault", told.fault, told.facts, lang, offset) if told.fault else "",
        usage=usage_text(told.attempts, lang),
        attempts=tuple(_attempt(one, lang) for one in told.attempts),
    )


def sentence_text(said: ToldSentence) -> str:
    """One sentence of the model, each checked piece with its sign: `SQL injection: 14✓ lines, ‹99 ✗ 2› addresses`."""
    return spans_text(said.spans)


def spans_text(spans: Iterable[Span]) -> str:
    """The same for any text of the model."""
    return "".join(map(_span, spans)).strip()


def joined(sentences: Iterable[str]) -> str:
    """Sentences as one running text; a blank between them only where the script uses one."""
    running = ""
    for one in filter(None, sentences):
        running += f" {one}" if running and east_asian_width(running[-1]) not in "WF" else one
    return running


def usage_text(attempts: Sequence[Attempt], lang: str) -> str:
    """What all calls together took; nothing when there was none."""
    if not attempts:
        return ""
    known = [one.cost for one in attempts if one.cost is not None]
    facts = {
        "calls": number(len(attempts)),
        "input": number(sum(one.input_tokens for one in attempts)),
        "output": number(sum(one.output_tokens for one in attempts)),
        "seconds": f"{sum(one.seconds for one in attempts):.1f}",
        "cost": cost_text(sum(known) if known else None, lang),
    }
    return text("told.usage", lang, **facts)


def cost_text(cost: float | None, lang: str) -> str:
    """`cost 0.0123`, in the currency of the prices; that there is no price where none is set."""
    return text("told.no_price", lang) if cost is None else text("told.cost", lang, cost=f"{cost:.4f}")


def _span(span: Span) -> str:
    words = _harmless(span.text)
    bare = words.strip()
    if span.mark is Mark.PLAIN or not bare:
        return words
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    if span.mark is Mark.VERIFIED:
        marked = f"{bare}{HOLDS}"
    elif span.mark is Mark.WRONG:
        truth = _harmless(span.truth).strip()
        marked = f"{OPEN}{bare} {WRONG} {truth}{CLOSE}" if truth else f"{OPEN}{bare} {WRONG}{CLOSE}"
    else:
        marked = f"{OPEN}{bare} ?{CLOSE}"
    return f"{before}{marked}{after}"


def _harmless(words: str) -> str:
    """Text of a model on one line, without signs that would pose as ours."""
    spaced = "".join(" " if character in _ROUND else character for character in words)
    return "".join(f"\\u{{{ord(one):x}}}" if one in _POSING else one for one in inert(spaced))


def _finding(finding: ToldFinding, claims: dict[str, ClaimView], names: Names, lang: str) -> ToldFindingView:
    own = tuple(claims[one] for one in finding.claims if one in claims)
    kind = type_text(finding.type.value, lang) if finding.type is not None else ""
    title = spans_text(finding.title)
    return ToldFindingView(
        finding=finding,
        standing=coded("told_standing", finding.standing, lang),
        title=" · ".join(filter(None, (kind, title))),
        reason=spans_text(finding.reason),
        claims=own,
        verdicts=verdict_texts(own, lang),
        quotes=tuple(quote_view(quote, names) for quote in finding.quotes),
    )


def _all_struck(struck: Sequence[Struck], lang: str) -> tuple[str, ...]:
    """Each different one once: of a kind without a true value the first few, and how many more there are."""
    shown: list[str] = []
    for code in dict.fromkeys(one.code for one in struck):
        lines = list(dict.fromkeys(_struck(one, lang) for one in struck if one.code == code))
        true = any(one.truth for one in struck if one.code == code)
        most = len(lines) if true else _OF_A_KIND
        shown += lines[:most]
        if len(lines) > most:
            shown.append(f"… {text('told.more_struck', lang, count=number(len(lines) - most))}")
    return tuple(shown)


def _struck(struck: Struck, lang: str) -> str:
    """`99 ✗ 14 — counted again, it is not so`."""
    said, truth = _harmless(struck.said).strip(), _harmless(type_text(struck.truth, lang)).strip()
    shown = f"{said} {WRONG} {truth}" if truth else f"{said} {WRONG}"
    return f"{shown} — {inert(coded('struck', struck.code, lang))}"


def _omitted(told: Told, lang: str) -> str:
    kinds = ", ".join(type_text(kind.value, lang) for kind in told.omitted)
    return text("told.omitted", lang, types=kinds) if kinds else ""


def _attempt(attempt: Attempt, lang: str) -> str:
    ended = sentence("fault", attempt.fault, {}, lang, 0) if attempt.fault else text("told.went_well", lang)
    facts = {
        "purpose": coded("purpose", attempt.purpose, lang),
        "model": inert(attempt.model),
        "input": number(attempt.input_tokens),
        "output": number(attempt.output_tokens),
        "seconds": f"{attempt.seconds:.1f}",
        "refuted": number(attempt.refuted),
        "cost": cost_text(attempt.cost, lang),
        "ended": ended,
    }
    return text("told.attempt", lang, **facts)
