"""A chat model and an embedder as the settings ask for them."""

import time
from collections.abc import Callable

from models.auth import Credential, headers_of
from models.chat import Clock
from models.ledger import Book
from models.openai_chat import OpenAIChat
from models.openai_embedder import OpenAIEmbedder, Timing
from models.redact.protocol import Redactor
from models.settings import ModelSettings


def build_chat(settings: ModelSettings, credential: Callable[[], Credential] | None = None) -> OpenAIChat | None:
    """The chat model, None where none is set up; worth keeping for as long as the settings stay.

    `credential` makes what asks Entra ID (azure-identity's default chain unless given). Nothing is loaded yet, see
    `OpenAIChat.warm`, and nothing is asked.
    """
    if settings.chat is None:
        return None
    return OpenAIChat(
        settings.chat,
        headers_of(settings.chat, credential),
        call_seconds=settings.limits.call_seconds,
        output_tokens=settings.limits.output_tokens,
        temperature=settings.temperature,
    )


def build_embedder(
    settings: ModelSettings,
    redactor: Redactor,
    ledger: Book,
    credential: Callable[[], Credential] | None = None,
    clock: Clock = time.monotonic,
) -> OpenAIEmbedder | None:
    """The embedder of a case, None for the built-in one; put it behind `stores.embedding.Cached`: it costs money."""
    if settings.embeddings is None:
        return None
    limits = settings.limits
    return OpenAIEmbedder(
        settings.embeddings,
        headers_of(settings.embeddings, credential),
        redactor,
        ledger,
        model=settings.embedding_model,
        dimensions=settings.embedding_dimensions,
        timing=Timing(limits.call_seconds, 2 * limits.call_seconds, limits.retries),
        clock=clock,
    )
