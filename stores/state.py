"""The state of a case: one digest of all it holds, told by the registry alone."""

import hashlib
import json
from collections import Counter
from pathlib import Path

from core.errors import CaseError
from core.source import Source
from stores.cases import SEGMENTS
from stores.registry import Registry, Snapshot


def newest_state(case_dir: Path) -> str:
    """That of the newest commit; `CaseError("unknown_case")` when there is no such case. No line is opened for it."""
    if not (case_dir / SEGMENTS).is_dir():
        raise CaseError("unknown_case", case=case_dir.name, known=())
    registry = Registry.open(case_dir)
    try:
        return state_of(registry.snapshot())
    finally:
        registry.close()


def state_of(snapshot: Snapshot) -> str:
    """SHA-256 over what the case holds, not over how it was cut into segments."""
    hits: Counter[int] = Counter()
    for segment in snapshot.segments:
        hits[segment.source] += segment.hits
    facts = sorted(_facts(source, hits[source.number]) for source in snapshot.sources)
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _facts(source: Source, hits: int) -> list[str | int]:
    return [
        source.id,
        source.sha256,
        source.size,
        source.accounting.lines,
        source.name,
        source.dataset,
        source.zone,
        hits,
    ]
