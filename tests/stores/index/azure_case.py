"""Settings for the server that stands for Azure AI Search, with no patience to spare."""

from collections.abc import Callable

from eval.stubs.azure_search import AzureSearchStub
from stores.index import AzureSearch, IndexChoice
from stores.index.azure.settings import Patience

SOON = Patience(connect=2.0, read=2.0, total=6.0, tries=3, pause=0.01, longest_pause=0.05, visible=2.0)


def said(text: str) -> str:
    """Leaves a text as it is: these tests look at what is kept, not at what is hidden."""
    return text


def choice(
    stub: AzureSearchStub,
    *,
    index: str = "akashi",
    redact: Callable[[str], str] = said,
    semantic: bool = False,
    patience: Patience = SOON,
) -> IndexChoice:
    """An index of the stub."""
    return IndexChoice(AzureSearch(stub.url, index, stub.key, semantic, patience, patience), redact)
