"""Embeddings through langchain-openai: texts redacted, cut to length and sent as strings, vectors of unit length."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from models.auth import HELD, Headers
from models.call import Purpose
from models.chat import Clock, FaultCode, ModelFault
from models.exchange import exchange
from models.gateway import FIRST_WAIT
from models.leaving import redacted
from models.ledger import Book, Entry, Outcome
from models.openai_faults import fault_of
from models.quiet import untraced
from models.redact.protocol import Redactor
from models.settings import Endpoint, Provider
from models.transport import client
from stores.embedding.protocol import Vectors

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

MOST_TEXTS, MOST_TOKENS = 256, 100_000
"""Of one request; the interface takes 2,048 texts and 300,000 tokens (platform.openai.com, embeddings)."""

LONGEST, LONGEST_LOCAL = 8_000, 2_000
"""Tokens of one text: 8,191 fit OpenAI's models (same page), many local ones take 2,048. The rest is left out."""

_OWN_SIZE = frozenset({"text-embedding-3-small", "text-embedding-3-large"})
"""Models that can be asked for fewer columns."""

_COLUMNS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
_SAMPLE = "akashi"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a request may take, how long all tries of one batch, and how often it is tried again."""

    call_seconds: float = 60.0
    batch_seconds: float = 120.0
    retries: int = 2


class OpenAIEmbedder:
    """See `stores.embedding.Embedder`; safe to share between threads.

    `name` tells the model and the columns, not the provider: the same model gives the same vectors everywhere.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        auth: Callable[[], Headers],
        redactor: Redactor,
        ledger: Book,
        *,
        model: str,
        dimensions: int | None = None,
        timing: Timing | None = None,
        deadline: float | None = None,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._endpoint, self._auth, self._redactor, self._ledger = endpoint, auth, redactor, ledger
        self._model, self._asked_for = model, dimensions
        self._timing, self._deadline, self._clock, self._sleep = timing or Timing(), deadline, clock, sleep
        self._columns = dimensions or _COLUMNS.get(model)
        self._lock = Lock()
        self._built: OpenAIEmbeddings | None = None

    @property
    def name(self) -> str:
        """The model and its columns; asks the server once where the columns are not known."""
        return f"{self._model}-{self.dimensions}"

    @property
    def dimensions(self) -> int:
        """Columns of the vectors; of a model that is not known the server is asked once. Raises `ModelFault`."""
        if self._columns is None:
            self._columns = self._made([_SAMPLE]).shape[1]
        return self._columns

    def until(self, deadline: float) -> "OpenAIEmbedder":
        """The same embedder for as long as a question may take: no embedding waits past the deadline."""
        timed = OpenAIEmbedder(
            *(self._endpoint, self._auth, self._redactor, self._ledger),
            model=self._model,
            dimensions=self._asked_for,
            timing=self._timing,
            deadline=deadline,
            clock=self._clock,
            sleep=self._sleep,
        )
        timed._columns, timed._built = self._columns, self._library()
        return timed

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions), rows of unit length; every different text is sent once. Raises `ModelFault`.

        A text that says nothing is not sent and stands for itself: all such texts are one vector.
        """
        safe = self._redacted(texts)
        different = list(dict.fromkeys(text for text in safe if text.strip()))
        rows: dict[str, Vectors] = {}
        for batch in _batches(different, self._ledger.count):
            rows |= dict(zip(batch, self._made(batch), strict=True))
        found = np.zeros((len(texts), self.dimensions), np.float32)
        found[:, 0] = 1.0
        for place, text in enumerate(safe):
            if text in rows:
                found[place] = rows[text]
        return found

    def _redacted(self, texts: Sequence[str]) -> list[str]:
        longest = LONGEST_LOCAL if self._endpoint.provider is Provider.COMPATIBLE else LONGEST
        return [cut(text, longest, self._ledger.count) for text in redacted(self._redactor, texts)]

    def _made(self, batch: Sequence[str]) -> Vectors:
        """The vectors of one request, tried again where that may help."""
        self._library()
        deadline = self._clock() + self._timing.batch_seconds
        deadline = deadline if self._deadline is None else min(deadline, self._deadline)
        tries = 0
        while True:
            try:
                return self._asked(batch, deadline)
            except ModelFault as fault:
                wait = max(fault.retry_after or 0, FIRST_WAIT * 2**tries)
                again = fault.retry_after is not None and tries < self._timing.retries
                if not again or self._clock() + wait >= deadline:
                    raise
                self._sleep(wait)
                tries += 1

    def _asked(self, batch: Sequence[str], deadline: float) -> Vectors:
        book = _Entered(self._ledger, self._endpoint, self._clock)
        seconds = self._timing.call_seconds
        fault = ""
        try:
            with (
                exchange(deadline=deadline, call_seconds=seconds, clock=self._clock, on_sent=book.sending) as call,
                untraced(),
            ):
                try:
                    rows = self._library().embed_documents(list(batch))
                except Exception as raised:
                    raise call.reason or fault_of(raised) from raised
            return self._checked(rows, len(batch))
        except ModelFault as known:
            fault = known.code.value
            raise
        finally:
            book.finish(fault)

    def _checked(self, rows: Sequence[Sequence[float]], count: int) -> Vectors:
        try:
            found = np.asarray(rows, np.float32)
            lengths = np.linalg.norm(found, axis=1, keepdims=True)
        except (ValueError, TypeError) as fault:
            raise ModelFault(FaultCode.MALFORMED, reason="shape") from fault
        columns = self._columns or found.shape[1]
        if found.shape != (count, columns) or not columns:
            raise ModelFault(FaultCode.MALFORMED, reason="dimensions", dimensions=found.shape[1], expected=columns)
        if not np.isfinite(found).all() or not lengths.all():
            raise ModelFault(FaultCode.MALFORMED, reason="numbers")
        unit: Vectors = found / lengths
        return unit

    def _library(self) -> "OpenAIEmbeddings":
        with self._lock:
            if self._built is None:
                self._built = self._build()
            return self._built

    def _build(self) -> "OpenAIEmbeddings":
        """Every value that the libraries would else look for in the environment is given, the key is not."""
        from langchain_openai import AzureOpenAIEmbeddings, OpenAIEmbeddings

        here = self._endpoint
        common: dict[str, Any] = {
            "model": here.model,
            "api_key": HELD,
            "http_client": client(here, self._auth),
            "max_retries": 0,
            "check_embedding_ctx_length": False,  # else token ids are sent, which only OpenAI's models understand
            "chunk_size": MOST_TEXTS,
            "dimensions": self._asked_for if self._model in _OWN_SIZE else None,
            "organization": "",
            "openai_proxy": "",
        }
        if here.classic:
            return AzureOpenAIEmbeddings(
                **common,
                azure_endpoint=here.base_url,
                azure_deployment=here.model,
                api_version=here.api_version,
                openai_api_type="azure",
            )
        return OpenAIEmbeddings(**common, base_url=here.base_url, openai_api_type="openai")


@dataclass(slots=True)
class _Entered:
    """The entry of one request."""

    ledger: Book
    endpoint: Endpoint
    clock: Clock
    began: float = 0.0
    entry: Entry | None = None

    def sending(self, payload: str) -> None:
        self.entry = self.ledger.begin(self.endpoint.provider.value, self.endpoint.model, Purpose.EMBED, payload)
        self.began = self.clock()

    def finish(self, fault: str) -> None:
        if self.entry is not None:
            self.ledger.finish(self.entry, Outcome(seconds=self.clock() - self.began, fault=fault))


def cut(text: str, most: int, count: Callable[[str], int]) -> str:
    """The beginning of a text that has `most` tokens at most."""
    if len(text.encode("utf-8", "surrogatepass")) <= most or count(text) <= most:
        return text
    fits, too_long = 0, min(len(text), most * _LONGEST_TOKEN)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        fits, too_long = (middle, too_long) if count(text[:middle]) <= most else (fits, middle)
    return text[:fits]


_LONGEST_TOKEN = 128
"""Bytes of the longest token in OpenAI's vocabularies (o200k_base: 128 blanks)."""


def _batches(texts: Sequence[str], count: Callable[[str], int]) -> Iterator[list[str]]:
    batch: list[str] = []
    tokens = 0
    for text in texts:
        size = count(text)
        if batch and (len(batch) == MOST_TEXTS or tokens + size > MOST_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(text)
        tokens += size
    if batch:
        yield batch
