"""Documents in batches that the service takes, and what it says of each: sent again where that helps, else counted."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from core.errors import StorageError
from stores.index.azure.calls import AGAIN, Calls

MOST_DOCUMENTS = 1_000
MOST_BYTES = 4 << 20
"""Of a batch. 1,000 documents and 16 MB of request in all are the service's limits ("Service limits in Azure AI
Search", API request limits); 4 MB pass a line of one megabit a second within the time of one request."""

Body = Mapping[str, Any]


class Result(Protocol):
    """What the service says of one document."""

    @property
    def key(self) -> str: ...  # noqa: D102 - the client's names

    @property
    def succeeded(self) -> bool: ...  # noqa: D102

    @property
    def status_code(self) -> int: ...  # noqa: D102


class Send(Protocol):
    """Hands one batch to the client; the limits are those of `Calls.run`."""

    def __call__(self, batch: list[Body], limits: Mapping[str, Any], /) -> Sequence[Result]: ...  # noqa: D102


def batches(documents: Iterable[Body]) -> Iterator[list[Body]]:
    """The same in order, as many at a time as may be sent together."""
    batch: list[Body] = []
    size = 0
    for one in documents:
        bytes_of_one = len(json.dumps(one)) + 2
        if batch and (len(batch) == MOST_DOCUMENTS or size + bytes_of_one > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += bytes_of_one
    if batch:
        yield batch


def send_all(calls: Calls, documents: Iterable[Body], send: Send) -> int:
    """How many were sent; `StorageError("search_upload_failed")` with counts when some were refused for good."""
    sent = 0
    for batch in batches(documents):
        refused = _send(calls, batch, send)
        if refused:
            raise _failed(sent, batch, refused)
        sent += len(batch)
    return sent


def _send(calls: Calls, batch: list[Body], send: Send) -> Mapping[str, int]:
    """Key → status of those that were refused for good, or still after the last try."""
    waiting = {str(one["key"]): one for one in batch}
    for pause in calls.pauses():
        results = {one.key: one for one in calls.run(partial(send, list(waiting.values())))}
        # a document of which nothing is said did not arrive
        refused = {key: _status(results.get(key)) for key in waiting if not _arrived(results.get(key))}
        again = {key for key, status in refused.items() if status in AGAIN}
        if not refused or len(again) < len(refused) or pause < 0:
            return refused
        waiting = {key: waiting[key] for key in refused}
        calls.wait(pause)
    return {}


def _arrived(result: Result | None) -> bool:
    return result is not None and result.succeeded


def _status(result: Result | None) -> int:
    return 503 if result is None else result.status_code


def _failed(before: int, batch: Sequence[Body], refused: Mapping[str, int]) -> StorageError:
    counts = Counter(refused.values())
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
    return StorageError(
        "search_upload_failed", sent=before + len(batch) - len(refused), failed=len(refused), statuses=statuses
    )
