"""The client of Azure AI Search, spoken to nowhere else: made from settings, asked in our words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from azure.core.credentials import AzureKeyCredential, TokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest
from azure.search.documents import SearchClient
from azure.search.documents.indexes import SearchIndexClient
from azure.search.documents.models import VectorizedQuery

from core.errors import StorageError
from stores.index.azure import filters
from stores.index.azure.batches import Action, Result, send_all
from stores.index.azure.calls import Calls
from stores.index.azure.schema import KEY, SEMANTIC, VECTOR, WORDS, Document, definition, differences
from stores.index.azure.settings import AzureSearch
from stores.index.protocol import Vector, Vectors

T = TypeVar("T")

API_VERSION = "2026-04-01"

PAGE = 1_000
"""Documents in one reply at most ("API response limits")."""

_ROWS = 200
"""Vectors in one reply: some megabytes at 1,536 dimensions."""

Scored = tuple[str, float]
"""A document's key and the service's score."""


class Connection:
    """One index of one service; closing it lets go of its sockets. Every method raises `StorageError`."""

    def __init__(
        self, search: AzureSearch, *, credential: TokenCredential | None = None, calls: Calls | None = None
    ) -> None:
        self.calls = calls or Calls(search)
        self._search = search
        known = AzureKeyCredential(search.key) if search.key else credential or entra()
        # redirects would carry the key to wherever the reply says; repeating is done by `calls`, which keeps the time
        options: dict[str, Any] = {"retry_total": 0, "permit_redirects": False, "api_version": API_VERSION}
        self._documents = SearchClient(search.endpoint, search.index_name, known, **options)
        self._indexes = SearchIndexClient(search.endpoint, known, **options)

    def close(self) -> None:
        """No call afterwards."""
        self._documents.close()
        self._indexes.close()

    def fields(self) -> Sequence[Mapping[str, Any]]:
        """The fields of the index; `StorageError("search_no_index")` when there is none of this name."""
        name = self._search.index_name
        return self.calls.run(lambda limits: self._indexes.get_index(name, **limits).as_dict()["fields"])

    def ensure(self, dimensions: int) -> None:
        """The index is there and fits; made when it is not there, never changed when it does not fit."""
        try:
            self.check(dimensions)
        except StorageError as fault:
            if fault.code != "search_no_index":
                raise
            made = definition(self._search.index_name, dimensions)
            self.calls.run(lambda limits: self._indexes.create_or_update_index(made, **limits))

    def check(self, dimensions: int) -> None:
        """`StorageError("search_schema")` when the index of this name is not one that was made for such vectors."""
        for name, wrong in differences(self.fields(), dimensions).items():
            raise StorageError("search_schema", index=self._search.index_name, field=name, wrong=wrong)

    def upload(self, documents: Sequence[Document]) -> int:
        """How many were sent."""
        return send_all(self.calls, (uploading(one) for one in documents), self._index)

    def delete(self, keys: Sequence[str]) -> None:
        """Takes documents out; unknown keys are left alone."""
        send_all(self.calls, (deleting(key) for key in keys), self._index)

    def count(self, chosen: str) -> int:
        """How many documents a filter leaves, as far as the service can find them by now."""

        def ask(limits: Mapping[str, Any]) -> int:
            return int(
                self._documents.search(search_text="*", filter=chosen, include_total_count=True, top=0, **limits)
                .get_count()
            )  # fmt: skip

        return self.calls.run(ask)

    def keys(self, chosen: str) -> Iterator[str]:
        """All keys that a filter leaves, in order; in pages, since no reply skips more than 100,000."""
        last = ""
        while True:
            page = self._ask(lambda one: str(one[KEY]), filters.behind(chosen, last), PAGE, order_by=[f"{KEY} asc"])
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1]

    def near(self, vector: Vector, count: int, chosen: str, session: str) -> list[Scored]:
        """The `count` nearest, all of what the filter leaves compared; the score is the cosine.

        The service's score is 1 / (1 + cosine distance) ("Scores in a vector search results").
        """
        asked = VectorizedQuery(vector=_numbers(vector), k_nearest_neighbors=count, fields=VECTOR, exhaustive=True)
        found: list[Scored] = []
        while len(found) < count:
            top = min(PAGE, count - len(found))
            options = {"vector_queries": [asked], "skip": len(found), "session_id": session}
            page = self._ask(_scored, chosen, top, text=None, **options)
            found += [(key, 2 - 1 / max(score, 1 / 3)) for key, score in page]
            if len(page) < top:
                break
        return found

    def vectors(self, keys: Sequence[str], case: str, dimensions: int) -> dict[str, Vector]:
        """The rows of those keys that there are."""
        rows: dict[str, Vector] = {}
        for start in range(0, len(keys), _ROWS):
            part = filters.among(filters.of_case(case), keys[start : start + _ROWS])
            asked = {"search": "*", "filter": part, "select": f"{KEY},{VECTOR}", "top": _ROWS, "sessionId": case}
            rows |= dict(self.calls.run(partial(self._rows, json.dumps(asked))))
        if any(row.shape != (dimensions,) for row in rows.values()):
            raise StorageError("search_garbled", reason="dimensions")
        return rows

    def both(
        self, words: str, question: str, vector: Vector, k: int, chosen: str, *, session: str, semantic: bool
    ) -> list[Scored]:
        """Words and vector in one query, joined by the service (reciprocal ranks), best first; ranked again if asked.

        `words` is an expression of `words_expression`, `question` the plain text that the semantic ranker reads.
        """
        asked = VectorizedQuery(vector=_numbers(vector), k_nearest_neighbors=k, fields=VECTOR, exhaustive=True)
        options: dict[str, Any] = {"vector_queries": [asked], "search_fields": [WORDS], "session_id": session}
        if semantic:
            options |= {
                "query_type": "semantic",
                "semantic_configuration_name": SEMANTIC,
                "semantic_query": question,
                "semantic_error_mode": "partial",
            }
        return self._ask(_scored, chosen, min(k, PAGE), text=words, **options)

    def _ask(
        self,
        read: Callable[[Mapping[str, Any]], T],
        chosen: str,
        top: int,
        *,
        text: str | None = "*",
        **options: Any,  # noqa: ANN401 - the client's own
    ) -> list[T]:
        options = {"select": [KEY]} | options

        def ask(limits: Mapping[str, Any]) -> list[T]:
            found = self._documents.search(search_text=text, filter=chosen, top=top, **options, **limits)
            return [read(one) for one in found]

        return self.calls.run(ask)

    def _rows(self, body: str, limits: Mapping[str, Any]) -> list[tuple[str, Vector]]:
        found = self._post("search.post.search", body, limits)
        return [(str(one[KEY]), np.asarray(one[VECTOR], np.float32)) for one in found]

    def _index(self, batch: list[Action], limits: Mapping[str, Any]) -> Sequence[Result]:
        found = self._post("search.index", f'{{"value":[{",".join(one.text for one in batch)}]}}', limits)
        return [Result(str(one["key"]), one["status"] is True, int(one["statusCode"])) for one in found]

    def _post(self, operation: str, body: str, limits: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The `value` of a reply, past the client's own models: they take 4 ms for every vector, both ways."""
        path = f"/indexes('{self._search.index_name}')/docs/{operation}"
        headers = {"Content-Type": "application/json", "Accept": "application/json;odata.metadata=none"}
        request = HttpRequest("POST", path, params={"api-version": API_VERSION}, headers=headers, content=body)
        reply = self._documents.send_request(request, **limits)
        if reply.status_code not in {200, 207}:
            raise HttpResponseError(response=reply)
        value: list[dict[str, Any]] = reply.json()["value"]
        return value


