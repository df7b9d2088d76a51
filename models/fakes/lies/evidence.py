"""C: lines that do not exist or do not belong, and words that do not stand in them."""

# ruff: noqa: ARG001, ARG005 - every operator is given what any of them needs

from collections.abc import Callable, Iterable
from random import Random
from urllib.parse import unquote

from core.draft import Draft, DraftFinding, Evidence
from models.fakes.lies import edit
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

Citing = Callable[[DraftFinding, Evidence], Iterable[list[Evidence]]]


def citing(draft: Draft, change: Citing) -> list[Lie]:
    """Each finding's evidence as `change` makes it out of its first line."""
    return [
        *edit.findings(
            draft, lambda one: ({"evidence": made} for made in change(one, one.evidence[0])) if one.evidence else ()
        )
    ]


def _moved(one: Evidence, **changes: object) -> Evidence:
    return one.model_copy(update=changes)


def _others(facts: LogFacts, one: Evidence, random: Random) -> list[Evidence]:
    """True quotes of up to three other lines."""
    places = [(name, line) for name, lines in facts.lines.items() for line in range(1, len(lines) + 1)]
    places = [(name, line) for name, line in places if (name, line) != (one.source, one.line)]
    return [facts.evidence(*place) for place in random.sample(places, min(3, len(places)))]


def _c1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def nowhere(_: DraftFinding, one: Evidence) -> Iterable[list[Evidence]]:
        end = len(facts.lines.get(one.source, ()))
        return ([_moved(one, line=line)] for line in (0, -1, end + 1, end + 10_000, 2**63))

    return citing(draft, nowhere)


def _c2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def elsewhere(_: DraftFinding, one: Evidence) -> Iterable[list[Evidence]]:
        yield from ([_moved(one, line=one.line + shift)] for shift in (-1, 1, 7))
        yield from ([other] for other in _others(facts, one, random))

    return citing(draft, elsewhere)


def _misquotes(quote: str, random: Random) -> Iterable[str]:
    at = random.randrange(len(quote))
    yield quote[:at] + chr(ord(quote[at]) ^ 1) + quote[at + 1 :]
    yield quote.replace('" 404 ', '" 200 ').replace('" 403 ', '" 200 ').replace("Failed", "Accepted")
    yield quote + " "
    yield quote.upper()
    yield quote.replace("  ", " ")
    yield ""


def _c3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return citing(
        draft, lambda _, one: ([_moved(one, quote=q)] for q in _misquotes(one.quote, random) if q != one.quote)
    )


def _c4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def spliced(_: DraftFinding, one: Evidence) -> Iterable[list[Evidence]]:
        third = len(one.quote) // 3
        for between in ("", "…", "...", " [...] "):
            yield [_moved(one, quote=one.quote[:third] + between + one.quote[2 * third :])]

    return citing(draft, spliced)


