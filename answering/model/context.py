"""What a model is shown of a case: exact results, raw lines and excerpts, each within its share of tokens."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta, timezone

from answering.model import limits
from answering.model.checker import Checker
from answering.model.clean import visible
from core.claim import CheckedClaim, ClaimKind, ClaimValue, VerdictStatus
from core.dimension import Dimension
from core.finding import Quote
from core.line import SourceId
from core.part import Part
from core.plan import LONGEST_QUESTION, CaseFacts, Exchange
from core.selector import Selector

Count = Callable[[str], int]
"""Tokens of a text."""

RESULTS, EVIDENCE, EXCERPTS = 12_000, 4_000, 6_000
"""Tokens of each piece at most."""
REMEMBERED = 6
_LINES = 60
_SOURCES = 60
_LINE = 1_000
_QUOTED = (ClaimKind.QUOTE, ClaimKind.EXCERPT)
LANGUAGES = {"en": "English", "ja": "Japanese"}


def variables_of(
    question: str,
    claims: Mapping[str, CheckedClaim],
    parts: Sequence[Part],
    checker: Checker,
    history: Sequence[Exchange],
    language: str,
    count: Count,
) -> dict[str, str]:
    """The variables that `prompts/ask.toml` and `prompts/repair.toml` share, and the conversation."""
    facts = checker.inquiry.opened.facts
    return {
        "case": _json(_case(facts, checker)),
        "results": _fitting(_results(claims, checker), RESULTS, count),
        "evidence": _fitting(_evidence(parts, checker.names), EVIDENCE, count),
        "conversation": _json([one.question[:LONGEST_QUESTION] for one in history[-REMEMBERED:]]),
        "question": question[:LONGEST_QUESTION],
        "language": LANGUAGES.get(language, LANGUAGES["en"]),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fitting(lines: Iterable[str], budget: int, count: Count) -> str:
    """The first lines that fit."""
    kept: list[str] = []
    for line in lines:
        budget -= count(line) + 1
        if budget < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def _case(facts: CaseFacts, checker: Checker) -> dict[str, object]:
    zone = timezone(timedelta(seconds=facts.offset_seconds))
    return {
        "log_begins": _time(facts.first_seen, zone),
        "log_ends": _time(facts.last_seen, zone),
        "zone": str(zone),
        "sources": list(checker.sources)[:_SOURCES],
        "sources_in_all": len(checker.sources),
        "datasets": list(facts.datasets),
    }


def _time(time: datetime | None, zone: timezone) -> str | None:
    return None if time is None else time.astimezone(zone).isoformat()


def _results(claims: Mapping[str, CheckedClaim], checker: Checker) -> Iterator[str]:
    """One claim a line, as it was verified; what could not be said is not shown."""
    zone = timezone(timedelta(seconds=checker.offset))
    for name, item in claims.items():
        claim, verdict = item.claim, item.verdict
        if claim.kind in _QUOTED or verdict.status is VerdictStatus.UNVERIFIABLE:
            continue
        told: dict[str, object] = {"id": name, "states": claim.kind.value}
        if claim.by is not None:
            told["by"] = claim.by.value
        told["lines"] = described(claim.selector, checker.names, zone)
        if claim.type is not None and claim.selector.types != (claim.type,):
            told["type"] = claim.type.value
        if claim.against is not None:
            told["against"] = described(claim.against, checker.names, zone)
        told |= _value(claim.kind, claim.by, verdict.actual, checker.names, zone)
        yield _json(told)


def _value(
    kind: ClaimKind, by: Dimension | None, value: ClaimValue, names: Mapping[SourceId, str], zone: timezone
) -> dict[str, object]:
    """A value as the model is to write it: times in the zone of the log, long tables cut."""
    if not isinstance(value, tuple):
        known = kind in (ClaimKind.FIRST, ClaimKind.LAST) and isinstance(value, str)
        return {"value": _local(str(value), zone) if known else value}
    rows: list[object] = []
    for row in value[: limits.LISTED]:
        name, number = (str(row[0]), row[1]) if isinstance(row, tuple) else (str(row), None)
        shown = names.get(SourceId(name), name) if by is Dimension.SOURCE else _local(name, zone)
        rows.append(shown if number is None else [shown, number])
    return {"value": rows, **({"rows_in_all": len(value)} if len(value) > len(rows) else {})}


def _local(text: str, zone: timezone) -> str:
    """A time in the zone of the log; other text as it is."""
    if not (text[:4].isdigit() and text.endswith("Z")):
        return text
    try:
        return datetime.fromisoformat(text).astimezone(zone).isoformat()
    except ValueError:
        return text


def described(selector: Selector, names: Mapping[SourceId, str], zone: timezone) -> dict[str, object]:
    """The conditions of a selector, as a draft writes them; none: every line."""
    told: dict[str, object] = {}
    for field in fields(selector):
        value = getattr(selector, field.name)
        if field.name == "without" and value:
            told["without"] = [described(one, names, zone) for one in value]
        elif isinstance(value, datetime):
            told[field.name] = _time(value, zone)
        elif field.name == "sources" and value:
            told["sources"] = [names.get(one, one) for one in value]
        elif field.name == "status_codes" and value:
            told["status_codes"] = [{"low": low, "high": high} for low, high in value]
        elif value:
            told[field.name] = list(value)
    return told


def _evidence(parts: Sequence[Part], names: Mapping[SourceId, str]) -> Iterator[str]:
    """Raw lines of the answer, each once; what is no text in them is written as escapes."""
    quotes: list[Quote] = []
    for part in parts:
        quotes += part.quotes
        quotes += [each for one in (part.report.findings if part.report else ()) for each in one.quotes]
    for quote in {one.ref: one for one in quotes[:_LINES]}.values():
        raw = quote.raw[:_LINE].decode("utf-8", "backslashreplace")
        yield f"{names.get(quote.ref.source, '')}:{quote.ref.line}\t{raw}"


def refutations_of(said: Iterable[tuple[str, str, str]]) -> str:
    """What was wrong with a draft: (code, what was said, the true value)."""
    rows = [{"code": code, "said": visible(text), "true": visible(truth)} for code, text, truth in said]
    return "\n".join(map(_json, rows[: limits.VALUES]))
