"""Chat through langchain-openai: OpenAI, Azure OpenAI in both ways, and every server that speaks like them."""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Any

from models.auth import HELD, Headers
from models.chat import Clock, FaultCode, ModelFault, OnSent, OnText, Prompt, Reply, Usage, unheard
from models.exchange import Exchange, exchange
from models.openai_faults import fault_of
from models.plain_json import found_json, in_words
from models.quiet import untraced
from models.settings import Endpoint, Provider
from models.strict_schema import schema_name, strict_schema
from models.transport import client

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk
    from langchain_openai.chat_models.base import BaseChatOpenAI

LONGEST_REPLY = 400_000
"""Characters: more than the most tokens any model may put out at once, and little enough to hold many."""


class Form(StrEnum):
    """How a server is asked for JSON, the best first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    TEXT = "text"


_NEXT = {Form.SCHEMA: Form.OBJECT, Form.OBJECT: Form.TEXT}
_FINISHES = {"length": FaultCode.TRUNCATED, "content_filter": FaultCode.FILTERED}
_INCOMPLETE = {"max_output_tokens": FaultCode.TRUNCATED, "content_filter": FaultCode.FILTERED}


class OpenAIChat:
    """One model or deployment; safe to share between threads, and worth keeping: it remembers what a server refuses."""

    def __init__(
        self,
        endpoint: Endpoint,
        auth: Callable[[], Headers],
        *,
        call_seconds: float,
        output_tokens: int,
        temperature: float | None = None,
    ) -> None:
        self._endpoint, self._auth = endpoint, auth
        self._call_seconds, self._output_tokens, self._temperature = call_seconds, output_tokens, temperature
        self._form = Form.SCHEMA
        self._lock = Lock()
        self._built: BaseChatOpenAI | None = None

    @property
    def provider(self) -> str:
        """Who answers."""
        return self._endpoint.provider.value

    @property
    def model(self) -> str:
        """The model or deployment that is asked for."""
        return self._endpoint.model

    @property
    def form(self) -> Form:
        """How JSON is asked for: weaker when a server refused the better."""
        return self._form

    def reply(
        self, prompt: Prompt, *, on_text: OnText, deadline: float, clock: Clock, on_sent: OnSent = unheard
    ) -> Reply:
        """The model's text; see `models.chat.ChatModel`. A refused form of the reply is replaced by a weaker one."""
        self.warm()
        while True:
            form = self._form
            try:
                with exchange(
                    deadline=deadline, call_seconds=self._call_seconds, clock=clock, on_text=on_text, on_sent=on_sent
                ) as call:
                    return self._asked(prompt, form, call, on_text, clock)
            except ModelFault as fault:
                if fault.code is not FaultCode.SCHEMA_REFUSED or form not in _NEXT:
                    raise
                self._form = _NEXT[form]

    def warm(self) -> None:
        """Loads the libraries, which takes a second or two: worth doing beside something else before the first call.

        Raises `ModelFault` where proxy or certificates of the settings cannot be used.
        """
        self._model()

    def _asked(self, prompt: Prompt, form: Form, call: Exchange, on_text: OnText, clock: Clock) -> Reply:
        began, heard = clock(), _Heard()
        try:
            with untraced(), closing(self._chunks(prompt, form)) as chunks:
                for chunk in chunks:
                    piece = heard.take(chunk)
                    call.left()
                    if piece:
                        _tell(on_text, piece, call)
        except Exception as raised:
            raise call.reason or fault_of(raised) from raised
        heard.check()
        text = heard.text if form is Form.SCHEMA else found_json(heard.text)
        usage = Usage(heard.input_tokens, heard.output_tokens, clock() - began)
        return Reply(text, usage, heard.model or self.model)

    def _chunks(self, prompt: Prompt, form: Form) -> Generator["AIMessageChunk"]:
        from langchain_core.messages import HumanMessage, SystemMessage

        schema = strict_schema(prompt.schema)
        # a local server may hold a reply to a grammar without showing it to the model, or overlook it
        explained = form is not Form.SCHEMA or self._endpoint.provider is Provider.COMPATIBLE
        system = f"{prompt.system}\n\n{in_words(schema)}" if explained else prompt.system
        messages = [SystemMessage(system), HumanMessage(prompt.user)]
        kwargs = _asking(form, schema, schema_name(prompt.schema))
        yield from self._model().stream(messages, **kwargs)

    def _model(self) -> "BaseChatOpenAI":
        with self._lock:
            if self._built is None:
                self._built = self._build()
                _load_the_rest(self._built)
            return self._built

    def _build(self) -> "BaseChatOpenAI":
        """Every value that the libraries would else look for in the environment is given, the key is not."""
        from langchain_openai import AzureChatOpenAI, ChatOpenAI

        here = self._endpoint
        local = here.provider is Provider.COMPATIBLE
        common: dict[str, Any] = {
            "model": here.model,
            "api_key": HELD,
            "http_client": client(here, self._auth),
            "max_retries": 0,
            "stream_usage": True,
            "max_tokens": self._output_tokens,
            "temperature": self._temperature,
            "cache": False,
            "organization": "",
            "openai_proxy": "",
            "output_version": "v0",
            # older local servers know `max_tokens` only, and langchain renames it always
            "extra_body": {"max_tokens": self._output_tokens} if local else None,
        }
        if here.classic:
            return AzureChatOpenAI(
                **common,
                azure_endpoint=here.base_url,
                azure_deployment=here.model,
                api_version=here.api_version,
                openai_api_type="azure",
                use_responses_api=False,
            )
        if local:
            return ChatOpenAI(**common, base_url=here.base_url, use_responses_api=False)
        # the libraries know which models speak the newer protocol only; it keeps what it is told unless told otherwise
        return ChatOpenAI(**common, base_url=here.base_url, store=False)


