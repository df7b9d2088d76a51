"""The one way out: what leaves is redacted, within the budget and written down; what comes back is checked."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.stubs.openai import Fault, OpenAIStub
from models.call import Asks, Purpose
from models.chat import Clock, FaultCode, ModelFault, OnSent, OnText, Prompt, Reply, Usage, unheard
from models.gateway import STOPPED, Gateway
from models.ledger import Ledger
from models.settings import Limits, Prices
from stores.outgoing import PENDING, Outgoing
from stores.sending import Sent
from tests.models.asking import GOOD, KEY, Found, Hiding, Question, call_of, chat_of, gateway_of, ledger_of

SAYS_WHO = '{"answer": "⟦USER:1⟧ did it", "findings": []}'


def soon(seconds: float = 60.0) -> float:
    return time.monotonic() + seconds


def sent_of(case: Path) -> tuple[Sent, ...]:
    with Outgoing.open(case) as outgoing:
        return outgoing.calls()


def payload_of(case: Path) -> str:
    with Outgoing.open(case) as outgoing:
        return outgoing.payload(1) or ""


class Scripted:
    """A chat model that does what a function does."""

    provider, model = "scripted", "script-1"

    def __init__(self, *texts: str | Exception) -> None:
        self._texts = list(texts)
        self.prompts: list[Prompt] = []

    def reply(
        self,
        prompt: Prompt,
        *,
        on_text: OnText,
        deadline: float,  # noqa: ARG002
        clock: Clock,  # noqa: ARG002
        on_sent: OnSent = unheard,
    ) -> Reply:
        on_sent(prompt.user)
        self.prompts.append(prompt)
        text = self._texts.pop(0)
        if isinstance(text, Exception):
            raise text
        for piece in re.findall(r"[\s\S]{1,3}", text):
            on_text(piece)
        return Reply(text, Usage(None, None, 0.0), "script-1-2026")


def scripted(case: Path, *texts: str | Exception, limits: Limits | None = None) -> Gateway:
    return Gateway(Scripted(*texts), Hiding(), ledger_of(case, limits))


def test_a_gateway_is_what_the_pipeline_asks(case: Path) -> None:
    gateway: Asks = scripted(case, GOOD)
    assert gateway.ask(call_of(), deadline=soon()).text == GOOD


def test_what_leaves_is_redacted_and_written_down_as_it_left(stub: OpenAIStub, case: Path) -> None:
    stub.say(SAYS_WHO)
    pieces: list[str] = []
    gateway = gateway_of(chat_of("openai", stub.url), case)
    reply = gateway.ask(call_of("mallory logged in"), on_text=pieces.append, deadline=soon())
    (heard,), (sent,) = stub.heard, sent_of(case)
    assert "mallory" not in heard.raw
    assert "<b0>⟦USER:1⟧ logged in</b0>" in str(heard.body["messages"])
    assert payload_of(case) == heard.raw
    assert KEY not in f"{sent} {payload_of(case)}"
    assert (sent.provider, sent.model, sent.purpose, sent.fault) == ("openai", "gpt-4.1", "ask", "")
    assert json.loads(reply.text)["answer"] == "mallory did it"
    assert "".join(pieces) == '{"answer": "mallory did it", "findings": []}'


def test_tokens_and_cost_are_those_of_the_provider(stub: OpenAIStub, case: Path) -> None:
    stub.say(GOOD)
    prices = Prices(input=1_000_000, output=2_000_000)
    limits = Limits(question_tokens=None, case_tokens=None)
    gateway = gateway_of(chat_of("openai", stub.url), case, limits, prices)
    usage = gateway.ask(call_of(), deadline=soon()).usage
    spent = gateway.spent()
    assert (spent.input_tokens, spent.output_tokens) == (usage.input_tokens, usage.output_tokens)
    assert spent.whole_cost == (usage.input_tokens or 0) + 2 * (usage.output_tokens or 0)


def test_without_a_price_the_cost_is_not_known(case: Path) -> None:
    gateway = scripted(case, GOOD)
    gateway.ask(call_of(), deadline=soon())
    assert (gateway.spent().tokens > 0, gateway.spent().whole_cost) == (True, None)


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(output_tokens=10, question_tokens=100, case_tokens=None), "question_tokens"),
        (Limits(output_tokens=10, question_tokens=None, case_tokens=100), "case_tokens"),
        (Limits(output_tokens=10, question_tokens=None, case_tokens=None, case_money=0.001), "case_money"),
    ],
)
def test_what_is_over_the_budget_does_not_leave(stub: OpenAIStub, case: Path, limits: Limits, limit: str) -> None:
    gateway = gateway_of(chat_of("openai", stub.url), case, limits, Prices(10, 10))
    with pytest.raises(ModelFault) as told:
        gateway.ask(call_of(), deadline=soon())
    assert (told.value.code, told.value.facts["limit"]) == (FaultCode.OVER_BUDGET, limit)
    assert (stub.heard, sent_of(case)) == ((), ())


def test_what_cannot_be_written_down_does_not_leave(stub: OpenAIStub, tmp_path: Path) -> None:
    gateway = gateway_of(chat_of("openai", stub.url), tmp_path / "gone")
    with pytest.raises(ModelFault) as told:
        gateway.ask(call_of(), deadline=soon())
    assert (told.value.code, told.value.facts["reason"]) == (FaultCode.UNRECORDED, "unknown_case")
    assert stub.heard == ()


class Broken(Hiding):
    def redact_all(self, texts: object) -> tuple[str, ...]:  # noqa: ARG002
        raise RuntimeError("mallory")


class Losing(Hiding):
    def redact_all(self, texts: object) -> tuple[str, ...]:  # noqa: ARG002
        return ()


@pytest.mark.parametrize("redactor", [Broken(), Losing()])
def test_what_cannot_be_redacted_does_not_leave(stub: OpenAIStub, case: Path, redactor: Hiding) -> None:
    gateway = Gateway(chat_of("openai", stub.url), redactor, ledger_of(case))
    with pytest.raises(ModelFault) as told:
        gateway.ask(call_of("mallory"), deadline=soon())
    assert told.value.code is FaultCode.REDACTION_FAILED
    assert "mallory" not in str(told.value)
    assert stub.heard == ()


def test_bytes_that_are_no_text_can_be_sent(stub: OpenAIStub, case: Path) -> None:
    gateway_of(chat_of("openai", stub.url), case).ask(call_of("a\udcffb"), deadline=soon())
    assert "a\\\\udcffb" in stub.heard[0].raw


def test_every_request_has_its_entry_and_its_fault(stub: OpenAIStub, case: Path) -> None:
    stub.fail("server_error", "cut")
    with pytest.raises(ModelFault):
        gateway_of(chat_of("openai", stub.url), case).ask(call_of(), deadline=soon())
    cut, busy = sent_of(case)
    assert [cut.fault, busy.fault] == ["cut", "server_error"]
    assert busy.input_tokens + busy.output_tokens == 0  # a refusal is not billed
    assert cut.input_tokens > 0
    assert cut.output_tokens > 0  # as much as had come


def test_a_refused_form_of_the_reply_has_its_entry(case: Path) -> None:
    with OpenAIStub(modes=("json_object",), replier=lambda _, __: GOOD) as stub:
        gateway_of(chat_of("ollama", stub.url), case).ask(call_of(), deadline=soon())
        assert [sent.fault for sent in sent_of(case)] == ["", "schema_refused"]


class Stopped(BaseException):
    """As the app's own: no `Exception`."""


