"""From a case to its index: the same steps for the command line and the pages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.reading import Engine
from stores.ignore_file import read_ignores

if TYPE_CHECKING:  # loaded by the first use: other commands start without it
    from ingestion.index import Indexed, Progress


def index(
    data_dir: Path,
    case_dir: Path,
    known: Engine,
    now: datetime,
    *,
    rebuild: bool = False,
    progress: "Callable[[Progress], None]" = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> "Indexed":
    """Bring the index of a case to its newest state; hits that the user ignores make nothing suspicious.

    Raises what `ingestion.index.index_case` raises.
    """
    from answering.behaviours import apply_behaviours
    from answering.ignoring import leave_out
    from core.selector import Selector
    from ingestion.index import index_case
    from stores.embedding import BuiltIn
    from stores.lake import Lake

    with Lake.open(case_dir) as lake:
        apply_behaviours(lake, known.rules)
        leave_out(lake, known.rules, read_ignores(data_dir, case_dir), now.date())
        hits = lake.hits(Selector())
        version = known.rules.version
        return index_case(case_dir, lake, hits, version, BuiltIn(), rebuild=rebuild, progress=progress, stop=stop)
