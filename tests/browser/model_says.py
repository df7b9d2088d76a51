"""What the model of the browser tests says: true and false counts, a proposal, text that wants to be more than text."""

from collections.abc import Mapping, Sequence

from core.draft import (
    BenignNote,
    Comparator,
    Draft,
    DraftFinding,
    DraftSentence,
    Evidence,
    Statement,
    StatementKind,
    ValueCount,
)
from core.draft_selector import DraftSelector
from core.taxonomy import AttackType, Outcome
from eval.stubs.openai import Message, Replier, example_of

NOTHING: dict[str, object] = {
    name: [] if name not in {"since", "until"} else None for name in DraftSelector.model_fields
}


def lines(**conditions: object) -> DraftSelector:
    return DraftSelector.model_validate({**NOTHING, **conditions})


def count(name: str, number: int) -> Statement:
    return Statement(
        id=name, kind=StatementKind.COUNT, selector=lines(types=[AttackType.SQL_INJECTION]), against=None, by=None,
        comparator=Comparator.EXACTLY, number=number, of=None, time=None, name=None, values=[], complete=False,
    )  # fmt: skip


def evil(url: str) -> str:
    return (
        f"![x]({url}/model.png) <img src={url}/model2.png> [c]({url}/c) {url}/auto :material/home: $x$ \u202egnp "
        f"![r][1] `{url}/code` <style>@import url({url}/css)</style> 14✓"
    )


def draft(url: str) -> Draft:
    """14 SQL injection lines are true of the sample incident, 99 are not; the last finding is known to no rule."""
    proposal = DraftFinding(
        id="f1", type=None, title=f"Odd visits to the shop {evil(url)}", selector=lines(ips=["203.0.113.45"]), count=32,
        source_ips=[ValueCount(value="203.0.113.45", count=32)], first_seen=None, last_seen=None,
        outcome=Outcome.UNKNOWN, level=None, reason=f"One address walks through everything. {evil(url)}",
        evidence=[Evidence(source="access.log", line=123, quote="UNION")],
    )  # fmt: skip
    return Draft(
        findings=[proposal],
        statements=[count("s1", 14), count("s2", 99)],
        benign=[BenignNote(selector=lines(ips=["192.0.2.10"]), reason=f"an ordinary visitor {evil(url)}")],
        answer=[
            DraftSentence(text="The model counts 14 SQL injection lines.", refers=["s1"]),
            DraftSentence(text="The model also counts 99 SQL injection lines.", refers=["s2"]),
            DraftSentence(text="It saw 192.0.2.250 as well.", refers=[]),
            DraftSentence(text=f"Look here: {evil(url)}", refers=[]),
        ],
    )


def says(url: str) -> Replier:
    """A draft where one is asked for, an example of the schema for anything else."""

    def reply(_messages: Sequence[Message], schema: Mapping[str, object] | None) -> str:
        asked = str(schema)
        if "'findings'" in asked and "'statements'" in asked:
            return draft(url).model_dump_json()
        return example_text(schema)

    return reply


def example_text(schema: Mapping[str, object] | None) -> str:
    import json

    return json.dumps(example_of(schema)) if schema is not None else "ready"
