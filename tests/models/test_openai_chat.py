"""What the libraries do unless they are told otherwise, and what we tell them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval.stubs.openai import Answer, OpenAIStub
from models.chat import FaultCode, ModelFault, Usage
from models.openai_chat import Form
from tests.models.asking import GOOD, KEY, KINDS, PROMPT, ask, chat_of

ROOT = Path(__file__).parents[2]
OURS = {"host", "accept", "content-type", "user-agent", "accept-encoding", "content-length"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_is_its_text_its_usage_and_its_pieces(stub: OpenAIStub, kind: str) -> None:
    stub.say(GOOD)
    pieces: list[str] = []
    sent: list[str] = []
    reply = chat_of(kind, stub.url).reply(
        PROMPT, on_text=pieces.append, deadline=time.monotonic() + 60, clock=time.monotonic, on_sent=sent.append
    )
    assert reply.text == "".join(pieces) == GOOD
    assert reply.model == KINDS[kind].get("OPENAI_MODEL", "my-gpt")
    assert reply.usage == Usage(reply.usage.input_tokens, len(GOOD) // 4, reply.usage.seconds)
    assert (reply.usage.input_tokens or 0) > 10
    assert sent == [stub.heard[-1].raw]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_told_but_what_must_be(stub: OpenAIStub, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Organisations of the environment, versions and retry counts of the libraries stay here."""
    for name in ("OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "AZURE_OPENAI_AD_TOKEN"):
        monkeypatch.setenv(name, "from-the-environment")
    ask(chat_of(kind, stub.url))
    heard = stub.heard[-1]
    assert set(heard.headers) == OURS
    assert heard.headers["user-agent"] == "akashi"
    assert "from-the-environment" not in f"{heard}"
    assert heard.auth == {"azure": "api-key", "opena": "authorization", "ollam": ""}[kind[:5]]


def test_an_organisation_of_the_settings_is_told(stub: OpenAIStub) -> None:
    ask(chat_of("openai", stub.url, OPENAI_ORG_ID="org-1", OPENAI_PROJECT_ID="proj-1"))
    headers = stub.heard[-1].headers
    assert (headers["openai-organization"], headers["openai-project"]) == ("org-1", "proj-1")


@pytest.mark.parametrize("kind", KINDS)
def test_no_temperature_unless_somebody_wants_one(stub: OpenAIStub, kind: str) -> None:
    ask(chat_of(kind, stub.url))
    assert "temperature" not in stub.heard[-1].body


def test_a_temperature_that_is_set_is_sent(stub: OpenAIStub) -> None:
    ask(chat_of("openai", stub.url, AKASHI_TEMPERATURE="0.2"))
    assert stub.heard[-1].body["temperature"] == 0.2


def test_a_parameter_that_a_model_refuses_is_named(stub: OpenAIStub) -> None:
    chat = chat_of("openai", stub.url, OPENAI_MODEL="gpt-6-sol", AKASHI_TEMPERATURE="0.2")
    with pytest.raises(ModelFault) as told:
        ask(chat)
    assert (told.value.code, told.value.facts["parameter"]) == (FaultCode.BAD_REQUEST, "temperature")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_environment_gets_between(stub: OpenAIStub, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    ask(chat_of(kind, stub.url))
    with OpenAIStub() as other:
        for name in ELSEWHERE:
            monkeypatch.setenv(name, other.url)
        for name, value in OTHERWISE.items():
            monkeypatch.setenv(name, value)
        ask(chat_of(kind, stub.url))
        assert len(other.heard) == 0
    before, now = stub.heard
    assert before == now


ELSEWHERE = (
    *("LANGSMITH_GATEWAY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"),
    *("OPENAI_PROXY", "HTTP_PROXY", "ALL_PROXY"),
)
OTHERWISE = {
    "LANGSMITH_API_KEY": "lsv2_not_a_real_key",
    "OPENAI_API_KEY": "of-somebody-else",
    "OPENAI_API_TYPE": "azure_ad",
    "OPENAI_API_VERSION": "2020-01-01",
    "LC_OUTPUT_VERSION": "responses/v1",
    "AZURE_OPENAI_AD_TOKEN": "of-somebody-else",
}


def test_nothing_is_traced(stub: OpenAIStub) -> None:
    """In a process of its own: the tracer reads its variables once."""
    script = (
        "from tests.models.asking import ask, chat_of\n"
        f"ask(chat_of('openai', {stub.url!r}))\n"
        "from langchain_core.tracers.langchain import wait_for_all_tracers\n"
        "wait_for_all_tracers()\n"
    )
    with OpenAIStub() as tracer:
        traced = {
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_API_KEY": "lsv2_not_a_real_key",
        }
        environment = {**traced, "LANGSMITH_ENDPOINT": tracer.url, "PYTHONPATH": str(ROOT), "PATH": ""}
        subprocess.run([sys.executable, "-c", script], env=environment, cwd=ROOT, check=True)
        assert (len(stub.heard), len(tracer.heard)) == (1, 0)


def test_a_local_server_is_told_the_most_tokens_in_both_words(stub: OpenAIStub) -> None:
    ask(chat_of("ollama", stub.url, AKASHI_MAX_OUTPUT_TOKENS="500"))
    body = stub.heard[-1].body
    assert (body["max_tokens"], body["max_completion_tokens"]) == (500, 500)


@pytest.mark.parametrize("kind", ["openai", "openai-responses", "azure-v1"])
def test_nothing_is_to_be_kept_by_the_provider(stub: OpenAIStub, kind: str) -> None:
    ask(chat_of(kind, stub.url))
    assert stub.heard[-1].body["store"] is False


def test_a_deployment_is_named_in_the_body_as_well(stub: OpenAIStub) -> None:
    ask(chat_of("azure-classic", stub.url))
    assert stub.heard[-1].body["model"] == "my-gpt"


@pytest.mark.parametrize("kind", ["openai", "azure-classic", "ollama"])
@pytest.mark.parametrize(
    ("modes", "requests", "form"),
    [(("json_schema", "json_object"), 1, Form.SCHEMA), (("json_object",), 2, Form.OBJECT), ((), 3, Form.TEXT)],
)
def test_a_server_without_schemas_is_asked_in_words(
    kind: str, modes: tuple[str, ...], requests: int, form: Form
) -> None:
    thinking = f"<think>{{}}</think>\n```json\n{GOOD}\n```"
    with OpenAIStub(modes=modes, lenient=kind == "ollama", replier=lambda _, __: GOOD if modes else thinking) as stub:
        chat = chat_of(kind, stub.url)
        assert [ask(chat).text, chat.form, len(stub.heard)] == [GOOD, form, requests]
        assert [ask(chat).text, len(stub.heard)] == [GOOD, requests + 1]  # it remembers
        assert (form is Form.SCHEMA and kind != "ollama") or '"findings"' in str(stub.heard[-1].body["messages"])


class Stopped(BaseException):
    """As the app's own: no `Exception`."""


@pytest.mark.parametrize("stop", [ValueError("mine"), Stopped()])
def test_whoever_listens_may_stop_it(stub: OpenAIStub, stop: BaseException) -> None:
    stub.delay = 0.05
    heard: list[str] = []

    def on_text(piece: str) -> None:
        heard.append(piece)
        if piece:
            raise stop

    chat = chat_of("openai", stub.url)
    with pytest.raises(type(stop)) as raised:
        chat.reply(PROMPT, on_text=on_text, deadline=time.monotonic() + 60, clock=time.monotonic)
    assert raised.value is stop
    assert len([piece for piece in heard if piece]) == 1


@pytest.mark.parametrize("stop", [ValueError("mine"), Stopped()])
def test_a_silent_server_can_be_left(stub: OpenAIStub, stop: BaseException) -> None:
    stub.fail("hang")
    chat = chat_of("openai", stub.url)
    began = time.monotonic()

    def on_text(_: str) -> None:
        if time.monotonic() > began + 0.3:
            raise stop

    with pytest.raises(type(stop)) as raised:
        chat.reply(PROMPT, on_text=on_text, deadline=began + 30, clock=time.monotonic)
    assert raised.value is stop
    assert time.monotonic() - began < 2


def test_what_may_not_be_written_down_does_not_leave(stub: OpenAIStub) -> None:
    refusal = ModelFault(FaultCode.UNRECORDED)

    def on_sent(_: str) -> None:
        raise refusal

    chat = chat_of("openai", stub.url)
    with pytest.raises(ModelFault) as raised:
        chat.reply(PROMPT, on_text=print, deadline=time.monotonic() + 60, clock=time.monotonic, on_sent=on_sent)
    assert raised.value is refusal
    assert stub.heard == ()


def test_a_refusal_of_the_model_in_the_newer_protocol(stub: OpenAIStub) -> None:
    stub.say(Answer(refusal="No."))
    with pytest.raises(ModelFault) as told:
        ask(chat_of("openai-responses", stub.url))
    assert told.value.code is FaultCode.REFUSED


@pytest.mark.parametrize(
    ("keys", "models", "code"),
    [(("other",), None, FaultCode.UNAUTHORIZED), (None, ("other",), FaultCode.NOT_FOUND), ((KEY,), None, None)],
)
@pytest.mark.parametrize("kind", ["openai", "azure-classic", "azure-v1"])
def test_a_wrong_key_and_a_wrong_name(
    kind: str, keys: tuple[str, ...] | None, models: tuple[str, ...] | None, code: FaultCode | None
) -> None:
    with OpenAIStub(keys=keys, models=models) as stub:
        chat = chat_of(kind, stub.url)
        if code is None:
            assert ask(chat).text
            return
        with pytest.raises(ModelFault) as told:
            ask(chat)
        assert told.value.code is code


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    script = (
        "import sys, app.cli, models.build, models.gateway, models.environment\n"
        "heavy = {'langchain_openai', 'langchain_core', 'langsmith', 'openai', 'azure.identity', 'tiktoken'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or None)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
