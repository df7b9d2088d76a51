"""The server of the stub: one thread a request, on 127.0.0.1 only."""

import json
from collections import deque
from collections.abc import Collection, Mapping
from http.server import ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from eval.stubs.openai.handler import Handler
from eval.stubs.openai.script import FAULTS, Answer, Fault, Heard, Message, Replier

EVERY_MODE = frozenset({"json_schema", "json_object"})


class OpenAIStub:
    """A provider on a free port, for as long as the `with` block lasts.

    `modes` are the kinds of `response_format` it accepts, `keys` the keys (None: any), `models` the models and
    deployments it has (None: any), `lenient` a local server that ignores what it does not know. Without a script the
    `replier` answers, without one an example of the schema that was asked for. `delay` is the seconds between the
    pieces of a stream.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        modes: Collection[str] = EVERY_MODE,
        keys: Collection[str] | None = None,
        models: Collection[str] | None = None,
        lenient: bool = False,
        replier: Replier | None = None,
        delay: float = 0,
    ) -> None:
        self.modes, self.keys, self.models, self.lenient = modes, keys, models, lenient
        self.replier, self.delay = replier, delay
        self.always: Fault | None = None
        self.closing = Event()
        self._lock = Lock()
        self._heard: list[Heard] = []
        self._answers: deque[Answer] = deque()
        self._faults: deque[Fault | None] = deque()
        self._server = _Quiet(("127.0.0.1", port), type("BoundHandler", (Handler,), {"stub": self}))
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def pause(self, seconds: float) -> None:
        """Waits, or ends at once when the server does."""
        if seconds > 0 and self.closing.wait(seconds):
            raise ConnectionAbortedError

    def serve(self) -> None:
        """Serves in this thread until it is interrupted."""
        try:
            self._server.serve_forever()
        finally:
            self.closing.set()
            self._server.server_close()

    @property
    def heard(self) -> tuple[Heard, ...]:
        """The requests so far, in the order they came."""
        with self._lock:
            return tuple(self._heard)

    def say(self, *answers: str | Answer) -> None:
        """What to answer next, in this order; an answer is used once."""
        with self._lock:
            self._answers += [Answer(each) if isinstance(each, str) else each for each in answers]

    def fail(self, *faults: str | Fault | None) -> None:
        """What goes wrong with the next requests, by name or in detail; None lets one request pass."""
        with self._lock:
            self._faults += [FAULTS[each] if isinstance(each, str) else each for each in faults]

    def reset(self) -> None:
        """Forgets requests, answers and faults."""
        with self._lock:
            self._heard.clear()
            self._answers.clear()
            self._faults.clear()
            self.always = None

    def hear(self, request: Heard) -> Fault | None:
        """Notes a request; the fault it meets."""
        with self._lock:
            self._heard.append(request)
            return self._faults.popleft() if self._faults else self.always

    def answer(self, messages: list[Message], schema: Mapping[str, object] | None, otherwise: str) -> Answer:
        """What the model says: scripted, by the replier, or what is given."""
        with self._lock:
            if self._answers:
                return self._answers.popleft()
        return Answer(self.replier(messages, schema) if self.replier else otherwise)

    def control(self, verb: str, told: object) -> object:
        """What the control path asks for: `script` and `faults` (lists), `reset`, `requests`."""
        listed = told if isinstance(told, list) else [told]
        if verb == "script":
            self.say(*(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in listed))
        elif verb == "faults":
            self.fail(*(Fault(**each) if isinstance(each, dict) else str(each) for each in listed))
        elif verb == "reset":
            self.reset()
        else:
            return [
                {"method": each.method, "path": each.path, "auth": each.auth, "body": each.body} for each in self.heard
            ]
        return {"ok": True}


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""
