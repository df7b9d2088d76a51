"""The stub is as strict as a provider, fails as it is told to, and keeps what it hears."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest

from eval.stubs.openai import FAULTS, Answer, Fault, Message, OpenAIStub, example_of, lint_strict_schema

ROOT = Path(__file__).parents[3]
ASK = {"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}]}
GOOD = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"anyOf": [{"$ref": "#/$defs/B"}, {"type": "null"}]}},
    "required": ["a", "b"],
    "additionalProperties": False,
    "$defs": {"B": {"type": "string", "enum": ["x", "y"]}},
}


@pytest.fixture
def stub() -> Iterator[OpenAIStub]:
    with OpenAIStub() as server:
        yield server


def post(url: str, body: object, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    """Status, body and headers of a reply."""
    content = json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status, reply.read().decode(), dict(reply.headers)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode(), dict(refusal.headers)


def schema_of(schema: object, **more: object) -> dict[str, object]:
    return {
        **ASK,
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": schema}},
    } | more


@pytest.mark.parametrize(
    "change",
    [
        {"type": "array", "items": {"type": "string"}},
        {"additionalProperties": True},
        {"required": ["a"]},
        {"required": ["a", "b", "c"]},
        {"properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "null"}}},
        {"properties": {"a": {"type": "string", "maxLength": 3}, "b": {"type": "null"}}},
        {"properties": {"a": {"oneOf": [{"type": "string"}]}, "b": {"type": "null"}}},
        {"properties": {"a": {"$ref": "#/$defs/B", "description": "d"}, "b": {"type": "null"}}},
        {"properties": {"a": {"type": "string", "format": "uri"}, "b": {"type": "null"}}},
        {"properties": {"a": {}, "b": {"type": "null"}}},
        {"properties": {"a": {"type": "array"}, "b": {"type": "null"}}},
        {"properties": {"a": {"type": "array", "items": {"type": "object"}}, "b": {"type": "null"}}},
        {"properties": {"a": {"type": "string", "enum": ["x" * 100] * 300}, "b": {"type": "null"}}},
        {"$defs": {"B": {"type": "string", "enum": [str(number) for number in range(1001)]}}},
    ],
)
def test_a_schema_that_is_refused(stub: OpenAIStub, change: Mapping[str, object]) -> None:
    assert lint_strict_schema({**GOOD, **change})
    assert post(f"{stub.url}/v1/chat/completions", schema_of({**GOOD, **change}))[0] == 400


def test_a_schema_that_is_accepted_and_its_example(stub: OpenAIStub) -> None:
    assert lint_strict_schema(GOOD) == []
    assert example_of(GOOD) == {"a": "text", "b": "x"}
    status, text, _ = post(f"{stub.url}/v1/chat/completions", schema_of(GOOD))
    assert status == 200
    assert json.loads(json.loads(text)["choices"][0]["message"]["content"]) == {"a": "text", "b": "x"}


def test_a_nesting_too_deep_is_refused() -> None:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(11):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"], "additionalProperties": False}
    assert any("deeper" in problem for problem in lint_strict_schema(schema))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/chat/completions", ASK, 200),
        ("/v1/chat/completions", {**ASK, "messages": []}, 400),
        ("/v1/chat/completions", {**ASK, "model": "gpt-5", "max_tokens": 5}, 400),
        ("/v1/chat/completions", {**ASK, "model": "gpt-5", "temperature": 0}, 400),
        ("/v1/chat/completions", {**ASK, "model": "gpt-5-chat", "temperature": 0}, 200),
        ("/v1/chat/completions", {**ASK, "response_format": {"type": "json_object"}}, 400),
        ("/v1/responses", {"model": "m", "input": "hi"}, 200),
        ("/v1/embeddings", {"model": "m", "input": ["a"]}, 200),
        ("/v1/embeddings", {"model": "m", "input": [1, 2]}, 200),
        ("/v1/embeddings", {"model": "m", "input": ["a", ""]}, 400),
        ("/v1/embeddings", {"model": "m", "input": []}, 400),
        ("/v1/embeddings", {"model": "m", "input": ["a"] * 2049}, 400),
        ("/v1/nothing", {}, 404),
        ("/openai/v1/chat/completions", ASK, 200),
        ("/openai/deployments/d/chat/completions?api-version=2024-10-21", ASK, 200),
        ("/openai/deployments/d/chat/completions", ASK, 404),
        ("/openai/deployments/d/chat/completions?api-version=latest", ASK, 404),
    ],
)
def test_what_a_provider_checks(stub: OpenAIStub, path: str, body: object, status: int) -> None:
    assert post(f"{stub.url}{path}", body)[0] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer b"}, 401), ({"Authorization": "Bearer a"}, 200), ({"api-key": "a"}, 200)],
)
def test_keys(headers: Mapping[str, str], status: int) -> None:
    with OpenAIStub(keys=("a",), models=("m",)) as stub:
        assert post(f"{stub.url}/v1/chat/completions", ASK, **headers)[0] == status
        assert post(f"{stub.url}/v1/chat/completions", {**ASK, "model": "x"}, **headers)[0] == (
            404 if status == 200 else 401
        )


def test_scripted_answers_come_before_the_replier(stub: OpenAIStub) -> None:
    def replier(messages: object, schema: object) -> str:
        assert messages == [Message("system", "s"), Message("user", "hi")]
        return f"replied to {schema}"

    stub.replier = replier
    stub.say("first", Answer("second", finish="length"))
    replies = [json.loads(post(f"{stub.url}/v1/chat/completions", ASK)[1])["choices"][0] for _ in range(3)]
    assert [reply["message"]["content"] for reply in replies] == ["first", "second", "replied to None"]
    assert [reply["finish_reason"] for reply in replies] == ["stop", "length", "stop"]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
def test_a_stream_is_the_answer_in_pieces(stub: OpenAIStub, path: str) -> None:
    stub.say("a b c")
    text = post(f"{stub.url}{path}", {**ASK, "input": "hi", "stream": True, "stream_options": {"include_usage": True}})[
        1
    ]
    events = [json.loads(line.removeprefix("data: ")) for line in text.split("\n") if line.startswith("data: {")]
    chat = "".join(event["choices"][0]["delta"].get("content", "") for event in events if event.get("choices"))
    responses = "".join(event.get("delta", "") for event in events if event.get("type", "").endswith("text.delta"))
    assert (chat or responses) == "a b c"
    assert any(event.get("usage") or event.get("response", {}).get("usage") for event in events)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.status])
def test_an_error_has_its_status_and_code(stub: OpenAIStub, name: str) -> None:
    stub.fail(None, name)
    assert post(f"{stub.url}/v1/chat/completions", ASK)[0] == 200
    status, text, headers = post(f"{stub.url}/v1/chat/completions", ASK)
    assert (status, json.loads(text)["error"]["code"]) == (FAULTS[name].status, FAULTS[name].error)
    assert headers.get("Retry-After") == (None if (after := FAULTS[name].retry_after) is None else f"{after:g}")
    assert post(f"{stub.url}/v1/chat/completions", ASK)[0] == 200


@pytest.mark.parametrize(("name", "error"), [("reset", ConnectionResetError), ("cut", IncompleteRead)])
def test_a_broken_connection(stub: OpenAIStub, name: str, error: type[Exception]) -> None:
    stub.fail(name)
    with pytest.raises((error, RemoteDisconnected, urllib.error.URLError, ConnectionResetError)):
        post(f"{stub.url}/v1/chat/completions", {**ASK, "stream": True})


def test_silence_ends_with_the_server() -> None:
    with OpenAIStub() as stub:
        stub.fail("hang")
        request = urllib.request.Request(f"{stub.url}/v1/chat/completions", json.dumps(ASK).encode())
        with pytest.raises((TimeoutError, urllib.error.URLError)):
            urllib.request.urlopen(request, timeout=0.2)


def test_no_key_is_kept(stub: OpenAIStub) -> None:
    post(f"{stub.url}/v1/chat/completions", ASK, Authorization="Bearer not-a-real-key")
    (heard,) = stub.heard
    assert heard.auth == "authorization"
    assert "not-a-real-key" not in str(asdict(heard))
    assert json.loads(heard.raw) == heard.body == ASK


def test_embeddings_are_the_same_for_the_same_words(stub: OpenAIStub) -> None:
    body = {"model": "text-embedding-3-small", "input": ["failed login", "login failed", "other"], "dimensions": 32}
    rows = [row["embedding"] for row in json.loads(post(f"{stub.url}/v1/embeddings", body)[1])["data"]]
    assert rows[0] == pytest.approx(rows[1])
    assert [len(row) for row in rows] == [32] * 3
    assert sum(a * b for a, b in zip(rows[0], rows[2], strict=True)) < 0.9


def test_as_a_program() -> None:
    command = [sys.executable, "-m", "eval.stubs.openai", "--lenient", "--modes", "json_object"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            post(f"{url}/__stub__/script", ["one", {"a": 1}])
            post(f"{url}/__stub__/faults", ["busy", {"status": 503}])
            statuses = [post(f"{url}/v1/chat/completions", ASK)[0] for _ in range(4)]
            heard = json.loads(post(f"{url}/__stub__/requests", None)[1])
            post(f"{url}/__stub__/reset", None)
            assert statuses == [429, 503, 200, 200]
            assert len(heard) == 4
            assert json.loads(post(f"{url}/__stub__/requests", None)[1]) == []
            assert post(f"{url}/v1/chat/completions", schema_of(GOOD))[0] == 400
        finally:
            process.terminate()


def test_a_fault_may_be_spelled_out(stub: OpenAIStub) -> None:
    stub.fail(Fault(body="<html>", content_type="text/html"))
    assert post(f"{stub.url}/v1/chat/completions", ASK)[1] == "<html>"
