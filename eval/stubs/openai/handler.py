"""One connection to the stub: a request is noted, checked as a provider would, and answered or spoiled."""

import json
import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from eval.stubs.openai import wire
from eval.stubs.openai.checks import Refusal, check_chat, check_embeddings, check_path, schema_of
from eval.stubs.openai.schema import example_of
from eval.stubs.openai.script import Answer, Fault, Heard, Message

CONTROL = "/__stub__/"
_COLUMNS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
_OTHER_COLUMNS = 64
_KEY_HEADERS = ("authorization", "api-key")


class Stub(Protocol):
    """What a handler needs of its server (`eval.stubs.openai.server.OpenAIStub`)."""

    modes: Iterable[str]
    keys: Iterable[str] | None
    models: Iterable[str] | None
    lenient: bool
    delay: float

    def hear(self, request: Heard) -> Fault | None:
        """Notes a request; the fault it meets."""

    def answer(self, messages: list[Message], schema: Mapping[str, object] | None, otherwise: str) -> Answer:
        """What the model says."""

    def control(self, verb: str, told: object) -> object:
        """What the control path asks for."""

    def pause(self, seconds: float) -> None:
        """Waits, or ends at once when the server does."""


class Handler(BaseHTTPRequestHandler):
    """Bound to its stub by the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stub: Stub

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Nothing is printed."""

    def do_GET(self) -> None:
        """Models, and the requests so far."""
        self._serve(b"")

    def do_POST(self) -> None:
        """Everything else."""
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, raw: bytes) -> None:
        path = urlsplit(self.path).path
        try:
            if path.startswith(CONTROL):
                self._whole(200, self.stub.control(path.removeprefix(CONTROL), json.loads(raw or b"null")))
            else:
                self._provider(path, raw)
        except Refusal as refusal:
            self._whole(refusal.status, refusal.body, refusal.headers)
        except OSError:
            self.close_connection = True

    def _provider(self, path: str, raw: bytes) -> None:
        heard = self._heard(path, raw)
        fault = self.stub.hear(heard) or Fault()
        check_path(heard, self._key(), self.stub.keys, self.stub.models)
        self._spoiled_before(fault)
        if path.endswith("/chat/completions"):
            self._chat(heard.body, fault)
        elif path.endswith("/responses"):
            self._responses(heard.body, fault)
        elif path.endswith("/embeddings"):
            self._embeddings(heard.body, fault)
        elif "/models" in path:
            names = sorted(self.stub.models or ("stub",))
            self._whole(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in names]})
        else:
            raise Refusal(404, "unknown_url")

    def _heard(self, path: str, raw: bytes) -> Heard:
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            raise Refusal(400, "invalid_json") from None
        headers = {name.lower(): value for name, value in self.headers.items()}
        auth = next((name for name in _KEY_HEADERS if headers.pop(name, "")), "")
        query = dict(parse_qsl(urlsplit(self.path).query))
        return Heard(self.command, path, query, headers, auth, raw.decode(), body)

    def _key(self) -> str:
        return str(self.headers.get("api-key") or self.headers.get("authorization") or "").removeprefix("Bearer ")

    # -- faults
    def _spoiled_before(self, fault: Fault) -> None:
        if fault.hang:
            self.stub.pause(fault.hang)
        if fault.reset == 0:
            self._reset()
        if fault.status:
            after = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
            elsewhere = {"Location": "http://127.0.0.1:9/v1"} if fault.status // 100 == 3 else {}
            raise Refusal(fault.status, fault.error, fault.message, headers=after | elsewhere)
        if fault.body is not None:
            self._bytes(200, fault.body.encode(), fault.content_type, fault)
            raise ConnectionAbortedError

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.wfile = _Closed()  # type: ignore[assignment]
        raise ConnectionResetError

    # -- protocols
    def _chat(self, body: Mapping[str, object], fault: Fault) -> None:
        check_chat(body, self.stub.modes, lenient=self.stub.lenient)
        messages = _messages(body.get("messages"))
        answer, asked = self._answer(messages, schema_of(body), fault), wire.tokens(json.dumps(body["messages"]))
        model = str(body.get("model") or "deployment")
        if body.get("stream"):
            options = body.get("stream_options")
            with_usage = isinstance(options, Mapping) and bool(options.get("include_usage"))
            self._events(wire.chat_events(model, answer, asked, with_usage), fault)
        else:
            self._spoilable(wire.chat_whole(model, answer, asked), fault)

    def _responses(self, body: Mapping[str, object], fault: Fault) -> None:
        given = body.get("input")
        messages = _messages([{"role": "user", "content": given}] if isinstance(given, str) else given)
        answer, asked = self._answer(messages, schema_of(body), fault), wire.tokens(json.dumps(given))
        model = str(body.get("model"))
        if body.get("stream"):
            self._events(wire.responses_events(model, answer, asked), fault)
        else:
            self._spoilable(wire.responses_whole(model, answer, asked), fault)

    def _embeddings(self, body: Mapping[str, object], fault: Fault) -> None:
        texts = check_embeddings(body)
        if fault.text is not None:
            self._bytes(200, fault.text.encode(), "application/json", fault)
            return
        model = str(body.get("model") or "deployment")
        columns = int(str(body.get("dimensions") or _COLUMNS.get(model, _OTHER_COLUMNS)))
        as_base64 = body.get("encoding_format") == "base64"
        self._spoilable(wire.embeddings_whole(model, texts, columns, as_base64), fault)

    def _answer(self, messages: list[Message], schema: Mapping[str, object] | None, fault: Fault) -> Answer:
        otherwise = "stub" if schema is None else json.dumps(example_of(schema), ensure_ascii=False)
        answer = self.stub.answer(messages, schema, otherwise)
        text = "" if fault.refusal else answer.text if fault.text is None else fault.text
        return Answer(text, fault.refusal or answer.refusal, fault.finish or answer.finish)

    # -- bytes
    def _events(self, events: Iterator[str], fault: Fault) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for count, event in enumerate(events):
            if count == fault.reset:
                self._reset()
            if count == fault.cut:
                break
            self._chunk(f"data: {event}\n\n".encode(), fault)
        if fault.cut is not None and not fault.quiet:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, content: bytes, fault: Fault) -> None:
        for part in _parts(content, fault):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.stub.pause(fault.trickle)
        self.stub.pause(self.stub.delay)

    def _spoilable(self, content: object, fault: Fault) -> None:
        self._bytes(200, json.dumps(content, ensure_ascii=False).encode(), "application/json", fault)

    def _whole(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        self._bytes(status, json.dumps(content, ensure_ascii=False).encode(), "application/json", Fault(), headers)

    def _bytes(
        self, status: int, content: bytes, kind: str, fault: Fault, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if fault.cut is not None or fault.reset is not None:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
            if fault.reset is not None:
                self._reset()
            return
        for part in _parts(content, fault):
            self.wfile.write(part)
            self.stub.pause(fault.trickle)


class _Closed:
    """What a reset connection is written to."""

    closed = True

    def flush(self) -> None:
        """Nothing is left to send."""

    def close(self) -> None:
        """It is closed already."""


def _parts(content: bytes, fault: Fault) -> Iterator[bytes]:
    if fault.trickle:
        yield from (content[place : place + 1] for place in range(len(content)))
    else:
        yield content


def _messages(given: object) -> list[Message]:
    found = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    return [Message(str(each.get("role")), _content(each.get("content"))) for each in found]


def _content(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return str(content or "")
