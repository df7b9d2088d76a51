"""The server: routes, keys, API version, faults on demand, and a log of what was asked."""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from eval.stubs.azure_search.definition import check_change, checked_index
from eval.stubs.azure_search.index import Index
from eval.stubs.azure_search.refusal import Refusal, bad

VERSIONS = {"2024-07-01", "2025-09-01", "2026-04-01"}
MOST_BYTES = 16 << 20
ANSWERED = 200
_ROUTE = re.compile(r"/indexes(?:\('([^']+)'\)|/([^/(]+))?(/.*)?")
_SECRET = {"api-key", "authorization"}


@dataclass(frozen=True, slots=True)
class Heard:
    """A request; keys and tokens are not in its headers."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next request meets: seconds of silence, then a status with headers and a body, as they are written.

    With `drip` the body comes a byte at a time, so many seconds apart. Status 0 cuts the connection, 200 without a body
    answers after all. `only` is part of the path of the requests that meet it; others pass.
    """

    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0
    only: str = ""
    body: str | None = None
    drip: float = 0.0


@dataclass(slots=True)
class AzureSearchStub:
    """`with AzureSearchStub() as stub:` serves on a free port of 127.0.0.1 (`stub.url`).

    `key` may do everything, `query_key` may only search, `tokens` are Entra tokens. `failing` gives documents by key
    (under "" whichever comes next) the statuses that they meet; `faults` are met by requests. `lag` searches must pass
    before what was uploaded is found.
    """

    key: str = "admin-key-of-the-stub"
    query_key: str = "query-key-of-the-stub"
    tokens: frozenset[str] = frozenset({"token-of-the-stub"})
    port: int = 0
    lag: int = 0
    semantic: bool = True
    indexes: dict[str, Index] = field(default_factory=dict)
    failing: dict[str, list[int]] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    heard: list[Heard] = field(default_factory=list)
    guard: threading.RLock = field(default_factory=threading.RLock)
    _server: ThreadingHTTPServer | None = None
    url: str = ""

    def __enter__(self) -> Self:
        threading.Thread(target=self.open().serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def open(self) -> ThreadingHTTPServer:
        """Listens; `url` is known from now on."""
        handler = type("Handler", (_Handler,), {"stub": self})
        server = self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        return server

    def asked(self, part: str) -> list[Heard]:
        """The requests whose path holds this."""
        return [one for one in self.heard if part in one.path]

    def fault_of(self, path: str) -> Fault | None:
        """The next fault that this request meets."""
        with self.guard:
            if self.faults and self.faults[0].only in path:
                return self.faults.popleft()
        return None

    def check(self, headers: Mapping[str, str], query: str, *, reading: bool) -> None:
        """Key and version: 401 without any, 403 for a wrong one, 400 for a version that is missing or unknown."""
        token = headers.get("authorization", "").removeprefix("Bearer ")
        key = headers.get("api-key", "")
        if not token and not key:
            raise Refusal(401, "", "Authorization is required.")
        if token and token not in self.tokens:
            raise Refusal(401, "", "The token is not valid.")
        if key and key != self.key and not (reading and key == self.query_key):
            raise Refusal(403, "", "The key is not valid for this operation.")
        version = parse_qs(query).get("api-version", [""])[0]
        if version not in VERSIONS:
            raise Refusal(400, "MissingApiVersionParameter", "The api-version query parameter is invalid.")

    def reply(self, method: str, path: str, body: Any) -> tuple[int, Any]:  # noqa: ANN401 - JSON
        """Status and body."""
        route = _ROUTE.fullmatch(path)
        if route is None:
            raise Refusal(404, "", f"There is nothing at {path}.")
        name, rest = route[1] or route[2] or "", route[3] or ""
        with self.guard:
            return self._of_index(method, name, body) if not rest else self._of_documents(name, rest, body)

    def _of_index(self, method: str, name: str, body: Any) -> tuple[int, Any]:  # noqa: ANN401
        if not name and method == "GET":
            return 200, {"value": [one.definition for one in self.indexes.values()]}
        if method in {"POST", "PUT"}:
            return self._define(name or str((body or {}).get("name")), body or {}, new=not name)
        if method == "DELETE":
            return (204 if self.indexes.pop(name, None) else 404), None
        return 200, self._index(name).definition

    def _define(self, name: str, body: Mapping[str, Any], *, new: bool) -> tuple[int, Any]:
        made = checked_index(body, name)
        held = self.indexes.get(name)
        if held is not None:
            if new:
                raise Refusal(409, "ResourceNameAlreadyInUse", f"The index '{name}' exists already.")
            check_change(held.definition, made)
            held.definition = made
            return 200, made
        self.indexes[name] = Index(made, self.semantic, self.lag)
        return 201, made

    def _of_documents(self, name: str, rest: str, body: Any) -> tuple[int, Any]:  # noqa: ANN401
        index = self._index(name)
        if rest in {"/docs/search.index", "/docs/index"}:
            results = index.act(body["value"], self.failing)
            return (200 if all(one["status"] for one in results) else 207), {"value": results}
        if rest in {"/docs/search.post.search", "/docs/search"}:
            return 200, index.search(body)
        if rest == "/docs/$count":
            return 200, len(index.documents)
        raise Refusal(404, "", f"There is nothing at {rest}.")

    def _index(self, name: str) -> Index:
        if name not in self.indexes:
            raise Refusal(404, "", f"The index '{name}' was not found.")
        return self.indexes[name]


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    stub: AzureSearchStub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Says nothing."""

    def answer(self) -> None:
        """Hears, checks, fails on demand, or answers."""
        size = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(size)
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        shown = {name: value for name, value in headers.items() if name not in _SECRET}
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = None
        self.stub.heard.append(Heard(self.command, path, shown, body))
        fault = self.stub.fault_of(path)
        if fault is not None and not self._passes(fault):
            return
        try:
            self.stub.check(headers, parts.query, reading="search" in path and "search.index" not in path)
            if size > MOST_BYTES:
                raise Refusal(413, "", "The request is larger than 16 MB.")
            if raw and not isinstance(body, dict):
                raise bad("The body is no JSON object.")
            self._say(*self.stub.reply(self.command, path, body))
        except Refusal as refusal:
            self._say(refusal.status, refusal.body)

    def _passes(self, fault: Fault) -> bool:
        """Whether the request is answered after all."""
        time.sleep(fault.hang)
        if fault.status == 0:
            self.close_connection = True
        elif fault.status != ANSWERED or fault.body is not None:
            body = json.dumps({"error": {"code": "", "message": "injected"}}) if fault.body is None else fault.body
            self._send(fault.status, body.encode(), fault.headers, fault.drip)
        return fault.status == ANSWERED and fault.body is None

    def _say(self, status: int, body: Any) -> None:  # noqa: ANN401
        self._send(status, b"" if body is None else json.dumps(body).encode(), {})

    def _send(self, status: int, data: bytes, headers: Mapping[str, str], drip: float = 0.0) -> None:
        self.send_response(status)
        if data:
            self.send_header("Content-Type", "application/json; odata.metadata=minimal")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if not drip:
            self.wfile.write(data)
            return self.wfile.flush()
        with suppress(OSError):  # whoever asked may have gone
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(drip)
        return None

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815
