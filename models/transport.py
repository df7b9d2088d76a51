"""The one way out: every request of both libraries goes through here, with our headers, our key and nothing else."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

import httpcore2
import httpx2

from models.chat import FaultCode, ModelFault
from models.exchange import Exchange, current
from models.settings import Endpoint, Route
from models.wire import CONNECT_SECONDS, TimedBackend

MOST_BYTES = 32_000_000
"""Of one reply: 256 vectors of 4,096 columns, each number as text, take about 20 MB."""

AGENT = "akashi"
AGAIN = 0.5
"""Seconds to wait before a connection that broke is tried again."""

_KEPT = frozenset({"accept", "content-type"})
"""Of the headers the libraries make: theirs tell operating system, versions and how often was tried."""

Headers = Mapping[str, str]


def client(endpoint: Endpoint, auth: Callable[[], Headers]) -> httpx2.Client:
    """An HTTP client for one endpoint.

    `trust_env` is off on purpose: proxy and certificates come from the settings, which were read from the environment
    once (`models.environment`), and a `.netrc` never gets to say who we are. Redirects are not followed: a prompt goes
    where the settings say, or nowhere.
    """
    return httpx2.Client(transport=Transport(endpoint, auth), trust_env=False, follow_redirects=False, timeout=None)


class Transport(httpx2.BaseTransport):
    """Sends the requests of the current call; whatever goes wrong is a `ModelFault` the call remembers."""

    def __init__(self, endpoint: Endpoint, auth: Callable[[], Headers]) -> None:
        self._auth = auth
        self._own = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        if endpoint.organization:
            self._own["OpenAI-Organization"] = endpoint.organization
        if endpoint.project:
            self._own["OpenAI-Project"] = endpoint.project
        self._pool = _pool(endpoint.route)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request and the beginning of its reply."""
        call = current()
        content = request.read()
        headers = self._headers(request)
        call.sending(content)
        try:
            reply = self._pool.handle_request(_as_sent(request, headers, content))
        except httpcore2.NetworkError as fault:
            raise call.failed(_unreached(fault, call, request.url.host)) from fault
        except (httpcore2.TimeoutException, httpcore2.ProtocolError, httpcore2.ProxyError) as fault:
            raise call.failed(_unreached(fault, call, request.url.host)) from fault
        except httpcore2.UnsupportedProtocol as fault:
            raise call.failed(ModelFault(FaultCode.UNREACHABLE, reason="protocol")) from fault
        except ImportError as fault:  # a SOCKS proxy needs one package more
            raise call.failed(ModelFault(FaultCode.MISSING_PACKAGE, package="socksio")) from fault
        body = _Body(reply.stream, call)  # type: ignore[arg-type]
        call.opened(body)
        if any(name.lower() == b"content-encoding" and value != b"identity" for name, value in reply.headers):
            raise call.failed(ModelFault(FaultCode.MALFORMED, reason="encoding"))  # a bomb is small until it is undone
        return httpx2.Response(status_code=reply.status, headers=reply.headers, stream=body)

    def close(self) -> None:
        """Ends every connection."""
        self._pool.close()

    def _headers(self, request: httpx2.Request) -> list[tuple[str, str]]:
        kept = [(name, value) for name, value in request.headers.items() if name.lower() in _KEPT]
        return [("Host", request.headers["Host"]), *kept, *self._own.items(), *self._auth().items()]


class _Body(httpx2.SyncByteStream):
    """What comes back, as far as it may."""

    def __init__(self, inner: Iterator[bytes], call: Exchange) -> None:
        self._inner, self._call = inner, call

    def __iter__(self) -> Iterator[bytes]:
        came = 0
        try:
            for part in self._inner:
                came += len(part)
                if came > MOST_BYTES:
                    raise self._call.failed(ModelFault(FaultCode.TOO_LARGE, bytes=MOST_BYTES))
                yield part
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as fault:
            cut = ModelFault(FaultCode.CUT, retry_after=AGAIN)
            raise self._call.failed(self._call.late() if self._call.over else cut) from fault

    def close(self) -> None:
        """Gives the connection back, or ends it when more would come."""
        getattr(self._inner, "close", lambda: None)()


def _as_sent(request: httpx2.Request, headers: list[tuple[str, str]], content: bytes) -> httpcore2.Request:
    url = httpcore2.URL(
        scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
    )
    length = [("Content-Length", str(len(content)))] if content else []
    timeouts = {"connect": CONNECT_SECONDS, "pool": CONNECT_SECONDS}
    return httpcore2.Request(
        method=request.method, url=url, headers=[*headers, *length], content=content, extensions={"timeout": timeouts}
    )


def _unreached(fault: Exception, call: Exchange, host: str) -> BaseException:
    if call.over:
        return call.late()
    if isinstance(fault, httpcore2.ReadError | httpcore2.WriteError | httpcore2.ProtocolError):
        return ModelFault(FaultCode.CUT, retry_after=AGAIN)  # it was there, and went away without a word
    said = f"{fault!r} {fault.__cause__!r} {fault.__context__!r}".lower()
    marks = {"certificate": "certificate", "ssl": "encryption", "no such name": "name", "refused": "refused"}
    reason = next((found for mark, found in marks.items() if mark in said), "connection")
    if isinstance(fault, httpcore2.ProxyError):
        reason = "proxy"
    again = AGAIN if reason in {"connection", "refused"} else None
    return ModelFault(FaultCode.UNREACHABLE, retry_after=again, host=host, reason=reason)


def _pool(route: Route) -> httpcore2.ConnectionPool:
    make = partial(
        httpcore2.ConnectionPool,
        ssl_context=_trusted(route.ca_file),
        max_keepalive_connections=0,  # a handshake costs nothing beside a model, and an idle connection may be dead
        network_backend=TimedBackend(),
    )
    if not route.proxy:
        return make()
    try:
        proxy = httpx2.Proxy(route.proxy)
    except (ValueError, httpx2.InvalidURL) as fault:
        raise ModelFault(FaultCode.UNREACHABLE, reason="proxy") from fault
    return make(proxy=httpcore2.Proxy(str(proxy.url), proxy.raw_auth))


@cache
def _trusted(ca_file: str) -> ssl.SSLContext:
    """The certificates that come with the libraries, or those of a file; read once, which takes longer than a call."""
    if not ca_file:
        return httpx2.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as fault:
        raise ModelFault(FaultCode.UNREACHABLE, reason="ca_file") from fault
