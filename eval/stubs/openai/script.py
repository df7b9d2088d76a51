"""What the stub is told to do: answers, faults by name, and what it has heard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request; a content of parts is joined."""

    role: str
    content: str


Replier = Callable[[Sequence[Message], Mapping[str, object] | None], str]
"""Messages and the schema of the reply (None where there is none) in, the text of the reply out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says, or why it does not."""

    text: str = ""
    refusal: str = ""
    finish: str = "stop"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request; seconds, and pieces of a stream after which something happens.

    `status` with `error` (its code) is an error reply. `hang` is silence before the headers; `trickle` the time between
    single bytes of the body. `cut` ends the reply in the middle by closing the connection (`quiet`: as if it were
    whole), `reset` by resetting it (0: before the headers). `body` replaces the whole reply, of `content_type`. The
    rest changes what the model says.
    """

    status: int = 0
    error: str = ""
    message: str = "injected"
    retry_after: float | None = None
    hang: float = 0
    trickle: float = 0
    cut: int | None = None
    quiet: bool = False
    reset: int | None = None
    body: str | None = None
    content_type: str = "application/json"
    text: str | None = None
    refusal: str = ""
    finish: str = ""


_LONG = 600.0
TEN_MEGABYTES = 10_000_000

FAULTS: Mapping[str, Fault] = {
    "rate_limited": Fault(status=429, error="rate_limit_exceeded", retry_after=90),
    "busy": Fault(status=429, error="rate_limit_exceeded", retry_after=0),
    "quota": Fault(status=429, error="insufficient_quota"),
    "unauthorized": Fault(status=401, error="invalid_api_key"),
    "forbidden": Fault(status=403, error="forbidden"),
    "not_found": Fault(status=404, error="model_not_found"),
    "bad_request": Fault(status=400, error="unsupported_value"),
    "context_overflow": Fault(status=400, error="context_length_exceeded"),
    "server_error": Fault(status=500, error="server_error"),
    "unavailable": Fault(status=503, error="service_unavailable"),
    "hang": Fault(hang=_LONG),
    "trickle": Fault(trickle=1.0),
    "cut": Fault(cut=2),
    "cut_quietly": Fault(cut=2, quiet=True),
    "reset": Fault(reset=0),
    "reset_in_the_middle": Fault(reset=2),
    "refused": Fault(refusal="I cannot help with that."),
    "truncated": Fault(finish="length"),
    "filtered": Fault(finish="content_filter"),
    "prompt_filtered": Fault(status=400, error="content_filter"),
    "malformed": Fault(text='{"answer": nothing of the kind'),
    "wrong_schema": Fault(text='{"an_unknown_key": [1, 2, 3]}'),
    "huge": Fault(text='{"answer": "' + "a" * TEN_MEGABYTES + '"}'),
    "empty": Fault(text=""),
    "empty_body": Fault(body=""),
    "wrong_type": Fault(body="<html><body>Sign in</body></html>", content_type="text/html"),
    "moved": Fault(status=307, error="moved"),
}
"""Every fault by its name, as `OpenAIStub.fail` and the control path take it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came in; `auth` is the header of its key (never the key), header names are in small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    auth: str
    raw: str
    body: Mapping[str, object] = field(default_factory=dict)
