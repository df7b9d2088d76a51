"""What every chat model does, the real one of each provider and the fake alike."""

import time
from collections.abc import Callable, Iterator

import pytest

from eval.stubs.openai import OpenAIStub
from models.chat import ChatModel, FaultCode, ModelFault, unheard
from models.fakes.scripted import ScriptedModel
from tests.models.asking import GOOD, KINDS, PROMPT, chat_of

MODELS: dict[str, Callable[[OpenAIStub], ChatModel]] = {
    **{kind: lambda stub, kind=kind: chat_of(kind, stub.url) for kind in KINDS},  # type: ignore[misc]
    "scripted": lambda _: ScriptedModel([GOOD], piece=3, again=True),
}


@pytest.fixture(params=MODELS)
def chat(request: pytest.FixtureRequest) -> Iterator[ChatModel]:
    with OpenAIStub(replier=lambda _, __: GOOD) as stub:
        yield MODELS[request.param](stub)


def test_it_is_one(chat: ChatModel) -> None:
    assert isinstance(chat, ChatModel)
    assert chat.provider
    assert chat.model


def test_its_pieces_are_its_text_and_what_it_sends_is_told_first(chat: ChatModel) -> None:
    told: list[tuple[str, str]] = []
    reply = chat.reply(
        PROMPT,
        on_text=lambda piece: told.append(("text", piece)),
        deadline=time.monotonic() + 60,
        clock=time.monotonic,
        on_sent=lambda body: told.append(("sent", body)),
    )
    assert reply.text == "".join(piece for kind, piece in told if kind == "text") == GOOD
    assert reply.model
    assert told[0][0] == "sent"
    assert PROMPT.user in told[0][1]
    assert reply.usage.seconds >= 0


def test_nothing_is_asked_when_the_time_is_up(chat: ChatModel) -> None:
    sent: list[str] = []
    with pytest.raises(ModelFault) as told:
        chat.reply(PROMPT, on_text=unheard, deadline=time.monotonic(), clock=time.monotonic, on_sent=sent.append)
    assert (told.value.code, sent) == (FaultCode.DEADLINE, [])


@pytest.mark.parametrize("listener", ["on_text", "on_sent"])
def test_what_a_listener_raises_comes_out(chat: ChatModel, listener: str) -> None:
    stop = RuntimeError("mine")

    def raising(_: str) -> None:
        raise stop

    ears = {"on_text": unheard, "on_sent": unheard, listener: raising}
    with pytest.raises(RuntimeError) as raised:
        chat.reply(PROMPT, deadline=time.monotonic() + 60, clock=time.monotonic, **ears)
    assert raised.value is stop
