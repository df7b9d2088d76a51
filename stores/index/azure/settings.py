"""Which Azure AI Search index holds a case's vectors, with what key, and how long anybody waits for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.errors import InputError

ENDPOINT, INDEX_NAME, KEY = "AZURE_SEARCH_ENDPOINT", "AZURE_SEARCH_INDEX_NAME", "AZURE_SEARCH_KEY"
SEMANTIC = "AZURE_SEARCH_SEMANTIC"

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,126}[a-z0-9])?")
"""Lower-case letters, digits and dashes, no dash at either end, 128 at most (naming rules of Azure AI Search)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, for a reply to begin, and for one request with all its repetitions (`total`).

    `pause` doubles from one repetition to the next; no pause is longer than `longest_pause`, whatever the service asks
    for in Retry-After. `visible` is how long a commit waits until what was uploaded can be found.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0
    tries: int = 5
    pause: float = 0.5
    longest_pause: float = 10.0
    visible: float = 120.0


@dataclass(frozen=True, slots=True)
class AzureSearch:
    """An index of a search service; without a key, Entra ID says who asks (`DefaultAzureCredential`)."""

    endpoint: str
    index_name: str
    key: str | None = field(default=None, repr=False)
    semantic: bool = False
    patience: Patience = Patience()
    asking: Patience = Patience(read=10.0, total=20.0, tries=3)
    """While somebody waits for an answer; the other one is for indexing."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoint", _endpoint(self.endpoint))
        if not _NAME.fullmatch(self.index_name):
            raise InputError("search_index_name", name=self.index_name)

    @property
    def on_this_machine(self) -> bool:
        """Whether the service is a stub: only that may be spoken to without TLS."""
        return urlsplit(self.endpoint).hostname in _LOOPBACK


@dataclass(frozen=True, slots=True)
class IndexChoice:
    """An index that is not on this disk, and what is done to every text, question and vector before it leaves."""

    search: AzureSearch
    redact: Callable[[str], str]


def azure_search(values: Mapping[str, str]) -> AzureSearch | None:
    """The settings under their usual names; None when neither endpoint nor index is named.

    `InputError("search_settings")` names what is missing when only one of them is.
    """
    said = {name: values.get(name, "").strip() for name in (ENDPOINT, INDEX_NAME, KEY, SEMANTIC)}
    missing = [name for name in (ENDPOINT, INDEX_NAME) if not said[name]]
    if len(missing) == 2:
        return None
    if missing:
        raise InputError("search_settings", missing=", ".join(missing))
    semantic = said[SEMANTIC].lower() in {"1", "true", "yes"}
    return AzureSearch(said[ENDPOINT], said[INDEX_NAME], said[KEY] or None, semantic)


def _endpoint(text: str) -> str:
    """Scheme, host and port; TLS, unless it is this very machine."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise InputError("search_endpoint") from None
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not (secure and host) or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise InputError("search_endpoint")  # the text may hold a key that was put in the wrong place: never shown
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")
