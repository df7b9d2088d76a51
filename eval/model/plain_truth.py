"""What is true of a case, counted on its raw lines without the product: values of claims, and statements filled in.

Two things are taken from the product as given: which lines a rule or a behaviour hit, and each type's outcome.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise

from core.dimension import SECONDS, Dimension
from core.taxonomy import TECHNIQUE, AttackType
from eval.model.plain_line import PlainLine
from eval.model.plain_selection import Conditions, beyond_plain, picked


class Untold(Exception):  # noqa: N818 - nothing went wrong
    """Plain lines do not tell it: there is no such value, or it is beyond what is read here."""


@dataclass(frozen=True)
class PlainCase:
    """Raw lines with the hits on them; `files` are names by source id, `outcomes` by type, `offset` the logs' zone."""

    lines: tuple[PlainLine, ...]
    files: Mapping[str, str]
    outcomes: Mapping[str, str]
    offset: timedelta
    told: dict[object, bool | None] = field(default_factory=dict)
    """Claims that were held against these lines already."""
    _kept: dict[object, list[PlainLine]] = field(default_factory=dict)

    def of(self, selector: Conditions) -> list[PlainLine]:
        """The selected lines; `Untold` where the selector asks for more than lines tell, or for nothing at all."""
        if beyond_plain(selector):
            raise Untold
        key = selector.model_dump_json() if hasattr(selector, "model_dump_json") else selector
        if key not in self._kept:
            try:
                self._kept[key] = picked(self.lines, selector, self.files)
            except ValueError:
                raise Untold from None
        return self._kept[key]

    def line(self, file: str, number: int) -> PlainLine | None:
        """The line with this number in the file of this name."""
        return next((one for one in self.lines if (one.file, one.number) == (file, number)), None)

    def collected(self, selector: Conditions) -> bool:
        """Whether any line at all lies in the selector's time and files."""
        return bool(self.of(_scope(selector)))


def _scope(selector: Conditions) -> Conditions:
    from core.draft_selector import draft_of
    from core.selector import Selector

    changes = {"since": selector.since, "until": selector.until, "sources": selector.sources}
    if isinstance(selector, Selector):
        return Selector(**changes)  # type: ignore[arg-type]
    return draft_of(Selector(), {}).model_copy(update=changes)


def values(lines: Sequence[PlainLine], by: Dimension, offset: timedelta = timedelta()) -> Counter[str]:
    """Lines of each value; lines without a value are in none."""
    found: Counter[str] = Counter()
    for line in lines:
        found.update(set(_values_of(line, by, offset)))
    return found


def _values_of(line: PlainLine, by: Dimension, offset: timedelta) -> list[str]:
    if by in SECONDS:
        return [] if line.time is None else [_stretch(line.time, SECONDS[by], offset).isoformat()]
    if by in {Dimension.TYPE, Dimension.RULE}:
        return [kind if by is Dimension.TYPE else rule for rule, kind in line.hits]
    value = {
        Dimension.IP: line.ip,
        Dimension.PATH: None if line.url is None else line.url.split("?")[0],
        Dimension.USER: line.user,
        Dimension.AGENT: line.agent,
        Dimension.METHOD: line.method,
        Dimension.STATUS: None if line.status is None else str(line.status),
        Dimension.REFERRER: line.referrer,
        Dimension.DOMAIN: line.domain,
        Dimension.SOURCE: line.file,
    }
    if by not in value:
        raise Untold
    return [] if value[by] is None else [value[by]]  # type: ignore[list-item]


def _stretch(time: datetime, width: int, offset: timedelta) -> datetime:
    since = int((time + offset).timestamp()) // width * width
    return datetime.fromtimestamp(since, UTC) - offset


def ranked(found: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Most lines first, then by value."""
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def times(lines: Sequence[PlainLine]) -> list[datetime]:
    """All times of the lines, earliest first; `Untold` without any."""
    found = sorted(line.time for line in lines if line.time is not None)
    if not found:
        raise Untold
    return found


def duration(lines: Sequence[PlainLine]) -> int:
    """Whole seconds from the earliest to the latest line."""
    found = times(lines)
    return int((found[-1] - found[0]).total_seconds())


def gap(lines: Sequence[PlainLine]) -> int:
    """Whole seconds of the longest silence."""
    found = times(lines)
    return max((int((b - a).total_seconds()) for a, b in pairwise(found)), default=0)


def peak(lines: Sequence[PlainLine], by: Dimension, offset: timedelta) -> tuple[str, int]:
    """Start and lines of the fullest stretch; of equal ones the earliest."""
    times(lines)
    return ranked(values(lines, by, offset))[0]


def rate(lines: Sequence[PlainLine], by: Dimension, offset: timedelta) -> int:
    """Lines by all stretches from the first to the last."""
    found = [_stretch(time, SECONDS[by], offset) for time in times(lines)]
    return len(found) // (int((found[-1] - found[0]).total_seconds()) // SECONDS[by] + 1)


def sizes(lines: Sequence[PlainLine]) -> list[int]:
    """Body sizes that are logged; `Untold` where none is."""
    found = [line.size for line in lines if line.size is not None]
    if not found:
        raise Untold
    return found


def order(here: Sequence[PlainLine], there: Sequence[PlainLine]) -> str:
    """How the times of two selections lie to each other."""
    one, other = times(here), times(there)
    if one[-1] < other[0]:
        return "before"
    return "after" if one[0] > other[-1] else "overlapping"


def sequence(here: Sequence[PlainLine], there: Sequence[PlainLine]) -> str:
    """Whether a line of one selection is followed by one of the other, of the same address."""
    followed = any(
        a.ip is not None and a.ip == b.ip and a.time is not None and b.time is not None and a.time < b.time
        for a in here
        for b in there
    )
    return "followed" if followed else "not_followed"


def network(lines: Sequence[PlainLine]) -> str:
    """The smallest network of all addresses."""
    if not lines or any(line.ip is None for line in lines):
        raise Untold
    found = {ip_address(line.ip) for line in lines if line.ip is not None}
    if len({one.version for one in found}) > 1:
        raise Untold
    for bits in range(min(found, key=int).max_prefixlen, -1, -1):
        net = ip_network(f"{next(iter(found))}/{bits}", strict=False)
        if all(one in net for one in found):
            return str(net)
    raise Untold


def kind_of(lines: Sequence[PlainLine]) -> list[str]:
    """The types that every line has."""
    if not lines:
        raise Untold
    shared = set.intersection(*({kind for _, kind in line.hits} for line in lines))
    return sorted(shared)


def technique(name: str) -> str:
    """The technique of a type."""
    return TECHNIQUE[AttackType(name)]
