"""Absolute limits on what one run may inflate, and the account of what it has used so far."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Budget:
    """How much inflated content (bytes), how many archive members, how long a line, how many seconds.

    There is no limit on the *ratio* of inflated to compressed size: an honest log of one repeated line inflates
    11,820-fold from zstd, so a ratio says nothing.
    """

    input_bytes: int = 200 * GIB
    run_bytes: int = 200 * GIB
    members: int = 1000
    line_bytes: int = MIB
    seconds: float | None = None


class Meter:
    """What a run has inflated; shared by all its inputs and safe to use from several threads."""

    def __init__(self, budget: Budget, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget = budget
        self._clock = clock
        self._until = None if budget.seconds is None else clock() + budget.seconds
        self._lock = threading.Lock()
        self._used = 0

    @property
    def over(self) -> bool:
        """Is the time of the run over?"""
        return self._until is not None and self._clock() >= self._until

    @property
    def left(self) -> int:
        """Bytes the run may still inflate; 0 when its time is over."""
        return 0 if self.over else max(0, self.budget.run_bytes - self._used)

    def use(self, size: int) -> None:
        """Count `size` more bytes."""
        with self._lock:
            self._used += size


class Account:
    """One input's share of the run; reading the same content a second time costs nothing more."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self._paid = 0

    def grant(self, position: int, wanted: int) -> int:
        """How many of the `wanted` bytes behind `position` may be read."""
        left = self.meter.left
        if left == 0 and position >= self._paid:
            return 0
        prepaid = max(0, self._paid - position)
        return min(wanted, max(0, self.meter.budget.input_bytes - position), prepaid + left)

    def forget(self) -> None:
        """Give back what was paid: the bytes were only looked at."""
        self.meter.use(-self._paid)
        self._paid = 0

    def pay(self, position: int) -> None:
        """Content up to `position` has been read."""
        if position > self._paid:
            self.meter.use(position - self._paid)
            self._paid = position
