"""H: lines counted twice or not at all, and taken from where they are not from."""

# ruff: noqa: ARG001, ARG005 - every operator is given what any of them needs

from collections.abc import Iterable
from random import Random

from core.draft import Draft, DraftFinding, StatementKind
from models.fakes.lies import edit
from models.fakes.lies.evidence import citing
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator
from models.fakes.lies.times import retimed

_COUNT = (StatementKind.COUNT,)


def _times(draft: Draft, factor: int) -> list[Lie]:
    """Each count, alone and with its addresses, so many times as large."""

    def larger(one: DraftFinding) -> Iterable[edit.Changes]:
        ips = [each.model_copy(update={"count": each.count * factor}) for each in one.source_ips]
        yield {"count": one.count * factor}
        yield {"count": one.count * factor, "source_ips": ips}

    return [
        *edit.findings(draft, larger),
        *edit.statements(draft, _COUNT, lambda one: [{"number": (one.number or 1) * factor}]),
    ]


def _h1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return _times(draft, 2)


def _h2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Evidence of a rotated file that is not there, and its lines counted on top."""
    more = random.randint(1, 9)
    lies = list[Lie](edit.lines_more(draft, i, more) for i, one in enumerate(draft.findings) if one.source_ips)
    return lies + citing(
        draft, lambda found, one: [[*found.evidence, one.model_copy(update={"source": f"{one.source}.1.gz"})]]
    )


def _h3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """A request that both logs tell, told as two."""
    return _times(draft, 2)[: len(draft.findings)] if len(facts.lines) > 1 else []


def _h4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Equal lines told as one: as many lines as there are different ones, without their time."""

    def fewer(count: int) -> Iterable[int]:
        return (n for n in (1, count // 2, count - 1) if 0 < n < count)

    return [
        *edit.findings(draft, lambda one: ({"count": n} for n in fewer(one.count))),
        *edit.statements(draft, _COUNT, lambda one: ({"number": n} for n in fewer(one.number or 0))),
    ]


def _h5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """`message repeated N times` counted as N lines, or once more."""
    by = random.choice((4, 5, 6))
    return [*edit.statements(draft, _COUNT, lambda one: ({"number": (one.number or 0) + n} for n in (by, by + 1)))]


def _h6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return citing(
        draft,
        lambda found, one: (
            [one.model_copy(update={"source": name, "line": 1})] for name in facts.lines if name != one.source
        ),
    )


def _forged(facts: LogFacts) -> list[tuple[str, int, str]]:
    """What a client wrote into a line to look like one: (file, line, text)."""
    return [
        (name, number, line.decode("utf-8", "replace")[at:])
        for name, lines in facts.lines.items()
        for number, line in enumerate(lines, 1)
        if (at := max(line.find(b"%0A", 1), line.find(b"\\x0a", 1), line.find(b"\\n", 1))) > 0
    ]


def _h7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The forged part alone as a line: by its own number, and as a later line of the file."""
    lies: list[Lie] = []
    for name, number, text in _forged(facts)[:2]:
        inner = text.replace("%0A", "").replace("%20", " ").replace("%22", '"').replace("\\x0a", "").replace("\\n", "")
        lies += citing(
            draft,
            lambda found, one, q=inner, n=name, number=number: (  # type: ignore[misc]
                [one.model_copy(update={"source": n, "line": at, "quote": q})] for at in (number, number + 1)
            ),
        )
    return lies


def _h8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    text = facts.words("These logs cannot have been tampered with.", "これらのログが改ざんされた可能性はありません。")
    return [edit.saying(draft, text)]


def _h9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Lines of a demonstration, and those of another machine."""
    text = facts.words("This comes from the log demo.log of 3 test servers.", "これは試験用3台のdemo.logのものです。")
    demo = citing(draft, lambda found, one: [[one.model_copy(update={"source": "demo.log"})]])
    return [*demo, edit.saying(draft, text), *retimed(draft, lambda _: ["2020-01-01T00:00:00+00:00"])]


_D, _C, _ = Decidable
PROVENANCE = (
    Operator("H1", "a file counted twice", _D, _h1),
    Operator("H2", "a rotated file counted on top", _D, _h2),
    Operator("H3", "a request told twice by two logs", _C, _h3),
    Operator("H4", "equal lines told as one", _D, _h4),
    Operator("H5", "repeated messages miscounted", _D, _h5),
    Operator("H6", "a line of another host or program", _D, _h6),
    Operator("H7", "a forged line taken as real", _D, _h7),
    Operator("H8", "logs that an attacker could write trusted", _C, _h8),
    Operator("H9", "a demonstration told as the real thing", _D, _h9),
)
