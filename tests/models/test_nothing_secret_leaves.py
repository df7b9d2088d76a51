"""Every kind of secret, in five ways of writing, sent to a recording server as log text and as text to embed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.stubs.openai import OpenAIStub
from models.build import build_embedder
from models.call import Call, Purpose
from models.gateway import Gateway
from models.redact import RedactSettings, redactor_for
from models.redact.kind import Key, Kind, kinds
from models.redact.scan import scanner
from models.redact.shape import sample
from models.redact.views import runs_of
from tests.models.asking import Found, chat_of, ledger_of, settings_of
from tests.models.redact.leaks import ENCODINGS, readings

pytestmark = pytest.mark.slow

WAYS = ("plain", "percent", "double percent", "base64")
AT_ONCE = 25
REDACTOR = redactor_for(b"a key of a test", RedactSettings())


@dataclass(frozen=True)
class Lines:
    """A prompt file that quotes every variable."""

    name: str = "question"
    version: int = 1

    def render(self, variables: Mapping[str, str], boundary: str) -> tuple[str, str]:
        quoted = "\n".join(f"<{boundary}>{value}</{boundary}>" for value in variables.values())
        return "You explain logs.", quoted


def written(kind: Kind | Key) -> tuple[str, list[str]]:
    """The secret of a sample, and log text that holds it: in every way, and cut in two."""
    text = sample(kind.fires[0], 11)
    span = next(one for one in scanner().found(text, runs_of(text)) if one.kind == kind.id)
    middle = (span.start + span.end) // 2
    return text[span.start : span.end], [
        *(ENCODINGS[way](text) for way in WAYS),
        f"it was {text[:middle]}",
        f"{text[middle:]} it was",
    ]


def batches() -> Iterator[tuple[list[str], list[str]]]:
    every = [written(kind) for kind in kinds()]
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        yield [secret for secret, _ in some], [text for _, texts in some for text in texts]


def texts_in(value: object) -> Iterator[str]:
    """Every text of a request, as whoever receives it reads it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def leaked(stub: OpenAIStub, secrets: list[str]) -> list[str]:
    sent = [text for one in stub.heard for text in texts_in(one.body)]
    assert any("⟦SECRET-" in text for text in sent)
    read = {reading for text in sent for reading in readings(text)}
    halves = [part for one in secrets for part in (one, one[: len(one) // 2], one[len(one) // 2 :]) if len(part) >= 8]
    return [secret for secret in halves if any(secret in reading for reading in read)]


def test_enough_kinds_are_known() -> None:
    assert sum(1 for _ in kinds()) >= 150


@pytest.mark.parametrize(("secrets", "texts"), list(batches()))
def test_none_reaches_the_chat_model(secrets: list[str], texts: list[str], tmp_path: Path) -> None:
    with OpenAIStub() as stub:
        gateway = Gateway(chat_of("openai", stub.url), REDACTOR, ledger_of(tmp_path))
        call = Call(Purpose.ASK, Lines(), {str(place): text for place, text in enumerate(texts)}, Found)
        gateway.ask(call, deadline=float("inf"))
        assert leaked(stub, secrets) == []


@pytest.mark.parametrize(("secrets", "texts"), list(batches()))
def test_none_reaches_the_embedder(secrets: list[str], texts: list[str], tmp_path: Path) -> None:
    with OpenAIStub() as stub:
        embedder = build_embedder(settings_of("openai", stub.url), REDACTOR, ledger_of(tmp_path))
        assert embedder is not None
        embedder.embed(texts)
        assert leaked(stub, secrets) == []


def test_the_reader_of_requests_finds_what_is_there() -> None:
    assert list(texts_in(json.loads('{"messages": [{"content": "a"}, {"content": ["b"]}]}'))) == ["a", "b"]
