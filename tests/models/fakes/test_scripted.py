"""The scripted model: what it is told to say comes, in pieces, in time, and what it was asked is remembered."""

from itertools import count

import pytest
from pydantic import BaseModel

from models.chat import ChatModel, FaultCode, ModelFault, Prompt, Reply, unheard
from models.fakes.scripted import Broken, Said, ScriptedModel


class Empty(BaseModel):
    """Any schema."""


PROMPT = Prompt("plan", "1", "be brief", "what happened?", Empty)
LATE = 1e9
BUSY = ModelFault(FaultCode.RATE_LIMITED, retry_after=2.0)


def asked(model: ScriptedModel, heard: list[str] | None = None, deadline: float = LATE) -> Reply:
    ticks = count()
    on_text = (heard if heard is not None else []).append
    return model.reply(PROMPT, on_text=on_text, deadline=deadline, clock=lambda: float(next(ticks)))


def test_it_is_a_chat_model() -> None:
    assert isinstance(ScriptedModel([]), ChatModel)


def test_replies_come_in_order_and_prompts_are_kept() -> None:
    model = ScriptedModel(["one", lambda prompt: prompt.user.upper()])
    assert [asked(model).text, asked(model).text] == ["one", "WHAT HAPPENED?"]
    assert model.prompts == [PROMPT, PROMPT]
    assert '"user": "what happened?"' in model.sent[0]


def test_a_script_that_ended_says_so() -> None:
    with pytest.raises(LookupError):
        asked(ScriptedModel([]))


def test_the_last_reply_may_stand_for_all_that_follow() -> None:
    model = ScriptedModel(["one", "two"], again=True)
    assert [asked(model).text for _ in range(4)] == ["one", "two", "two", "two"]


@pytest.mark.parametrize(
    ("piece", "heard"),
    [(0, ["攻撃は3件"]), (2, ["攻撃", "は3", "件"]), (99, ["攻撃は3件"])],
)
def test_pieces(piece: int, heard: list[str]) -> None:
    got: list[str] = []
    assert asked(ScriptedModel(["攻撃は3件"], piece=piece), got).text == "攻撃は3件"
    assert got == heard


@pytest.mark.parametrize("fault", [BUSY, lambda _: BUSY])
def test_a_fault_comes_in_place_of_text(fault: Said) -> None:
    heard: list[str] = []
    with pytest.raises(ModelFault) as met:
        asked(ScriptedModel([fault]), heard)
    assert (met.value, heard) == (BUSY, [])


def test_a_broken_reply_is_heard_as_far_as_it_came() -> None:
    heard: list[str] = []
    with pytest.raises(ModelFault, match="cut"):
        asked(ScriptedModel([Broken("half of", ModelFault(FaultCode.CUT))], piece=4), heard)
    assert heard == ["half", " of"]


def test_pieces_come_until_the_deadline() -> None:
    heard: list[str] = []
    with pytest.raises(ModelFault, match="deadline"):
        asked(ScriptedModel(["abc"], piece=1), heard, deadline=2.0)
    assert heard == ["a"]


def test_who_comes_too_late_is_not_asked() -> None:
    model = ScriptedModel(["abc"])
    with pytest.raises(ModelFault, match="deadline"):
        asked(model, deadline=0.0)
    assert model.prompts == []


def test_who_listens_may_stop_it() -> None:
    def stop(_text: str) -> None:
        raise KeyboardInterrupt

    model = ScriptedModel(["abc"])
    with pytest.raises(KeyboardInterrupt):
        model.reply(PROMPT, on_text=stop, deadline=LATE, clock=lambda: 0.0)
    assert len(model.prompts) == 1


def test_nothing_is_asked_when_what_is_sent_cannot_be_kept() -> None:
    def full(body: str) -> None:
        raise OSError(len(body))

    model = ScriptedModel(["abc"])
    with pytest.raises(OSError, match=r"\d"):
        model.reply(PROMPT, on_text=unheard, deadline=LATE, clock=lambda: 0.0, on_sent=full)
    assert model.prompts == []


def test_tokens_are_counted() -> None:
    usage = asked(ScriptedModel(["12345"])).usage
    assert (usage.input_tokens, usage.output_tokens) == (2 + 4, 2)
    assert usage.seconds > 0
