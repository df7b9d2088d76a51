"""Is everything that is set up usable? Each thing is tried once, and what is wrong says what to mend."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from app.model_access import Access
from app.settings import env_file_fault
from core.errors import AkashiError, StorageError
from core.part import Fact
from stores.disk import disk_faults

if TYPE_CHECKING:  # loaded where something is set up: commands start without it
    from stores.index.azure.settings import AzureSearch


@dataclass(frozen=True, slots=True)
class Examined:
    """`subject` is `settings`, `data`, `chat`, `embeddings`, `search` or `vocabulary`; `step` what of it was tried.

    `ok` None: not known, because something before it failed. What is wrong is a `refusal`, or a `fault` with a
    `remedy` (locale keys `fault.<code>` and `remedy.<code>`); `facts` are inert.
    """

    subject: str
    step: str
    ok: bool | None
    fault: str = ""
    remedy: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    refusal: AkashiError | None = None


def examine(access: Access | None, data_dir: Path) -> Iterator[Examined]:
    """What was found, as it is found; of what is not set up nothing is said."""
    yield _settings(access)
    yield _data(data_dir)
    if access is None or access.refusal is not None:
        return
    from stores.embedding.built_in import DIMENSIONS

    columns: int | None = DIMENSIONS if access.models.embeddings is None else None
    for one in _models(access):
        yield one
        found = one.facts.get("dimensions")
        columns = found if isinstance(found, int) and one.ok else columns
    if access.search is not None:
        yield _search(access.search, columns)
    if access.asks:
        yield _vocabulary(access)


def _settings(access: Access | None) -> Examined:
    refusal = env_file_fault() or (access.refusal if access is not None else None)
    return Examined("settings", "read", ok=refusal is None, refusal=refusal)


def _data(folder: Path) -> Examined:
    """Whether cases can be written; the folder is made when the first case is."""
    existing = next((one for one in (folder, *folder.parents) if one.is_dir()), folder)
    try:
        with disk_faults(folder), TemporaryFile(dir=existing) as file:
            file.write(b"tried")
            file.flush()
    except StorageError as refusal:
        return Examined("data", "write", ok=False, refusal=refusal, facts={"folder": str(folder)})
    return Examined("data", "write", ok=True, facts={"folder": str(folder)})


def _models(access: Access) -> Iterator[Examined]:
    from models.doctor import check_models

    for check in check_models(access.models):
        yield Examined(
            check.subject.value,
            check.step.value,
            check.ok,
            check.fault.value if check.fault else "",
            check.remedy.value if check.remedy else "",
            dict(check.facts),
        )


def _search(search: "AzureSearch", columns: int | None) -> Examined:
    """The service is tried with the columns of the vectors that would be kept there, as far as they are known."""
    from stores.index import IndexChoice, check_index

    if columns is None:
        return Examined("search", "index", ok=None)
    try:
        state = check_index(IndexChoice(search, str), columns)
    except AkashiError as refusal:
        return Examined("search", "index", ok=False, refusal=refusal)
    facts: dict[str, Fact] = {"index": search.index_name, "documents": state.documents}
    if state.semantic is False:
        return Examined("search", "semantic", ok=False, remedy="semantic", facts=facts)
    return Examined("search", "index" if state.exists else "no_index_yet", ok=True, facts=facts)


def _vocabulary(access: Access) -> Examined:
    """Without a folder tokens are counted from above, which is no fault; a folder that lacks the file is one."""
    from retrieval.tokens import file_name, token_counter

    assert access.models.chat is not None  # noqa: S101 - the caller looked
    counter = token_counter(access.vocabulary, access.models.chat.model)
    facts: dict[str, Fact] = {"name": counter.name, "file": file_name(counter.name)}
    if counter.exact:
        return Examined("vocabulary", "exact", ok=True, facts=facts)
    wrong = access.vocabulary is not None
    return Examined("vocabulary", "from_above", ok=not wrong, remedy="vocabulary" if wrong else "", facts=facts)
