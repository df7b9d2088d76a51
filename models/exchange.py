"""One call on the wire: how long it may take, who hears what, and what ended it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from socket import SHUT_RDWR, socket
from threading import Thread, Timer
from typing import Protocol, TypeVar

from models.chat import Clock, FaultCode, ModelFault, OnSent, OnText, unheard

BEAT = 0.25
"""Seconds after which a silent call looks whether somebody stopped it."""

_Found = TypeVar("_Found")


class Closes(Protocol):
    """Something that is open as long as a reply comes in."""

    def close(self) -> None:
        """Gives the connection back or ends it."""


class Exchange:
    """The call that is under way in this thread.

    `ends` is an instant of the clock, past which every waiting ends with a fault of the code `late`. `on_text` hears an
    empty text at every beat, so that whoever wants to stop can raise.
    """

    def __init__(self, *, ends: float, late: FaultCode, clock: Clock, on_text: OnText, on_sent: OnSent) -> None:
        self._ends, self._late, self._clock = ends, late, clock
        self._on_text = on_text
        self._on_sent = on_sent
        self._sockets: list[socket] = []
        self._open: list[Closes] = []
        self.reason: BaseException | None = None

    def left(self) -> float:
        """Seconds that are left; raises when there are none."""
        seconds = self._ends - self._clock()
        if seconds <= 0:
            raise self.failed(ModelFault(self._late))
        return seconds

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self._clock() >= self._ends

    def beat(self) -> None:
        """Still waiting: whoever listens may stop it."""
        try:
            self._on_text("")
        except BaseException as stop:  # noqa: BLE001 - raised again when the libraries are left
            raise self.failed(stop) from None

    def sending(self, content: bytes) -> None:
        """Tells what is about to leave."""
        try:
            self._on_sent(content.decode())
        except BaseException as refusal:  # noqa: BLE001 - as above
            raise self.failed(refusal) from None

    def failed(self, reason: BaseException) -> BaseException:
        """Remembers the first reason, which libraries in between would wrap or lose; returns it."""
        self.reason = self.reason or reason
        return self.reason

    def late(self) -> BaseException:
        """The fault of a call whose time is up."""
        return self.failed(ModelFault(self._late))

    def watch(self, one: socket) -> None:
        """A connection that is cut when the time is up, whatever it waits for."""
        self._sockets.append(one)

    def opened(self, one: Closes) -> None:
        """A reply that is closed with the call."""
        self._open.append(one)

    def cut(self) -> None:
        """Ends every connection at once; a blocked read or write in another thread returns."""
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Gives back what the call had open."""
        for one in self._open:
            with suppress(Exception):
                one.close()


_CURRENT: ContextVar[Exchange] = ContextVar("exchange")


def current() -> Exchange:
    """The call of this thread."""
    return _CURRENT.get()


@contextmanager
def exchange(
    *,
    deadline: float,
    call_seconds: float,
    clock: Clock,
    on_text: OnText = unheard,
    on_sent: OnSent = unheard,
) -> Iterator[Exchange]:
    """Makes a call the current one; ends it at the deadline, or after the seconds that one call may take."""
    first = clock() + call_seconds
    late = FaultCode.DEADLINE if deadline <= first else FaultCode.TIMEOUT
    made = Exchange(ends=min(deadline, first), late=late, clock=clock, on_text=on_text, on_sent=on_sent)
    timer = Timer(made.left(), made.cut)
    timer.daemon = True
    token = _CURRENT.set(made)
    timer.start()
    try:
        yield made
    finally:
        timer.cancel()
        _CURRENT.reset(token)
        made.close()


def bounded(work: Callable[[], _Found], most: float) -> _Found:
    """Work that cannot be interrupted (names looked up, a token asked for), for `most` seconds and not past the call.

    Raises `TimeoutError` after `most` seconds, and whatever the work raises. Work that is given up goes on by itself.
    """
    call = current()
    found: list[_Found] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread that waits
            raised.append(fault)

    thread = Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive() and most > 0:
        call.beat()
        step = min(BEAT, call.left(), most)
        thread.join(step)
        most -= step
    if raised:
        raise raised[0]
    if not found:
        raise TimeoutError
    return found[0]
