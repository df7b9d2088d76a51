"""A run: one client sends try after try to one target, and most of them are confirmed; so the rest is the attack too.

A fuzzer sends its whole list. Some entries are harmless by themselves (`onmouseover`), and no rule may accuse them;
among forty tries of one client at one parameter, of which twenty-three are cross-site scripting, they are no search.
The target is a path with a parameter that a confirmed line used, or, for a list of paths, all that is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.arrow import codes, integers, numbers
from core.event import AGENT, IP, METHOD, STATUS_CODE, TIME, URL
from core.key import keys_of

FEW = 3
FEW_SHARE = 0.75
"""So few confirmed tries are enough where they are three quarters of the run."""

SAME_PAGE_SHARE = 0.75
"""A run at many parameters of one page: so much of it must be confirmed, for the parameter says nothing."""

CERTAIN_SHARE = 0.8
"""What other rules explain, or was sent in another header, belongs to the run where so much of it is confirmed.

Not what came by a method that no confirmed try used: the upload of a script is no use of it.
"""

MANY_NAMES = 3
NAMES_SHARE = 0.5
"""A client whose confirmed tries go by three names, or by a name for each two, cannot be told by its name."""

PAUSES = 10
SHORTEST_GAP = 60_000_000
"""A run ends with a pause of ten times its usual one, and not within a minute."""

_MISSING = (404, 410)
_BY_ITSELF = ("favicon.ico", "apple-touch-icon", "robots.txt", "ads.txt", "browserconfig.xml", "manifest.json", ".map")
"""What browsers and crawlers ask for without anybody's wish."""

Ints = NDArray[np.int64]
Places = Ints
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tries:
    """Requests as arrays, one element a line, in the order of (time, place): numbers stand for equal texts."""

    places: Ints
    times: Ints
    ips: Ints
    paths: Ints
    agents: Ints
    methods: Ints
    asks: Mask
    missing: Mask
    urls: pa.StringArray


def tries_of(company: pa.Table) -> Tries:
    """The rows of `Lake.company` as arrays; a target has a value to try (`asks`) behind its question mark."""
    places = keys_of(company)
    times = integers(company.column(TIME))
    order = np.lexsort((places, times))
    rows = company.take(numbers(order))
    urls = rows.column(URL).combine_chunks()
    known = urls.dictionary_encode()
    parts, usual = pc.split_pattern(known.dictionary, "?", max_splits=1), np.zeros(len(known.dictionary), np.bool_)
    for name in _BY_ITSELF:
        found = pc.match_substring(known.dictionary, name, ignore_case=True)
        usual |= integers(pa.chunked_array([found])) > 0
    asks = integers(pa.chunked_array([pc.list_value_length(parts)])) > 1
    of_url = codes(known)
    missing = np.isin(integers(rows.column(STATUS_CODE)), _MISSING)
    return Tries(
        places=places[order],
        times=times[order],
        ips=_numbers(rows.column(IP)),
        paths=_numbers(parts.values.take(parts.offsets[:-1]))[of_url],
        agents=_numbers(rows.column(AGENT)),
        methods=_numbers(rows.column(METHOD)),
        asks=asks[of_url],
        missing=missing & ~usual[of_url],
        urls=urls,
    )


def run_places(
    tries: Tries, confirmed: Places, explained: Places, gap_seconds: int, lines: int, share: float
) -> Places:
    """Places of the lines that belong to runs without being confirmed themselves.

    `confirmed` are places of hits of one type, `explained` those of other types; A pause of `gap_seconds` always ends
    a run.
    """
    sure, other = np.isin(tries.places, confirmed), np.isin(tries.places, explained)
    pages = tries.ips * (int(tries.paths.max(initial=0)) + 1) + tries.paths
    targets = ((pages, tries.asks | sure | other, True), (tries.ips, tries.missing, False))
    found = [np.empty(0, np.int64)]
    for target, chosen, by_name in targets:
        for rows in _groups(np.where(chosen, target, -1), sure):
            run = _Run(tries, rows, sure[rows], other[rows], by_name, lines, share)
            found += [tries.places[one] for one in run.rest(gap_seconds * 1_000_000)]
    return np.unique(np.concatenate(found))


