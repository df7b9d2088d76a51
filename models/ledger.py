"""The book of a case: each request is counted, held to the budget and written down before it leaves."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from core.errors import CaseError, StorageError
from models.call import Purpose
from models.chat import FaultCode, ModelFault
from models.settings import Limits, Prices
from stores.outgoing import Outgoing
from stores.sending import Budget, Sending, Spent

_UNBILLED = frozenset(
    """
    unreachable rate_limited quota unauthorized forbidden not_found bad_request schema_refused context_overflow
    server_error missing_package no_token
    """.split()
)
"""Faults for which a provider bills nothing: it refused before it read, or was not reached."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request; tokens as far as they are known, None where the provider did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    seconds: float = 0.0
    fault: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request in the book that has no outcome yet."""

    number: int
    purpose: Purpose
    input_tokens: int


class Book(Protocol):
    """Where requests are entered."""

    def begin(self, provider: str, model: str, purpose: Purpose, payload: str) -> Entry:
        """An entry for a request whose body is about to leave; raises `ModelFault` when it may not."""

    def finish(self, entry: Entry, outcome: Outcome) -> None:
        """What became of it."""

    def count(self, text: str) -> int:
        """Tokens of a text, at most."""


class Unbooked:
    """For requests that belong to no case and hold nothing of one: the sentence with which a set-up is tried."""

    def begin(self, provider: str, model: str, purpose: Purpose, payload: str) -> Entry:  # noqa: ARG002 - a Book's
        """Nothing is written."""
        return Entry(0, purpose, self.count(payload))

    def finish(self, entry: Entry, outcome: Outcome) -> None:
        """Nothing is written."""

    def count(self, text: str) -> int:
        """Bytes: no text has more tokens."""
        return len(text.encode("utf-8", "surrogatepass"))


class Ledger:
    """The book of one case, for one question or for what belongs to none (an index being embedded).

    `count` counts the tokens of a text. The file is opened for each entry, so that a ledger may be shared by threads.
    """

    def __init__(
        self,
        case_dir: Path,
        count: Callable[[str], int],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        question: str = "",
        limits: Limits | None = None,
        prices: Prices | None = None,
    ) -> None:
        self._case_dir, self._count, self._question = case_dir, count, question
        self._limits, self._prices, self._now = limits or Limits(), prices or Prices(), now

    def begin(self, provider: str, model: str, purpose: Purpose, payload: str) -> Entry:
        """An entry for a request whose body is about to leave.

        Raises `ModelFault`: `over_budget` (limit), `unrecorded` (reason) where it could not be written down.
        """
        tokens = self._count(payload)
        reserved = 0 if purpose is Purpose.EMBED else self._limits.output_tokens
        cost, whole = self._cost(purpose, tokens, 0), self._cost(purpose, tokens, reserved)
        sending = Sending(
            *(self._now(), provider, model, purpose.value, self._question, tokens, payload, reserved),
            cost=cost,
            reserved_cost=(whole or 0) - (cost or 0),
        )
        try:
            with Outgoing.open(self._case_dir) as outgoing:
                found = outgoing.begin(sending, self._budget(purpose))
        except (StorageError, CaseError) as fault:
            raise ModelFault(FaultCode.UNRECORDED, reason=fault.code) from fault
        if isinstance(found, str):
            raise ModelFault(FaultCode.OVER_BUDGET, limit=found)
        return Entry(found, purpose, tokens)

    def finish(self, entry: Entry, outcome: Outcome) -> None:
        """Writes what became of it; where that is refused the entry stays as under way, with all it might have cost."""
        said_nothing = 0 if outcome.fault in _UNBILLED else entry.input_tokens
        came_in = said_nothing if outcome.input_tokens is None else outcome.input_tokens
        went_out = outcome.output_tokens or 0
        with suppress(StorageError, CaseError), Outgoing.open(self._case_dir) as outgoing:
            outgoing.finish(
                entry.number,
                input_tokens=came_in,
                output_tokens=went_out,
                cost=self._cost(entry.purpose, came_in, went_out),
                seconds=outcome.seconds,
                fault=outcome.fault,
                model=outcome.model,
            )

    def count(self, text: str) -> int:
        """Tokens of a text, at most."""
        return self._count(text)

    def spent(self) -> Spent:
        """What this question has taken so far; `StorageError` as `stores.outgoing.Outgoing`."""
        with Outgoing.open(self._case_dir) as outgoing:
            return outgoing.spent(self._question)

    def spent_by_case(self) -> Spent:
        """What the case has taken so far; `StorageError` as `stores.outgoing.Outgoing`."""
        with Outgoing.open(self._case_dir) as outgoing:
            return outgoing.spent()

    def _cost(self, purpose: Purpose, came_in: int, went_out: int) -> float | None:
        if purpose is Purpose.EMBED:
            return self._prices.embedding_cost(came_in)
        return self._prices.cost(came_in, went_out)

    def _budget(self, purpose: Purpose) -> Budget:
        of_question = None if purpose is Purpose.EMBED else self._limits.question_tokens
        return Budget(self._limits.case_tokens, self._limits.case_money, of_question)
