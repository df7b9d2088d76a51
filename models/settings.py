"""What the user chose: providers for chat and embeddings, keys, limits and prices; made by `models.environment`."""

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import SecretStr

TEXT_EMBEDDING = "text-embedding-3-small"


class Provider(StrEnum):
    """Who is asked."""

    OPENAI = "openai"
    AZURE = "azure"
    COMPATIBLE = "compatible"  # any server that speaks as OpenAI does: Ollama, llama.cpp, vLLM, a gateway


@dataclass(frozen=True, slots=True)
class Route:
    """How the outside is reached; neither library reads the environment itself.

    `proxy` is the URL of an HTTP proxy ("" for none) and may hold a password; `ca_file` a file of trusted certificates.
    """

    proxy: str = field(default="", repr=False)
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one kind of request goes, and as whom.

    `model` is the model, or the deployment at Azure. `api_version` is set for classic Azure deployments only; without
    it the base URL takes the paths of OpenAI (Azure's v1 as well). `entra` asks Entra ID for a token instead of a key.
    """

    provider: Provider
    base_url: str
    model: str
    key: SecretStr = field(default_factory=lambda: SecretStr(""))
    api_version: str = ""
    entra: bool = False
    organization: str = ""
    project: str = ""
    route: Route = Route()

    @property
    def classic(self) -> bool:
        """Whether this is an Azure deployment in the classic way, with its API version in every address."""
        return self.provider is Provider.AZURE and bool(self.api_version)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a call, a question and a case may take; None is no limit. Money is in the currency of the prices."""

    call_seconds: float = 60.0
    turn_seconds: float = 90.0
    output_tokens: int = 16_000
    question_tokens: int | None = 200_000
    case_tokens: int | None = 5_000_000
    case_money: float | None = None
    retries: int = 2


@dataclass(frozen=True, slots=True)
class Prices:
    """Money for a million tokens, None where nobody said: no price is made up."""

    input: float | None = None
    output: float | None = None
    embedding: float | None = None

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """What a chat call costs, None where a price is not known."""
        if self.input is None or self.output is None:
            return None
        return (input_tokens * self.input + output_tokens * self.output) / 1e6

    def embedding_cost(self, tokens: int) -> float | None:
        """What embedding costs, None where the price is not known."""
        return None if self.embedding is None else tokens * self.embedding / 1e6


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`chat` None: no model. `embeddings` None: the built-in embedder.

    `temperature` is sent only when somebody set it: newer models refuse any. `embedding_model` names what makes the
    vectors, whatever the deployment is called; `embedding_dimensions` None: those of the model.
    """

    chat: Endpoint | None = None
    embeddings: Endpoint | None = None
    embedding_model: str = TEXT_EMBEDDING
    embedding_dimensions: int | None = None
    temperature: float | None = None
    limits: Limits = Limits()
    prices: Prices = Prices()
