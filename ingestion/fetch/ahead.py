"""Work done ahead of the consumer, in one thread behind a bounded queue."""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

_T = TypeVar("_T")
_End = BaseException | None


def ahead(items: Iterator[_T], depth: int) -> Iterator[_T]:
    """Yield `items` in order while a thread prepares up to `depth` more; an exception comes through at its place.

    When the consumer stops early the thread stops behind the item it is at.
    """
    ready: queue.Queue[tuple[_T] | _End] = queue.Queue(depth)
    stop = threading.Event()

    def work() -> None:
        end: _End = None
        try:
            for item in items:
                _put(ready, (item,), stop)
                if stop.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised again in the consumer's thread
            end = error
        _put(ready, end, stop)

    thread = threading.Thread(target=work, name="fetch", daemon=True)
    thread.start()
    try:
        while isinstance(entry := ready.get(), tuple):
            yield entry[0]
        if entry is not None:
            raise entry
    finally:
        stop.set()
        thread.join()


def _put(ready: "queue.Queue[tuple[_T] | _End]", entry: tuple[_T] | _End, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            return ready.put(entry, timeout=0.1)
        except queue.Full:
            continue
    return None
