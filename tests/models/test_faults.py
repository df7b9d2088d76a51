"""Every fault of every provider ends in its code, and in time."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from eval.stubs.openai import FAULTS, OpenAIStub
from models.chat import FaultCode, ModelFault
from models.openai_chat import OpenAIChat
from models.settings import Limits
from tests.models.asking import CODES, ENOUGH, KEY, KINDS, LATE, SECONDS, ask, call_of, chat_of, gateway_of, settings_of

pytestmark = pytest.mark.slow


def test_every_fault_has_its_code() -> None:
    assert CODES.keys() == FAULTS.keys()


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenAIStub]:
    with OpenAIStub() as server:
        yield server


@pytest.fixture(scope="module")
def chats(provider: OpenAIStub) -> Mapping[str, OpenAIChat]:
    made = {kind: chat_of(kind, provider.url) for kind in KINDS}
    for chat in made.values():
        ask(chat)  # what the libraries load with their first reply
    return made


@pytest.fixture
def stub(provider: OpenAIStub) -> OpenAIStub:
    provider.reset()
    return provider


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_in_its_code_and_in_time(
    stub: OpenAIStub, case: Path, chats: Mapping[str, OpenAIChat], kind: str, name: str
) -> None:
    stub.always = FAULTS[name]
    gateway = gateway_of(chats[kind], case, retries=0)
    seconds = SECONDS.get(name, ENOUGH)
    began = time.monotonic()
    with pytest.raises(ModelFault) as told:
        gateway.ask(call_of(), deadline=began + seconds)
    assert time.monotonic() - began < seconds + LATE
    assert told.value.code is CODES[name]
    assert KEY not in str(told.value)
    assert "Sign in" not in str(told.value)


@pytest.mark.parametrize("name", ["busy", "server_error", "reset"])
def test_a_fault_that_passes_is_waited_for(
    stub: OpenAIStub, case: Path, chats: Mapping[str, OpenAIChat], name: str
) -> None:
    stub.fail(name)
    reply = gateway_of(chats["openai"], case).ask(call_of(), deadline=time.monotonic() + 60)
    assert reply.text.startswith("{")
    assert len(stub.heard) == 2


PASSING = {FaultCode.RATE_LIMITED, FaultCode.SERVER_ERROR, FaultCode.DEADLINE}


@pytest.mark.parametrize("name", [name for name, code in CODES.items() if code not in PASSING and name != "reset"])
def test_a_fault_that_stays_is_not_asked_for_again(
    stub: OpenAIStub, case: Path, chats: Mapping[str, OpenAIChat], name: str
) -> None:
    """Neither is a reply of which text has come."""
    stub.fail(name)
    with pytest.raises(ModelFault):
        gateway_of(chats["openai"], case).ask(call_of(), deadline=time.monotonic() + ENOUGH)
    assert len(stub.heard) == 1


def test_tries_are_counted(stub: OpenAIStub, case: Path, chats: Mapping[str, OpenAIChat]) -> None:
    stub.always = FAULTS["busy"]
    with pytest.raises(ModelFault):
        gateway_of(chats["openai"], case).ask(call_of(), deadline=time.monotonic() + 60)
    assert len(stub.heard) == 1 + Limits().retries


def test_a_server_that_wants_to_be_asked_later_than_there_is_time_is_not_waited_for(
    stub: OpenAIStub, case: Path, chats: Mapping[str, OpenAIChat]
) -> None:
    stub.fail("rate_limited")
    began = time.monotonic()
    with pytest.raises(ModelFault):
        gateway_of(chats["openai"], case).ask(call_of(), deadline=began + 20)
    assert time.monotonic() - began < 2


def test_one_call_may_take_less_than_the_question(stub: OpenAIStub) -> None:
    stub.fail("hang")
    chat = chat_of("openai", stub.url, AKASHI_CALL_SECONDS="1")
    with pytest.raises(ModelFault) as told:
        ask(chat, seconds=30)
    assert told.value.code is FaultCode.TIMEOUT


def test_nobody_listens() -> None:
    with OpenAIStub() as gone:
        url = gone.url
    with pytest.raises(ModelFault) as told:
        ask(chat_of("openai", url))
    assert (told.value.code, told.value.facts["reason"]) == (FaultCode.UNREACHABLE, "refused")


def test_no_such_host() -> None:
    with pytest.raises(ModelFault) as told:
        ask(chat_of("openai", "http://provider.invalid"))
    assert (told.value.code, told.value.facts["reason"]) == (FaultCode.UNREACHABLE, "name")


def test_a_key_is_in_no_representation() -> None:
    settings = settings_of("openai", "https://127.0.0.1", HTTPS_PROXY=f"http://user:{KEY}@proxy.example:3128")
    assert KEY not in f"{settings!r} {settings}"