def entra() -> TokenCredential:
    """Whoever this machine is signed in as: environment, managed identity, or `az login`."""
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError as fault:
        raise StorageError("extra_missing", file="requirements-azure.txt", library="azure-identity") from fault
    return DefaultAzureCredential(process_timeout=10)


def uploading(one: Document) -> Action:
    """A document as it leaves.

    Its vector is written as the shortest decimal numbers that are these very 32-bit floats: half as many bytes as
    their 64-bit twins.
    """
    rest = json.dumps({"@search.action": "upload"} | {**one._asdict(), VECTOR: None})
    numbers = ",".join(one.vector.astype(np.float32).astype("U32").tolist())
    return Action(one.key, rest.removesuffix("null}") + f"[{numbers}]}}")


def deleting(key: str) -> Action:
    """A document that is to go."""
    return Action(key, json.dumps({"@search.action": "delete", KEY: key}))


def rows_of(found: Mapping[str, Vector], keys: Sequence[str], dimensions: int) -> Vectors:
    """(keys, dimensions) in order; every key must be known."""
    return np.array([found[key] for key in keys], np.float32).reshape(len(keys), dimensions)


def _scored(one: Mapping[str, Any]) -> Scored:
    return str(one[KEY]), float(one["@search.score"])


def _numbers(row: Vector) -> list[float]:
    numbers: list[float] = row.astype(np.float64).tolist()
    return numbers
