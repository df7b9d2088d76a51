"""What of models this process or session may use, by its settings; nothing of a model is loaded where none is set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from app.settings import environment
from core.errors import AkashiError, InputError

if TYPE_CHECKING:  # loaded only where a model is set up: all else starts without it
    from models.redact import RedactSettings
    from models.settings import ModelSettings
    from stores.index.azure.settings import AzureSearch

CHAT, EMBEDDINGS, REDACT = "AKASHI_MODEL", "AKASHI_EMBEDDINGS", "AKASHI_REDACT"
VOCABULARY = "TIKTOKEN_CACHE_DIR"
HIDEABLE = ("ips", "users", "hosts", "paths")
"""What `AKASHI_REDACT` may name; secrets are always hidden."""

_WAY_OUT = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", VOCABULARY})
Kept = TypeVar("Kept")

_SET_UP = frozenset(
    {
        CHAT,
        EMBEDDINGS,
        "AZURE_OPENAI_ENDPOINT",
        "OPENAI_BASE_URL",
        "OPENAI_MODEL",
        "AZURE_SEARCH_ENDPOINT",
        "AZURE_SEARCH_INDEX_NAME",
    }
)
"""One of these says that somebody wants a model or a search service; a key alone says nothing."""


@dataclass(frozen=True, slots=True)
class Access:
    """A model for words, one for embeddings, a search service: each only where it is set up.

    `vocabulary` is the folder in which tiktoken's files are. `refusal` is why the settings cannot be used; then nothing
    of them is.
    """

    models: "ModelSettings"
    redact: "RedactSettings"
    search: "AzureSearch | None" = None
    vocabulary: Path | None = None
    refusal: AkashiError | None = None
    _kept: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def asks(self) -> bool:
        """Whether a model is asked for words."""
        return self.models.chat is not None

    @property
    def leaves(self) -> bool:
        """Whether anything of a case can leave this machine."""
        return self.asks or self.models.embeddings is not None or self.search is not None

    def keep(self, what: object, make: Callable[[], Kept]) -> Kept:
        """What takes long to make, made once; it lives as long as these settings do."""
        if what not in self._kept:
            self._kept[what] = make()
        return cast("Kept", self._kept[what])


def access(values: Mapping[str, str] | None = None) -> Access | None:
    """From the environment and `.env`, or from these values; None where nothing is set up, or all of it is off."""
    known = environment() if values is None else values
    if not any(known.get(name, "").strip() for name in _SET_UP):
        return None
    from models.environment import from_environment
    from models.redact import RedactSettings
    from models.settings import ModelSettings
    from stores.index.azure.settings import azure_search

    try:
        folder = known.get(VOCABULARY, "").strip()
        found = Access(
            from_environment(known),
            hidden(known.get(REDACT, "")),
            azure_search(known),
            Path(folder).expanduser() if folder else None,
        )
    except AkashiError as refusal:
        return Access(ModelSettings(), RedactSettings(), refusal=refusal)
    return found if found.leaves else None


def model_name(found: Access | None) -> str:
    """Who is asked for words; empty where nobody is."""
    return found.models.chat.model if found is not None and found.models.chat is not None else ""


def settings_of_models(values: Mapping[str, str]) -> dict[str, str]:
    """Those of the settings that say something of models, embeddings and the search service, and of the way there."""
    ours = ("AKASHI_", "OPENAI_", "AZURE_")
    known = {name: value for name, value in values.items() if name.startswith(ours) or name.upper() in _WAY_OUT}
    return {name: value for name, value in known.items() if value}


def hidden(written: str) -> "RedactSettings":
    """What to hide beside secrets: `ips,users`, `all`, `none`; `InputError("model_setting_bad")` for anything else."""
    from models.redact import RedactSettings

    named = {name.strip().lower() for name in written.split(",")} - {"", "none"}
    named = set(HIDEABLE) if named == {"all"} else named
    if named - set(HIDEABLE):
        allowed = ", ".join((*HIDEABLE, "all", "none"))
        raise InputError("model_setting_bad", setting=REDACT, value=written, allowed=allowed)
    return RedactSettings(**dict.fromkeys(named, True))
