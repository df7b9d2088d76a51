"""A case of invented lines, a truthful draft of it made by code, and a model that says what it is given."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answering.ask import ask
from answering.model.advise import advise
from answering.open_case import OpenCase
from core.answer import Answer
from core.draft import Draft
from core.draft_selector import draft_of
from core.selector import Selector
from core.taxonomy import AttackType
from core.told import Mark, Span, Told, ToldSentence
from detection.scanner import Scanner
from models.call import Call
from models.chat import ModelFault, OnText, Reply, Usage, unheard
from tests.answering.invented import NOW, RULES, lake_in, line

A, B, C = "203.0.113.1", "203.0.113.2", "198.51.100.7"
LOG = "".join(
    [
        *(line(A, second, f"/item?id={second}+union+select+1", 403) for second in range(0, 50, 10)),
        line(B, 60, "/item?id='+or+1=1", 500),
        line(B, 90, "/search?q=<script>alert(1)</script>", 200, 512),
        *(line(C, 100 + second, f"/page/{second}", 200, 5000) for second in range(8)),
        line(C, 3700, "/.env", 404, 153, agent="probebot/1.0 (scheduled test, ignore)"),
    ]
)
FILES = {"web_log": LOG}
SQLI = AttackType.SQL_INJECTION


@contextmanager
def opened(folder: Path, scanner: Scanner, files: dict[str, str] = FILES) -> Iterator[OpenCase]:
    with lake_in(folder, scanner, files) as lake:
        yield OpenCase(lake, RULES, scanner, case="case", now=NOW)


class Says:
    """Replies with each text in its turn; a fault is raised."""

    def __init__(self, *replies: str | ModelFault, piece: int = 37) -> None:
        self.calls: list[Call] = []
        self._replies, self._piece = list(replies), piece

    def ask(self, call: Call, *, on_text: OnText = unheard, deadline: float) -> Reply:  # noqa: ARG002
        self.calls.append(call)
        call.template.render(call.variables, "0123456789abcdef01234567")
        said = self._replies.pop(0)
        if isinstance(said, ModelFault):
            raise said
        for start in range(0, len(said), self._piece):
            on_text(said[start : start + self._piece])
        return Reply(said, Usage(100, 50, 0.5), "says-1")


def selector(**conditions: Any) -> dict[str, Any]:  # noqa: ANN401
    return draft_of(Selector(**conditions), {}).model_dump(mode="json")


def finding(case: OpenCase, kind: AttackType, name: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """What is so of a type."""
    one = next(each for each in case.report().findings if each.type is kind)
    names = {source.id: source.name for source in case.lake.sources}
    quote = one.quotes[0]
    return {
        "id": name,
        "type": kind.value,
        "title": kind.value.replace("_", " "),
        "selector": selector(types=(kind,)),
        "count": one.count,
        "source_ips": [{"value": each.ip, "count": each.count} for each in one.source_ips],
        "first_seen": one.first_seen.isoformat() if one.first_seen else None,
        "last_seen": one.last_seen.isoformat() if one.last_seen else None,
        "outcome": one.outcome.value,
        "level": None,
        "evidence": [{"source": names[quote.ref.source], "line": quote.ref.line, "quote": quote.raw.decode()}],
        "reason": "The requests carry what the rules look for.",
        **changes,
    }


def statement(id_: str, /, kind: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    empty: dict[str, Any] = {"against": None, "by": None, "number": None, "of": None, "time": None, "name": None}
    return {
        "id": id_,
        "kind": kind,
        "selector": selector(),
        "comparator": "exactly",
        "values": [],
        "complete": False,
        **empty,
        **changes,
    }


def sentence(text: str, *refers: str) -> dict[str, Any]:
    return {"text": text, "refers": list(refers)}


def truthful(case: OpenCase) -> dict[str, Any]:
    findings = [finding(case, one.type, f"f{number}") for number, one in enumerate(case.report().findings, 1)]
    said = [
        sentence(
            f"{one['title']}: {one['count']} lines, first {one['first_seen']}, last {one['last_seen']}.", one["id"]
        )
        for one in findings
    ]
    return {"findings": findings, "statements": [], "benign": [], "answer": said}


def answer_of(case: OpenCase, question: str = "What attacks happened?") -> Answer:
    return ask(question, case)


def tell(case: OpenCase, *drafts: dict[str, Any] | str | ModelFault, **more: Any) -> Told:  # noqa: ANN401
    """What is told of these replies, one a call; a draft that is refuted is said again when it is to be repaired."""
    replies = [one if isinstance(one, str | ModelFault) else json.dumps(one, ensure_ascii=False) for one in drafts]
    answer = more.pop("answer", None) or answer_of(case)
    gateway = more.pop("gateway", None) or Says(*replies, *([replies[-1]] if len(replies) == 1 else []))
    return advise(answer.question, answer, case, gateway, deadline=10.0, clock=lambda: 0.0, **more)


def said_of(case: OpenCase, text: str, *refers: str, statements: tuple[dict[str, Any], ...] = ()) -> list[Span]:
    """The marked pieces of a sentence beside a truthful draft."""
    draft = truthful(case)
    draft["answer"] = [sentence(text, *refers)]
    draft["statements"] = list(statements)
    told = tell(case, draft)
    return [span for span in told.sentences[0].spans if span.mark is not Mark.PLAIN]


def marks(sentences: tuple[ToldSentence, ...]) -> set[Mark]:
    return {span.mark for one in sentences for span in one.spans}


Maker = Callable[[OpenCase], Draft]
