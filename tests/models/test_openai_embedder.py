"""Embeddings: redacted, cut, sent as strings, of unit length, and every fault in its code and in time."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.stubs.openai import FAULTS, OpenAIStub
from models.build import build_embedder
from models.chat import FaultCode, ModelFault
from models.ledger import Ledger, Unbooked
from models.openai_embedder import LONGEST, OpenAIEmbedder, Timing, cut
from models.settings import Limits, Prices
from stores.embedding import Cached, Embedder
from stores.outgoing import Outgoing
from tests.models.asking import CODES as EVERY_CODE
from tests.models.asking import ENOUGH, KINDS, LATE, SECONDS, Hiding, settings_of

EMBEDDING_KINDS = [kind for kind in KINDS if kind != "openai-responses"]


def embedder_of(kind: str, url: str, ledger: Ledger | Unbooked | None = None, **more: str) -> OpenAIEmbedder:
    made = build_embedder(settings_of(kind, url, **more), Hiding(), ledger or Unbooked())
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("openai", "text-embedding-3-small-1536"),
        ("azure-classic", "text-embedding-3-small-64"),
        ("azure-v1", "text-embedding-3-small-64"),
        ("ollama", "nomic-embed-text-64"),
    ],
)
def test_an_embedder_is_an_embedder(stub: OpenAIStub, kind: str, name: str) -> None:
    embedder: Embedder = embedder_of(kind, stub.url)
    rows = embedder.embed(["a failed login", "a failed login", "something else"])
    assert embedder.name == name
    assert rows.shape == (3, embedder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(rows[0], rows[1])
    assert rows[0] @ rows[2] < 0.9


def test_each_different_text_is_sent_once_as_a_string_and_redacted(stub: OpenAIStub) -> None:
    embedder_of("openai", stub.url).embed(["mallory", "b", "mallory", "", "  \n"])
    assert [heard.body["input"] for heard in stub.heard] == [["⟦USER:1⟧", "b"]]


def test_texts_that_say_nothing_are_one_vector_and_are_not_sent(stub: OpenAIStub) -> None:
    rows = embedder_of("openai", stub.url).embed(["", " ", "\t"])
    assert stub.heard == ()
    assert rows[0][0] == 1
    np.testing.assert_array_equal(rows[0], rows[2])


def test_no_text_is_no_request(stub: OpenAIStub) -> None:
    assert embedder_of("openai", stub.url).embed([]).shape == (0, 1536)
    assert stub.heard == ()


def test_a_long_text_is_cut_by_its_tokens(stub: OpenAIStub) -> None:
    embedder_of("openai", stub.url).embed(["証" * 1_000_000])
    (heard,) = stub.heard
    assert isinstance(heard.body["input"], list)
    (text,) = heard.body["input"]
    assert LONGEST - 3 < len(text.encode()) <= LONGEST


@pytest.mark.parametrize(
    ("text", "most", "found"), [("abc", 3, "abc"), ("abcd", 3, "abc"), ("証証", 4, "証"), ("", 1, "")]
)
def test_cut(text: str, most: int, found: str) -> None:
    assert cut(text, most, lambda part: len(part.encode())) == found


def test_a_cut_by_tokens_keeps_more_than_one_by_bytes() -> None:
    assert cut("word " * 100, 50, lambda part: len(part.split())) == ("word " * 50 + "word")[: 50 * 5]


def test_many_texts_are_sent_in_batches(stub: OpenAIStub) -> None:
    rows = embedder_of("azure-v1", stub.url).embed([f"text {number}" for number in range(600)])
    assert [len(list(heard.body["input"])) for heard in stub.heard] == [256, 256, 88]  # type: ignore[call-overload]
    assert rows.shape == (600, 64)


def test_dimensions_are_asked_for_where_the_model_can_be_asked(stub: OpenAIStub) -> None:
    assert embedder_of("openai", stub.url, AKASHI_EMBEDDING_DIMENSIONS="256").embed(["a"]).shape == (1, 256)
    assert stub.heard[-1].body["dimensions"] == 256
    embedder_of("openai", stub.url).embed(["a"])
    assert "dimensions" not in stub.heard[-1].body


def test_other_dimensions_than_expected_are_a_fault(stub: OpenAIStub) -> None:
    with pytest.raises(ModelFault) as told:
        embedder_of("ollama", stub.url, AKASHI_EMBEDDING_DIMENSIONS="768").embed(["a"])
    assert (told.value.code, told.value.facts["dimensions"]) == (FaultCode.MALFORMED, 64)


def test_what_is_paid_for_is_kept_and_written_down(stub: OpenAIStub, case: Path) -> None:
    ledger = Ledger(case, len, prices=Prices(embedding=1_000_000))
    embedder = Cached(embedder_of("openai", stub.url, ledger), case)
    np.testing.assert_array_equal(embedder.embed(["a", "b"]), embedder.embed(["a", "b"]))
    (heard,) = stub.heard
    with Outgoing.open(case) as outgoing:
        (sent,) = outgoing.calls()
        assert (sent.purpose, sent.fault, outgoing.payload(sent.number)) == ("embed", "", heard.raw)
        assert sent.cost == sent.input_tokens > 0


def test_what_is_over_the_budget_does_not_leave(stub: OpenAIStub, case: Path) -> None:
    ledger = Ledger(case, len, limits=Limits(case_tokens=10))
    with pytest.raises(ModelFault) as told:
        embedder_of("openai", stub.url, ledger).embed(["a long text"])
    assert told.value.code is FaultCode.OVER_BUDGET
    assert stub.heard == ()


OF_WORDS = {"cut_quietly", "refused", "truncated", "filtered"}
"""Faults that only a reply of words can have."""
CODES = {name: code for name, code in EVERY_CODE.items() if name not in OF_WORDS} | {"huge": FaultCode.MALFORMED}


@pytest.fixture(scope="module")
def _loaded() -> None:
    with OpenAIStub() as stub:
        embedder_of("openai", stub.url).embed(["a"])


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize("kind", EMBEDDING_KINDS)
@pytest.mark.parametrize("name", CODES)
def test_a_fault_ends_in_its_code_and_in_time(stub: OpenAIStub, kind: str, name: str) -> None:
    stub.always = FAULTS[name]
    seconds = SECONDS.get(name, ENOUGH)
    embedder = embedder_of(kind, stub.url)
    embedder._timing = replace(Timing(), retries=0)
    embedder = embedder.until(time.monotonic() + seconds)
    began = time.monotonic()
    with pytest.raises(ModelFault) as told:
        embedder.embed(["a"])
    assert time.monotonic() - began < seconds + LATE
    assert told.value.code is CODES[name]


def test_a_fault_that_passes_is_waited_for(stub: OpenAIStub) -> None:
    stub.fail("busy", "reset")
    assert embedder_of("openai", stub.url).embed(["a"]).shape == (1, 1536)
    assert len(stub.heard) == 3


def test_without_a_question_a_batch_has_its_own_time(stub: OpenAIStub) -> None:
    stub.fail("hang")
    embedder = embedder_of("openai", stub.url)
    embedder._timing = replace(Timing(), call_seconds=0.3)
    with pytest.raises(ModelFault) as told:
        embedder.embed(["a"])
    assert told.value.code is FaultCode.TIMEOUT
