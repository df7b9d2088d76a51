"""The order in which rotated logs were written: `access.log.2.gz`, `access.log.1`, `access.log`."""

import re
from pathlib import PurePath

_PACKED = re.compile(r"\.(?:gz|bz2|xz|zst|zip|Z)$", re.IGNORECASE)
_DATED = re.compile(r"[-._](\d{4}-?\d{2}-?\d{2}(?:[-_T.]?\d{2,6})?)$")
_NUMBERED = re.compile(r"\.(\d{1,5})$")

Age = tuple[str, str, int, str, int]


def age(path: PurePath) -> Age:
    """Sort key: folder, log, then oldest first: by date in the name, by falling number, the live file last."""
    stem = _PACKED.sub("", path.name)
    folder = str(path.parent)
    if dated := _DATED.search(stem):
        return folder, stem[: dated.start()], 0, re.sub(r"\D", "", dated[1]), 0
    if numbered := _NUMBERED.search(stem):
        return folder, stem[: numbered.start()], 1, "", -int(numbered[1])
    return folder, stem, 2, path.name, 0
