"""A case's files: the logs, and the truth that follows from the steps they were written from."""

import json
from collections.abc import Mapping, Sequence

SOURCE = "written by `python -m eval.stories`; all requests, addresses and payloads are made up for this project"
LICENCE = "Apache-2.0"

CaseFiles = Mapping[str, bytes]
"""Contents by path inside the case's folder."""


def written(
    log_format: str, logs: Mapping[str, Sequence[bytes]], incidents: Sequence[Mapping[str, object]]
) -> CaseFiles:
    """`logs/` and `truth.json`; every line that no incident names is benign."""
    files = {f"logs/{name}": b"".join(line + b"\n" for line in lines) for name, lines in logs.items()}
    return files | {"truth.json": _truth(log_format, incidents).encode()}


def _truth(log_format: str, incidents: Sequence[Mapping[str, object]]) -> str:
    """JSON with one line an incident, so that a changed story shows in a review."""
    listed = ",\n".join(f"  {json.dumps(one)}" for one in incidents)
    head = {"source": SOURCE, "licence": LICENCE, "format": log_format}
    fields = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    inside = f"\n{listed}\n " if listed else ""
    return f'{{\n{fields} "incidents": [{inside}],\n "unlabelled": "benign"\n}}\n'