def _load_the_rest(model: "BaseChatOpenAI") -> None:
    """What the libraries put off to the first request takes longer than some requests: not out of a call's time."""
    import langchain_core.tracers.langchain  # noqa: F401

    _ = model.root_client.beta.chat.completions


@dataclass(slots=True)
class _Heard:
    """A reply as it comes in."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    finish: str = ""
    refused: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None
    model: str = ""

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def take(self, chunk: "AIMessageChunk") -> str:
        """The text of a chunk; what it says about the whole is noted."""
        piece = str(chunk.text)
        self.size += len(piece)
        if self.size > LONGEST_REPLY:
            raise ModelFault(FaultCode.TOO_LARGE, characters=LONGEST_REPLY)
        if piece:
            self.parts.append(piece)
        if usage := chunk.usage_metadata:
            self.input_tokens, self.output_tokens = usage["input_tokens"], usage["output_tokens"]
        self.refused = self.refused or _is_refusal(chunk)
        told = chunk.response_metadata
        self.finish = self.finish or _finish(told)
        self.model = self.model or str(told.get("model_name") or "")[:100]
        return piece

    def check(self) -> None:
        """Raises when the reply is none."""
        if self.refused:
            raise ModelFault(FaultCode.REFUSED)
        if code := _FINISHES.get(self.finish) or _INCOMPLETE.get(self.finish):
            raise ModelFault(code)
        if not self.finish:
            raise ModelFault(FaultCode.CUT, retry_after=0.0)
        if not self.text.strip():
            raise ModelFault(FaultCode.MALFORMED, reason="empty")


def _finish(told: Mapping[str, object]) -> str:
    details = told.get("incomplete_details")
    if isinstance(details, Mapping):
        return str(details.get("reason") or "")
    done = told.get("status") if told.get("status") == "completed" else ""
    return str(told.get("finish_reason") or done or "")


def _is_refusal(chunk: "AIMessageChunk") -> bool:
    content = chunk.content if isinstance(chunk.content, list) else []
    blocks = [block for block in content if isinstance(block, dict)]
    return bool(chunk.additional_kwargs.get("refusal")) or any(block.get("type") == "refusal" for block in blocks)


def _asking(form: Form, schema: Mapping[str, object], name: str) -> dict[str, Any]:
    if form is Form.SCHEMA:
        described = {"name": name, "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": described}}
    return {"response_format": {"type": "json_object"}} if form is Form.OBJECT else {}


def _tell(on_text: OnText, piece: str, call: Exchange) -> None:
    try:
        on_text(piece)
    except BaseException as stop:
        call.failed(stop)
        raise