@pytest.mark.parametrize("stop", [RuntimeError("mine"), Stopped()])
def test_whoever_listens_may_stop_it(stub: OpenAIStub, case: Path, stop: BaseException) -> None:
    def on_text(piece: str) -> None:
        if piece:
            raise stop

    with pytest.raises(type(stop)) as raised:
        gateway_of(chat_of("openai", stub.url), case).ask(call_of(), on_text=on_text, deadline=soon())
    assert raised.value is stop
    assert [sent.fault for sent in sent_of(case)] == [STOPPED]


def test_whoever_listens_may_stop_it_while_a_busy_server_is_waited_for(stub: OpenAIStub, case: Path) -> None:
    stub.fail(Fault(status=429, error="rate_limit_exceeded", retry_after=20))
    began = time.monotonic()

    def on_text(_: str) -> None:
        if time.monotonic() > began + 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        gateway_of(chat_of("openai", stub.url), case).ask(call_of(), on_text=on_text, deadline=began + 60)
    assert time.monotonic() - began < 5


def test_a_model_that_breaks_is_a_fault(case: Path) -> None:
    with pytest.raises(ModelFault) as told:
        scripted(case, ZeroDivisionError("text of a server")).ask(call_of(), deadline=soon())
    assert (told.value.code, str(told.value)) == (FaultCode.OTHER, "other reason='ZeroDivisionError'")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"answer": "a", "findings": []} and more',
        '{"answer": "a", "answer": "b", "findings": []}',
        '{"answer": "a", "findings": [], "verified": true}',
        '{"answer": 1, "findings": []}',
        '{"answer": "a", "findings": [{"ip": null, "outcome": "unheard of"}]}',
        '{"answer": NaN, "findings": []}',
        '{"answer": "a", "findings": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"answer": "a", "findings": ' + "9" * 5000 + "}",
    ],
)
def test_a_reply_that_is_not_what_was_asked_for_is_a_fault(case: Path, text: str) -> None:
    with pytest.raises(ModelFault) as told:
        scripted(case, text).ask(call_of(), deadline=soon())
    assert told.value.code is FaultCode.MALFORMED
    assert [sent.fault for sent in sent_of(case)] == ["malformed"]