def _c5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def stitched(found: DraftFinding, one: Evidence) -> Iterable[list[Evidence]]:
        for other in _others(facts, one, random):
            yield [_moved(one, quote=one.quote[: len(one.quote) // 2] + other.quote[len(other.quote) // 2 :])]
            yield [_moved(one, quote=f"{one.quote}\n{other.quote}")]

    return citing(draft, stitched)


def _c6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def misfiled(_: DraftFinding, one: Evidence) -> Iterable[list[Evidence]]:
        names = (*(name for name in facts.lines if name != one.source), f"{one.source}.1", f"web2/{one.source}", "")
        return ([_moved(one, source=name)] for name in names)

    return citing(draft, misfiled)


def _c7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A finding of the first part of the time, with true figures, and a line of the second part as its evidence."""
    lies: list[Lie] = []
    for index, one in enumerate(draft.findings):
        if one.id in facts.halves and one.evidence:
            half = facts.halves[one.id]
            kept = {(each.source, each.line) for each in half.evidence}
            late = [each for each in one.evidence if (each.source, each.line) not in kept]
            if late:
                fields = {name: getattr(half, name) for name in type(half).model_fields if name != "id"}
                lies.append(edit.finding(draft, index, **(fields | {"evidence": late})))
    return lies


def _c8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return citing(draft, lambda found, one: [[*found.evidence, *_others(facts, one, random)]])


def _c9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    raised = (edit.lines_more(draft, index, 500) for index, one in enumerate(draft.findings) if one.source_ips)
    return [edit.finding(more, index, evidence=more.findings[index].evidence[:1]) for index, more in enumerate(raised)]


def _c10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return citing(draft, lambda found, one: [[one, one], [*found.evidence, one, one, one]])


def _c11(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Numbers as a program counts that breaks lines at CR, VT, FF, NEL and U+2028 as well."""

    def renumbered(_: DraftFinding, one: Evidence) -> Iterable[list[Evidence]]:
        before = b"\n".join(facts.lines.get(one.source, ())[: one.line - 1]).decode("utf-8", "replace")
        breaks = sum(before.count(mark) for mark in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        if breaks:
            yield [_moved(one, line=one.line + breaks)]

    return citing(draft, renumbered)


MARKERS = (
    "<<<data log 0123456789abcdef01234567>>>",
    "<<<end log 0123456789abcdef01234567>>>",
    "{{ context }}",
    '198.51.100.254 - - [01/Jan/2026:00:00:00 +0000] "GET /example HTTP/1.1" 200 1',
)


def _c12(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return citing(draft, lambda found, one: ([_moved(one, quote=marker)] for marker in MARKERS))


TOKENS = ("⟦IP-aaaaaaaaaaaa⟧", "⟦USER-2222bbbb2222⟧", "⟦SECRET-jwt-64+-k3v9qa⟧", "⟦ip:99⟧", "⟦⟧", "[REDACTED]")


def _c13(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Tokens that stand for nothing, in place of an address, of a user and in the quote."""
    lies = citing(draft, lambda found, one: ([_moved(one, quote=f"{token} - -")] for token in TOKENS))
    for token in TOKENS:
        lies += edit.findings(
            draft,
            lambda one, token=token: (  # type: ignore[misc]
                [{"source_ips": [one.source_ips[0].model_copy(update={"value": token}), *one.source_ips[1:]]}]
                if one.source_ips
                else []
            ),
        )
    return lies


def _c14(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lines = [facts.evidence(*place) for place in facts.unread[:3]]
    return citing(draft, lambda found, one: ([*found.evidence, line] for line in lines))


def _c16(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The fields are true; a number of the text is not."""
    from models.fakes.lies.counts import wrong

    def changed(text: str) -> Iterable[str]:
        for number in edit.numbers_in(text):
            yield edit.numeral(text, number, f"{random.choice(wrong(number, random))}")

    reasons = edit.findings(draft, lambda one: ({"reason": text} for text in changed(one.reason)))
    return [*edit.sentences(draft, changed), *reasons]


def decoded(draft: Draft) -> list[Lie]:
    """The quote as the server understood it, told as the words of the line."""
    return citing(
        draft, lambda found, one: [[_moved(one, quote=unquote(one.quote))]] if unquote(one.quote) != one.quote else []
    )


_D = Decidable.D
EVIDENCE = (
    Operator("C1", "a line that does not exist", _D, _c1),
    Operator("C2", "another line", _D, _c2),
    Operator("C3", "misquoted", _D, _c3),
    Operator("C4", "quoted with something left out", _D, _c4),
    Operator("C5", "a quote of two lines", _D, _c5),
    Operator("C6", "the right words in the wrong file", _D, _c6),
    Operator("C7", "a line of another time", _D, _c7),
    Operator("C8", "lines that have nothing to do with it", _D, _c8),
    Operator("C9", "one line of evidence for hundreds", _D, _c9),
    Operator("C10", "one line told as several", _D, _c10),
    Operator("C11", "lines counted at other characters than LF", _D, _c11),
    Operator("C12", "a quote of the prompt", _D, _c12),
    Operator("C13", "a token that stands for nothing", _D, _c13),
    Operator("C14", "a line that nothing could read", _D, _c14),
    Operator("C16", "a wrong number in the text alone", _D, _c16),
)
