"""As whom a request is sent: the key or token goes into the headers at the last moment and nowhere else."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Protocol

from models.chat import FaultCode, ModelFault
from models.exchange import bounded
from models.settings import Endpoint, Provider

Headers = Mapping[str, str]
HELD = "held-by-the-transport"
"""What the libraries get for a key: they would show it in a trace, an error or a representation."""

SCOPE = "https://cognitiveservices.azure.com/.default"
"""What a token for Azure OpenAI is good for (learn.microsoft.com, "Azure OpenAI: use Entra ID")."""

TOKEN_SECONDS = 30.0


class Token(Protocol):
    """A token of Entra ID, as azure-identity gives it."""

    @property
    def token(self) -> str:
        """What is sent."""


class Credential(Protocol):
    """Whoever gives tokens; azure-identity keeps them until they run out."""

    def get_token(self, *scopes: str) -> Token:
        """A token that is good for the scopes."""


def headers_of(endpoint: Endpoint, credential: Callable[[], Credential] | None = None) -> Callable[[], Headers]:
    """Makes the headers of every request; `credential` makes what asks Entra ID (azure-identity by default)."""
    if endpoint.entra:
        return _Entra(credential or _default_credential).headers
    key = endpoint.key.get_secret_value()
    if endpoint.provider is Provider.AZURE:
        return lambda: {"api-key": key}
    return lambda: {"Authorization": f"Bearer {key}"} if key else {}


class _Entra:
    """Asks for a token within the time of the call."""

    def __init__(self, make: Callable[[], Credential]) -> None:
        self._make = make
        self._lock = Lock()
        self._credential: Credential | None = None

    def headers(self) -> Headers:
        try:
            token = bounded(self._token, TOKEN_SECONDS)
        except ModelFault:
            raise
        except Exception as fault:
            raise ModelFault(FaultCode.NO_TOKEN, reason=type(fault).__name__) from fault
        return {"Authorization": f"Bearer {token}"}

    def _token(self) -> str:
        with self._lock:
            if self._credential is None:
                self._credential = self._make()
            return self._credential.get_token(SCOPE).token


def _default_credential() -> Credential:
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError:
        raise ModelFault(FaultCode.MISSING_PACKAGE, package="azure-identity") from None
    return DefaultAzureCredential()
