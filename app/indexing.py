"""From a case to its index: the same steps for the command line and the pages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.embedding import embedder_of, learn, where_of
from app.model_access import Access
from app.reading import Engine, investigation
from stores.ignore_file import read_ignores

if TYPE_CHECKING:  # loaded by the first use: other commands start without it
    from ingestion.index import Indexed, Progress


def index(
    data_dir: Path,
    case_dir: Path,
    known: Engine,
    now: datetime,
    *,
    access: Access | None = None,
    rebuild: bool = False,
    progress: "Callable[[Progress], None]" = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> "Indexed":
    """Bring the index of a case to its newest state; hits that the user ignores make nothing suspicious.

    What the first questions need (the report, what limits would have stopped) is worked out as well and kept with the
    case. `access` says who makes the vectors and where the index is. Raises what `ingestion.index.index_case` raises.
    """
    from answering.prepare import prepare
    from core.plan import EVERYTHING
    from ingestion.index import index_case

    ignores = read_ignores(data_dir, case_dir)
    with investigation(case_dir, case_dir.name, known, now, ignores) as found:
        hits, version = found.lake.hits(EVERYTHING), known.rules.version
        if access is not None and access.leaves:
            learn(case_dir, access, found.lake)
        done = index_case(
            case_dir,
            found.lake,
            hits,
            version,
            embedder_of(case_dir, access),
            rebuild=rebuild,
            progress=progress,
            stop=stop,
            where=where_of(case_dir, access),
        )
        if found.lake.sources and not done.stopped:
            prepare(found.opened)
        return done
