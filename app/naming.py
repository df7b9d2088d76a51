"""Names of sources as shown: the base name, with as much of the path as tells two sources apart."""

from collections import Counter
from collections.abc import Mapping, Sequence

from core.source import Source


def _tail(name: str, parts: int) -> str:
    return "/".join(name.replace("\\", "/").strip("/").split("/")[-parts:])


def display_names(sources: Sequence[Source]) -> Mapping[int, str]:
    """Source number -> a name no other source has; equal names get ` (2)`, ` (3)` in order of their numbers."""
    shown = {source.number: source.name for source in sources}
    for parts in range(8, 0, -1):
        tails = {source.number: _tail(source.name, parts) for source in sources}
        counts = Counter(tails.values())
        shown = {number: tail if counts[tail] == 1 else shown[number] for number, tail in tails.items()}
    return _numbered(shown)


def _numbered(shown: Mapping[int, str]) -> Mapping[int, str]:
    taken: set[str] = set()
    result: dict[int, str] = {}
    for number in sorted(shown):
        name, copy = shown[number], 2
        while name in taken:
            name, copy = f"{shown[number]} ({copy})", copy + 1
        taken.add(name)
        result[number] = name
    return result