def test_nothing_is_asked_twice_once_text_has_come(case: Path) -> None:
    def half(prompt: Prompt, *, on_text: OnText, **_: object) -> Reply:
        chat.prompts.append(prompt)
        on_text("{")
        raise ModelFault(FaultCode.CUT, retry_after=0)

    chat = Scripted()
    chat.reply = half  # type: ignore[method-assign]
    with pytest.raises(ModelFault):
        Gateway(chat, Hiding(), ledger_of(case)).ask(call_of(), deadline=soon())
    assert len(chat.prompts) == 1


def test_why_there_was_a_second_try_is_told_when_time_runs_out(case: Path) -> None:
    busy, late = ModelFault(FaultCode.RATE_LIMITED, retry_after=0), ModelFault(FaultCode.DEADLINE)
    with pytest.raises(ModelFault) as told:
        scripted(case, busy, late).ask(call_of(), deadline=soon())
    assert told.value is busy


def test_the_boundary_is_new_in_each_call_and_in_no_value(case: Path) -> None:
    chat = Scripted(GOOD, GOOD)
    drawn = iter(["b1", "b2", "b3"])
    gateway = Gateway(chat, Hiding(), ledger_of(case), draw=lambda: next(drawn))
    gateway.ask(call_of("b1 is here"), deadline=soon())
    gateway.ask(call_of(), deadline=soon())
    assert [prompt.user[:4] for prompt in chat.prompts] == ["<b2>", "<b3>"]


def test_a_value_that_a_template_cannot_hold_once_redacted_is_a_fault(case: Path) -> None:
    class Strict(Question):
        def render(self, variables: Mapping[str, str], boundary: str) -> tuple[str, str]:
            raise ValueError(f"no plain value: {variables} {boundary}")

    call = call_of()
    call = type(call)(Purpose.PLAN, Strict(), call.variables, Found)
    with pytest.raises(ModelFault) as told:
        scripted(case, GOOD).ask(call, deadline=soon())
    assert told.value.code is FaultCode.REDACTION_FAILED


def test_a_call_that_was_cut_off_by_a_crash_counts_with_all_it_may_have_cost(case: Path) -> None:
    limits = Limits(output_tokens=1000, question_tokens=None, case_tokens=2500)
    ledger_of(case, limits).begin("openai", "gpt", Purpose.ASK, "x" * 100)
    assert [sent.fault for sent in sent_of(case)] == [PENDING]
    gateway = scripted(case, GOOD, GOOD, limits=limits)
    gateway.ask(call_of(), deadline=soon())
    with pytest.raises(ModelFault):
        Ledger(case, len, limits=Limits(output_tokens=1000, case_tokens=2000)).begin("openai", "gpt", Purpose.ASK, "x")
