"""Who a case is to the service: a name nobody else has, and a new number for every writer."""

import json
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from stores.disk import disk_faults, flush

_FILE = "identity.json"


@dataclass(frozen=True, slots=True)
class Identity:
    """`case` is random, so that equal names on two machines never meet; `born` is a number no writer had before."""

    case: str
    born: int


def claim(root: Path) -> Identity:
    """The case's name with the next number, on the disk when this returns; the caller holds the writer's lock.

    A copy of a case's folder gets a name of its own: two that write under one would take each other's documents for
    leftovers. It is told by the folder's inode, which no copy shares.
    """
    known = read_identity(root)
    mine = Identity(token_hex(16), 1) if known is None else Identity(known.case, known.born + 1)
    with disk_faults(root):
        aside = root / f"{_FILE}.new"
        aside.write_text(json.dumps({"case": mine.case, "born": mine.born, "folder": root.stat().st_ino}))
        flush(aside)
        aside.rename(root / _FILE)
        flush(root)
    return mine


def read_identity(root: Path) -> Identity | None:
    """The name and the last number; None when there is none, when it is unreadable, or when it was copied."""
    try:
        found = json.loads((root / _FILE).read_text())
        same = found["folder"] == root.stat().st_ino
        return Identity(str(found["case"]), int(found["born"])) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
