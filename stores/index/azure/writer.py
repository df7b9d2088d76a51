"""Writing an index in Azure AI Search: documents go up unseen, a transaction in the case makes them count."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from core.errors import StorageError
from stores.disk import disk_faults, flush
from stores.embedding.protocol import Embedder
from stores.index.azure import filters
from stores.index.azure.connection import Connection
from stores.index.azure.identity import claim, read_identity
from stores.index.azure.ledger import ROOT, About, Ledger
from stores.index.azure.reader import check_embedder, place_of
from stores.index.azure.schema import Document
from stores.index.azure.settings import AzureSearch, IndexChoice
from stores.index.batch import check_batch
from stores.index.commit_file import manifest_faults
from stores.index.keywords import Keywords
from stores.index.lock import IndexLock, sweep
from stores.index.on_disk import CURRENT, current_folder
from stores.index.protocol import Vectors
from stores.index.words import indexed_words

Connect = Callable[[AzureSearch], Connection]


@contextmanager
def azure_writer(
    case_dir: Path, embedder: Embedder, where: IndexChoice, *, rebuild: bool = False, connect: Connect = Connection
) -> Iterator["AzureWriter"]:
    """The one writer of a case's index in Azure; what was not committed at the end is forgotten.

    What a killed writer left in the service is deleted, and what is missing there is not held any more, so that it can
    be added again. Raises `CaseError("index_busy")`, `StorageError("index_damaged")` and
    `StorageError("index_embedder_mismatch")` as the writer on this disk does, and the `search_…` codes of the service.
    """
    with IndexLock(case_dir) as lock:
        connection = connect(where.search)
        try:
            writer = AzureWriter(case_dir, embedder, where, lock, connection, rebuild=rebuild)
            try:
                yield writer
            finally:
                writer.close()
        finally:
            connection.close()


class AzureWriter:
    """Made by `azure_writer`."""

    def __init__(
        self,
        case_dir: Path,
        embedder: Embedder,
        where: IndexChoice,
        lock: IndexLock,
        connection: Connection,
        *,
        rebuild: bool,
    ) -> None:
        self._root = case_dir / ROOT
        self._where, self._lock, self._service = where, lock, connection
        self._dimensions = embedder.dimensions
        with disk_faults(self._root):
            self._root.mkdir(mode=0o700, exist_ok=True)
        found = None if rebuild else self._reopened(embedder)
        connection.ensure(embedder.dimensions)
        self._identity = claim(self._root)
        self._new = found is None
        self._ledger = found or self._started(embedder)
        self._fresh: set[str] = set()
        self._serial = 0
        with manifest_faults():
            self._keys = self._ledger.documents()
            if not self._new:
                self._bury()
                self._heal()

    def ids(self) -> frozenset[str]:
        """What the index holds with everything added and removed so far."""
        return frozenset(self._keys)

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """Ids that are not held yet, with the text and the row of each; uploaded at once, seen by nobody."""
        check_batch(ids, texts, vectors, self._keys.keys(), self._dimensions)
        keys = {one: self._key(one) for one in ids}
        with manifest_faults():
            self._begin()
            Keywords(self._ledger.connection).add(ids, texts)
            self._ledger.put(keys.items())
        redacted = [self._where.redact(text) for text in texts]
        case, born = self._identity.case, self._identity.born
        self._service.upload(
            [
                Document(keys[one], case, born, indexed_words(text), text, row)
                for one, text, row in zip(ids, redacted, vectors, strict=True)
            ]
        )
        self._keys |= keys
        self._fresh |= set(keys.values())

    def remove(self, ids: Collection[str]) -> None:
        """Takes ids out; unknown ones are left alone."""
        gone = sorted(self._keys.keys() & set(ids))
        if not gone:
            return
        with manifest_faults():
            self._begin()
            self._take_out(gone)

    def commit(self, stamp: Mapping[str, str]) -> None:
        """What was added and removed, and the stamp, become what readers see; then what they saw before is deleted.

        The service finds a document only seconds after it took it: the commit waits for that, and fails with
        `StorageError("search_not_visible")` when it takes too long.
        """
        self._wait()
        with manifest_faults():
            self._begin()
            self._ledger.note(self._identity.born, stamp)
            self._lock.check()
            self._ledger.connection.execute("COMMIT")
        anew, self._new = self._new, False
        if anew:
            self._publish()
        self._identity, self._fresh = claim(self._root), set()
        with suppress(StorageError), manifest_faults():  # all of it is done again by the next writer
            self._bury()
            if anew:
                self._forget_leftovers()
        self._sweep()

    def close(self) -> None:
        """Forgets what was not committed."""
        if self._ledger.connection.in_transaction:
            self._ledger.connection.execute("ROLLBACK")
        self._ledger.close()

    def _reopened(self, embedder: Embedder) -> Ledger | None:
        """The ledger that counts; None when there is none, or when it speaks of another index or another case."""
        folder, known = current_folder(self._root), read_identity(self._root)
        if folder is None:
            return None
        try:
            ledger = Ledger.open(folder)
        except FileNotFoundError as fault:
            raise StorageError("index_damaged", reason="files are missing") from fault
        try:
            with manifest_faults():
                about = ledger.about()
            check_embedder(about, embedder)
        except BaseException:
            ledger.close()
            raise
        if known is not None and (about.place, about.case) == (place_of(self._where.search), known.case):
            return ledger
        ledger.close()
        return None

    def _started(self, embedder: Embedder) -> Ledger:
        folder = self._root / token_hex(8)
        with disk_faults(folder):
            folder.mkdir(mode=0o700)
        born, place = self._identity.born, place_of(self._where.search)
        return Ledger.create(
            folder, About(place, self._identity.case, embedder.name, embedder.dimensions, born, born, {})
        )

    def _begin(self) -> None:
        if not self._ledger.connection.in_transaction:
            self._ledger.connection.execute("BEGIN IMMEDIATE")

    def _take_out(self, ids: Sequence[str]) -> None:
        Keywords(self._ledger.connection).remove(ids)
        self._ledger.drop(ids)
        for one in ids:
            self._fresh.discard(self._keys.pop(one))

    def _key(self, one: str) -> str:
        """A name of letters and digits that no document had before."""
        self._serial += 1
        said = f"{self._identity.case} {self._identity.born} {self._serial} {one}"
        return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _wait(self) -> None:
        """Returns when all that this writer uploaded can be found."""
        mine = filters.born_within(self._identity.case, self._identity.born, self._identity.born)
        count = partial(self._service.count, mine)
        if self._fresh and not self._service.calls.until(lambda: count() >= len(self._fresh)):
            raise StorageError("search_not_visible", uploaded=len(self._fresh), visible=count())

    def _seen(self) -> int:
        return self._service.count(filters.of_case(self._identity.case))

    def _bury(self) -> None:
        """Deletes the documents of ids that were taken out by a commit."""
        gone = self._ledger.dead()
        if gone:
            self._service.delete(gone)
            self._ledger.buried()

    def _forget_leftovers(self) -> frozenset[str]:
        """Deletes documents of the case that no ledger names, and returns the keys of those that one does."""
        known = frozenset(self._keys.values())
        if self._seen() == len(known):
            return known
        found = frozenset(self._service.keys(filters.of_case(self._identity.case)))
        self._service.delete(sorted(found - known))
        return found & known

    def _heal(self) -> None:
        """What the service has lost is taken out, so that it counts as new."""
        held = self._forget_leftovers()
        lost = [one for one, key in self._keys.items() if key not in held]
        if lost:
            self._begin()
            self._take_out(lost)

    def _publish(self) -> None:
        """One rename makes this ledger the one that counts."""
        (name,) = (row[2] for row in self._ledger.connection.execute("PRAGMA database_list"))
        folder = Path(name).parent
        with disk_faults(self._root):
            flush(folder)
            aside = self._root / f"{CURRENT}.new"
            aside.write_text(folder.name, encoding="ascii")
            flush(aside)
            aside.rename(self._root / CURRENT)
            flush(self._root)

    def _sweep(self) -> None:
        """Removes the ledgers that do not count and that nobody reads."""
        current = current_folder(self._root)
        with disk_faults(self._root):
            for folder in self._root.iterdir():
                if folder.is_dir() and folder != current:
                    sweep(folder)


def forget_case(case_dir: Path, search: AzureSearch, *, connect: Connect = Connection) -> int:
    """Deletes all documents of a case that is about to be deleted; how many they were.

    Deleting the folder first would leave them in the service for good: only the folder knows the case's name there.
    """
    known = read_identity(case_dir / ROOT)
    if known is None:
        return 0
    with IndexLock(case_dir):
        connection = connect(search)
        try:
            keys = list(connection.keys(filters.of_case(known.case)))
            connection.delete(keys)
            return len(keys)
        finally:
            connection.close()
