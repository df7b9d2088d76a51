"""A case's files: the logs, and the truth about them."""

import json
from collections.abc import Mapping, Sequence

SOURCE = "written by `python -m eval.stories`; all requests, addresses and payloads are made up for this project"
LICENCE = "Apache-2.0"

CaseFiles = Mapping[str, bytes]
"""Contents by path inside the case's folder."""

LinesByFile = Mapping[str, Sequence[int]]


def written(
    log_format: str,
    logs: Mapping[str, Sequence[bytes]],
    incidents: Sequence[Mapping[str, object]],
    benign: LinesByFile | None = None,
) -> CaseFiles:
    """`logs/` and `truth.json`; where `benign` lines are given, lines named nowhere are not judged, else benign."""
    files = {f"logs/{name}": b"".join(line + b"\n" for line in lines) for name, lines in logs.items()}
    return files | {"truth.json": _truth(log_format, incidents, benign).encode()}


def _truth(log_format: str, incidents: Sequence[Mapping[str, object]], benign: LinesByFile | None) -> str:
    """JSON with one line an incident, so that a changed story shows in a review."""
    listed = ",\n".join(f"  {json.dumps(one)}" for one in incidents)
    parts = {
        "source": json.dumps(SOURCE),
        "licence": json.dumps(LICENCE),
        "format": json.dumps(log_format),
        "incidents": f"[\n{listed}\n ]" if listed else "[]",
    }
    if benign is not None:
        parts["benign_lines"] = json.dumps(benign)
    parts["unlabelled"] = json.dumps("benign" if benign is None else "unknown")
    return "{\n" + ",\n".join(f' "{key}": {value}' for key, value in parts.items()) + "\n}\n"
