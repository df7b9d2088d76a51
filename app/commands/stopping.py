"""Ctrl-C that is never lost: some libraries swallow the exception it raises, so it is raised again at the next step."""

import signal
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any, Self


class Stopping:
    """While it is entered, whoever works calls `check` now and then; outside the main thread it does nothing."""

    def __init__(self) -> None:
        self._asked = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if current_thread() is main_thread():
            self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """`KeyboardInterrupt` when Ctrl-C was pressed since this was entered."""
        if self._asked:
            raise KeyboardInterrupt
