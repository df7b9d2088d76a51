"""One call to the service: repeated a few times where that helps, never past its time, and every fault has a code."""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from queue import Empty, Queue
from threading import Thread
from typing import Any, TypeVar, cast

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)

from core.errors import StorageError
from stores.index.azure.settings import AzureSearch, Patience

T = TypeVar("T")

AGAIN = frozenset({408, 409, 422, 429, 500, 502, 503, 504})
"""Of a whole request or of one document: busy, in conflict, or out of order for a moment.

The service's own list for documents is 409, 422 and 503 (azure-search-documents, IndexingResult.status_code).
"""

_REFUSED = frozenset({401, 403})
_BUSY = frozenset({429, 503})
_LEAST = 0.05


class Calls:
    """Makes calls with these settings; clock (seconds) and sleep are arguments so that tests need not wait."""

    def __init__(
        self,
        search: AzureSearch,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._search = search
        self._clock, self._sleep = clock, sleep

    @property
    def patience(self) -> Patience:
        """How long anybody waits."""
        return self._search.patience

    def run(self, call: Callable[[Mapping[str, Any]], T]) -> T:
        """What `call` returns; it is handed the time limits of one request as the client names them."""
        ends = self._clock() + self.patience.total
        for pause in self.pauses():
            try:
                limits = self._limits(ends)
                return _in_time(partial(call, limits), max(ends - self._clock(), _LEAST))
            except AzureError as fault:
                wait = max(pause, _asked_for(fault, self.patience))
                if not _passes(fault) or pause < 0 or self._clock() + wait >= ends:
                    raise self._worded(fault) from fault
            except TimeoutError:
                raise StorageError("search_silent", endpoint=self._search.endpoint) from None
            except (KeyError, TypeError, ValueError, AttributeError) as fault:
                raise StorageError("search_garbled", reason=type(fault).__name__) from fault
            self._sleep(wait)
        raise AssertionError("the last pause is negative")

    def pauses(self) -> Iterator[float]:
        """Seconds to wait after each try that failed; -1 after the last one."""
        for number in range(self.patience.tries - 1):
            yield min(self.patience.pause * 2**number, self.patience.longest_pause)
        yield -1.0

    def until(self, holds: Callable[[], bool]) -> bool:
        """Whether it held before the time for becoming visible was over; asked at once, then ever more seldom."""
        ends, pause = self._clock() + self.patience.visible, _LEAST
        while not holds():
            if self._clock() + pause >= ends:
                return False
            self._sleep(pause)
            pause = min(pause * 2, 2.0)
        return True

    def wait(self, seconds: float) -> None:
        """Does nothing for so long."""
        self._sleep(seconds)

    def _limits(self, ends: float) -> Mapping[str, Any]:
        left = max(ends - self._clock(), _LEAST)
        return {
            "connection_timeout": min(self.patience.connect, left),
            "read_timeout": min(self.patience.read, left),
            # a key never leaves this machine without TLS; for a token the client has to be told that a stub is one
            **({"enforce_https": False} if self._search.on_this_machine and self._search.key is None else {}),
        }

    def _worded(self, fault: AzureError) -> StorageError:
        """The fault as a code and facts; the service's own words stay out: they may repeat what was sent."""
        status = getattr(fault, "status_code", None)
        if isinstance(fault, HttpResponseError) and status is not None:
            return self._of_status(status, getattr(getattr(fault, "error", None), "code", None) or "")
        if isinstance(fault, ClientAuthenticationError):
            return StorageError("search_identity", endpoint=self._search.endpoint)
        if isinstance(fault, ServiceRequestError):
            return StorageError("search_unreachable", endpoint=self._search.endpoint)
        if isinstance(fault, ServiceResponseError | IncompleteReadError):
            return StorageError("search_silent", endpoint=self._search.endpoint)
        return StorageError("search_garbled", reason=type(fault).__name__)

    def _of_status(self, status: int, reason: str) -> StorageError:
        if status < 300:
            return StorageError("search_garbled", reason="not JSON")
        if status in _REFUSED:
            code = "search_key_refused" if self._search.key else "search_role_refused"
            return StorageError(code, endpoint=self._search.endpoint, status=status)
        if status == 404:
            return StorageError("search_no_index", index=self._search.index_name)
        if status in _BUSY:
            return StorageError("search_busy", status=status, tries=self.patience.tries)
        if status < 500:
            return StorageError("search_rejected", status=status, reason=reason[:80])
        return StorageError("search_broken", status=status)


def _in_time(work: Callable[[], T], seconds: float) -> T:
    """What the work returns or raises; `TimeoutError` when it is not done by then.

    The client's own limits are for every read of a socket: a service that sends a byte now and then would be waited for
    without end. What is late goes on in its thread, heard by nobody, until its socket ends.
    """
    done: Queue[tuple[T | None, BaseException | None]] = Queue(1)

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as fault:  # noqa: BLE001 - raised again by whoever waits
            done.put((None, fault))

    Thread(target=run, daemon=True).start()
    try:
        found, fault = done.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if fault is not None:
        raise fault
    return cast("T", found)


def _passes(fault: AzureError) -> bool:
    """Whether the same call may succeed a moment later; all that is sent may be sent twice."""
    status = getattr(fault, "status_code", None)
    if isinstance(fault, HttpResponseError) and status is not None:
        return status in AGAIN
    return isinstance(fault, ServiceRequestError | ServiceResponseError | IncompleteReadError)


def _asked_for(fault: AzureError, patience: Patience) -> float:
    """Seconds of Retry-After, as long as they are few enough."""
    response = getattr(fault, "response", None)
    said = response.headers.get("Retry-After", "") if response is not None else ""
    try:
        return min(max(float(said), 0.0), patience.longest_pause)
    except ValueError:
        return 0.0
