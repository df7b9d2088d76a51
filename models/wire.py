"""Connections that keep to the time of the call: no read, write, handshake or name lookup waits past it."""

import socket
import ssl
from collections.abc import Iterable

import httpcore2

from models.exchange import BEAT, bounded, current

CONNECT_SECONDS = 10.0
"""For one address to answer, and for a name to be found; a host that is there needs far less."""

_PIECE = 16_384


class TimedBackend(httpcore2.NetworkBackend):
    """Opens connections for the current call."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """The first address of the host that answers."""
        call = current()
        fault: Exception = httpcore2.ConnectError("no address")
        for address in _addresses(host, port):
            call.beat()
            seconds = min(call.left(), CONNECT_SECONDS, timeout or CONNECT_SECONDS)
            try:
                found = httpcore2.SyncBackend().connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refusal:
                fault = refusal
            else:
                return TimedStream(found)
        raise fault


def _addresses(host: str, port: int) -> list[str]:
    try:
        rows = bounded(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), CONNECT_SECONDS)
    except (OSError, UnicodeError) as fault:
        raise httpcore2.ConnectError("no such name") from fault
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class TimedStream(httpcore2.NetworkStream):
    """One connection, which may serve several calls one after another."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the call's time counts
        """What has come; a silent server is waited for in short steps until the call's time is up."""
        call = current()
        self._watched()
        while True:
            call.beat()
            try:
                return self._inner.read(max_bytes, min(BEAT, call.left()))
            except httpcore2.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Sends all of it."""
        call = current()
        self._watched()
        view = memoryview(buffer)
        for start in range(0, len(view), _PIECE):
            self._inner.write(bytes(view[start : start + _PIECE]), call.left())

    def close(self) -> None:
        """Ends the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; the name must be the certificate's."""
        self._watched()
        return TimedStream(self._inner.start_tls(ssl_context, server_hostname, current().left()))

    def get_extra_info(self, info: str) -> object:
        """What the connection tells about itself."""
        return self._inner.get_extra_info(info)

    def _watched(self) -> None:
        if isinstance(found := self._inner.get_extra_info("socket"), socket.socket):
            current().watch(found)