def _groups(targets: Ints, sure: Mask) -> Iterator[Ints]:
    """Rows of each target with a few sure tries and at least one other, in time order."""
    known = np.flatnonzero(targets >= 0)
    if not len(known):
        return
    order = known[np.argsort(targets[known], kind="stable")]
    begins = np.flatnonzero(np.diff(targets[order], prepend=-2))
    hits = np.add.reduceat(sure[order].astype(np.int64), begins)
    sizes = np.diff(begins, append=len(order))
    for place in np.flatnonzero((hits >= FEW) & (hits < sizes)):
        yield order[begins[place] : begins[place] + sizes[place]]


@dataclass(frozen=True, slots=True)
class _Run:
    """The tries of one client at one target."""

    tries: Tries
    rows: Ints
    sure: Mask
    other: Mask
    by_name: bool
    lines: int
    share: float

    def rest(self, gap: int) -> Iterator[Ints]:
        """Rows to be added, stretch by stretch."""
        kept = self._same_client()
        rows, sure, other = self.rows[kept], self.sure[kept], self.other[kept]
        for part in _stretches(self.tries.times[rows], sure, gap):
            yield rows[part][self._added(rows[part], sure[part], other[part])]

    def _same_client(self) -> Mask:
        """Tries under a name that a confirmed try used: another person behind the same address has another browser."""
        agents = self.tries.agents[self.rows]
        names = np.unique(agents[self.sure])
        rotating = len(names) >= min(MANY_NAMES, NAMES_SHARE * int(self.sure.sum()))
        return np.ones(len(agents), dtype=np.bool_) if rotating else np.isin(agents, names)

    def _added(self, rows: Ints, sure: Mask, other: Mask) -> Mask:
        hits = int(sure.sum())
        added = np.zeros(len(rows), dtype=np.bool_)
        if hits < FEW or hits == len(rows):
            return added
        named = self._same_parameters(rows, sure)
        if self._enough(hits, int(named.sum())):
            added |= named & ~other
        if hits >= SAME_PAGE_SHARE * len(rows):
            added |= ~other
        if hits >= CERTAIN_SHARE * len(rows):
            added |= ~other | self._same_method(rows, sure)
        return added & ~sure

    def _same_method(self, rows: Ints, sure: Mask) -> Mask:
        methods = self.tries.methods[rows]
        return np.isin(methods, methods[sure])

    def _enough(self, hits: int, tries: int) -> bool:
        return (hits >= self.lines and hits >= self.share * tries) or hits >= max(FEW, FEW_SHARE * tries)

    def _same_parameters(self, rows: Ints, sure: Mask) -> Mask:
        if not self.by_name:
            return np.ones(len(rows), dtype=np.bool_)
        names = [_parameters(str(self.tries.urls[int(row)].as_py())) for row in rows]
        tried = frozenset().union(*(name for name, hit in zip(names, sure, strict=True) if hit))
        return np.array([bool(name & tried) for name in names]) | sure


def _stretches(times: Ints, sure: Mask, gap: int) -> list[Ints]:
    """Places of the tries between two long pauses, for each stretch."""
    if sure.sum() < FEW:
        return []
    usual = int(np.median(np.diff(times[sure])))
    longest = min(gap, max(SHORTEST_GAP, PAUSES * usual))
    return np.split(np.arange(len(times)), np.flatnonzero(np.diff(times) > longest) + 1)


def _parameters(url: str) -> frozenset[str]:
    """Names of the parameters; a query that is one value has the name ""."""
    query = url.partition("?")[2]
    return frozenset(name if mark else "" for name, mark, _ in (part.partition("=") for part in query.split("&")))


def _numbers(texts: pa.ChunkedArray | pa.Array) -> Ints:
    """A number for each distinct text; missing ones have number 0."""
    encoded = pa.chunked_array([texts] if isinstance(texts, pa.Array) else texts.chunks, texts.type)
    encoded = encoded.dictionary_encode().unify_dictionaries()
    return np.concatenate([np.empty(0, np.int64), *(codes(chunk) for chunk in encoded.chunks)]) + 1
