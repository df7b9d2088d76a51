"""Actions in batches that the service takes, and what it says of each: sent again where that helps, else counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from core.errors import StorageError
from stores.index.azure.calls import AGAIN, Calls

MOST_DOCUMENTS = 1_000
MOST_BYTES = 4 << 20
"""Of a batch. 1,000 documents and 16 MB of request in all are the service's limits ("Service limits in Azure AI
Search", API request limits); 4 MB pass a line of one megabit a second within the time of one request."""


class Action(NamedTuple):
    """What is to become of the document with this key, as JSON of ASCII signs."""

    key: str
    text: str


class Result(NamedTuple):
    """What the service says of one document."""

    key: str
    succeeded: bool
    status: int


Send: TypeAlias = Callable[[list[Action], Mapping[str, Any]], Sequence[Result]]
"""Hands one batch to the client; the limits are those of `Calls.run`."""


def batches(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """The same in order, as many at a time as may be sent together."""
    batch: list[Action] = []
    size = 0
    for one in actions:
        if batch and (len(batch) == MOST_DOCUMENTS or size + len(one.text) + 1 > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.text) + 1
    if batch:
        yield batch


def send_all(calls: Calls, actions: Iterable[Action], send: Send) -> int:
    """How many were sent; `StorageError("search_upload_failed")` with counts when some were refused for good."""
    sent = 0
    for batch in batches(actions):
        refused = _send(calls, batch, send)
        if refused:
            raise _failed(sent, batch, refused)
        sent += len(batch)
    return sent


def _send(calls: Calls, batch: list[Action], send: Send) -> Mapping[str, int]:
    """Key → status of those that were refused for good, or still after the last try."""
    waiting = {one.key: one for one in batch}
    for pause in calls.pauses():
        results = {one.key: one for one in calls.run(partial(send, list(waiting.values())))}
        # a document of which nothing is said did not arrive
        found = {key: results.get(key, Result(key, succeeded=False, status=503)) for key in waiting}
        refused = {key: one.status for key, one in found.items() if not one.succeeded}
        again = {key for key, status in refused.items() if status in AGAIN}
        if not refused or len(again) < len(refused) or pause < 0:
            return refused
        waiting = {key: waiting[key] for key in refused}
        calls.wait(pause)
    return {}


def _failed(before: int, batch: Sequence[Action], refused: Mapping[str, int]) -> StorageError:
    counts = Counter(refused.values())
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
    return StorageError(
        "search_upload_failed", sent=before + len(batch) - len(refused), failed=len(refused), statuses=statuses
    )
