"""The one way out to a model: redact, count, keep to the budget, write down, send, check, restore."""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pydantic import BaseModel, ValidationError

from models.call import Call, Purpose
from models.chat import ChatModel, Clock, FaultCode, ModelFault, OnText, Prompt, Reply, unheard
from models.exchange import BEAT
from models.leaving import redacted
from models.ledger import Entry, Ledger, Outcome
from models.redact.protocol import Redactor
from models.restoring import RestoringStream, restored_json
from prompts.quoting import draw_boundary
from stores.sending import Spent

FIRST_WAIT = 0.5
STOPPED = "stopped"
"""In the place of a fault: whoever asked did not want to hear the end."""

_PLACE = re.compile(r"[a-z0-9_.]{1,80}")


class Gateway:
    """A model for one question of one case; see `models.call.Asks`.

    Nothing leaves unless it was redacted, fits the budget and is written down. What was asked is asked again at most
    `retries` times, only where that may help, never after text has come, and never past the deadline.
    """

    def __init__(
        self,
        chat: ChatModel,
        redactor: Redactor,
        ledger: Ledger,
        *,
        retries: int = 2,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        draw: Callable[[], str] = lambda: secrets.token_hex(12),
    ) -> None:
        self._chat, self._redactor, self._ledger = chat, redactor, ledger
        self._retries, self._clock, self._sleep, self._draw = retries, clock, sleep, draw

    @property
    def provider(self) -> str:
        """Who is asked."""
        return self._chat.provider

    @property
    def model(self) -> str:
        """The model or deployment that is asked."""
        return self._chat.model

    def spent(self) -> Spent:
        """What this question has taken so far."""
        return self._ledger.spent()

    def spent_by_case(self) -> Spent:
        """What the case has taken so far."""
        return self._ledger.spent_by_case()

    def ask(self, call: Call, *, on_text: OnText = unheard, deadline: float) -> Reply:
        """A checked reply, originals put back; `ModelFault` otherwise, and whatever `on_text` raises."""
        prompt = self._prompt(call)
        tries, before = 0, None
        while True:
            attempt = _Attempt(self._chat, self._ledger, call.purpose, self._clock, on_text)
            try:
                return attempt.reply(prompt, self._redactor.restore, deadline)
            except ModelFault as fault:
                if before and fault.code is FaultCode.DEADLINE:
                    raise before from fault  # why there had to be a second try says more
                if fault.retry_after is None or attempt.heard or tries >= self._retries:
                    raise
                self._wait(max(fault.retry_after, FIRST_WAIT * 2**tries), fault, on_text, deadline)
                tries, before = tries + 1, fault

    def _prompt(self, call: Call) -> Prompt:
        """The prompt as it may leave; variables are redacted before they meet the template."""
        safe = redacted(self._redactor, list(call.variables.values()))
        variables = dict(zip(call.variables, safe, strict=True))
        boundary = draw_boundary(variables.values(), self._draw)
        try:
            system, user = call.template.render(variables, boundary)
        except ValueError as fault:  # a value that the template may not hold once it is redacted
            raise ModelFault(FaultCode.REDACTION_FAILED, reason="template") from fault
        return Prompt(call.template.name, str(call.template.version), system, user, call.schema)

    def _wait(self, seconds: float, fault: ModelFault, on_text: OnText, deadline: float) -> None:
        """Waits where there is time to; a server that wants more is not waited for at all."""
        ends = self._clock() + seconds
        if ends >= deadline:
            raise fault
        while (left := ends - self._clock()) > 0:
            on_text("")
            self._sleep(min(BEAT, left))


@dataclass(slots=True)
class _Attempt:
    """One reply asked for once, with an entry for every request that left for it."""

    chat: ChatModel
    ledger: Ledger
    purpose: Purpose
    clock: Clock
    on_text: OnText
    began: float = 0.0
    entry: Entry | None = None
    parts: list[str] = field(default_factory=list)
    stopped: BaseException | None = None

    @property
    def heard(self) -> bool:
        """Whether text has come."""
        return bool(self.parts)

    def reply(self, prompt: Prompt, restore: Callable[[str], str], deadline: float) -> Reply:
        stream = RestoringStream(restore, self._tell)

        def on_text(piece: str) -> None:
            if piece:
                self.parts.append(piece)
            stream(piece)

        fault, reply = STOPPED, None
        try:
            reply = self.chat.reply(prompt, on_text=on_text, deadline=deadline, clock=self.clock, on_sent=self._sending)
            stream.end()
            checked = _checked(reply, prompt.schema, restore)
            fault = ""
        except ModelFault as known:
            fault = known.code.value
            raise
        except Exception as raised:
            if raised is self.stopped:
                raise
            fault = FaultCode.OTHER.value
            raise ModelFault(FaultCode.OTHER, reason=type(raised).__name__) from raised
        finally:
            self._finish(fault, reply)
        return checked

    def _tell(self, text: str) -> None:
        try:
            self.on_text(text)
        except BaseException as stop:
            self.stopped = stop
            raise

    def _sending(self, payload: str) -> None:
        """A second request in one attempt means that the first one was refused for the form of its reply."""
        self._finish(FaultCode.SCHEMA_REFUSED.value, None)
        self.entry = self.ledger.begin(self.chat.provider, self.chat.model, self.purpose, payload)
        self.began = self.clock()

    def _finish(self, fault: str, reply: Reply | None) -> None:
        if self.entry is None:
            return
        said = reply.usage.output_tokens if reply else None
        outcome = Outcome(
            input_tokens=reply.usage.input_tokens if reply else None,
            output_tokens=self.ledger.count("".join(self.parts)) if said is None else said,
            seconds=self.clock() - self.began,
            fault=fault,
            model=reply.model if reply else "",
        )
        self.ledger.finish(self.entry, outcome)
        self.entry = None


def _checked(reply: Reply, schema: type[BaseModel], restore: Callable[[str], str]) -> Reply:
    """The reply with originals put back, if it is what was asked for."""
    text = restored_json(reply.text, restore)
    try:
        schema.model_validate_json(text)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        where = place if _PLACE.fullmatch(place) else ""
        raise ModelFault(FaultCode.MALFORMED, reason=first["type"], place=where) from fault
    return replace(reply, text=text)
