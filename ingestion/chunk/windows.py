"""Lines to chunks: grouped by (window, address), folded lines counted and put in order, all in columns."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.key import Keys, split_keys
from ingestion.chunk.lines import NO_TIME, NOBODY, TYPE_BITS, Lines
from ingestion.chunk.vocabulary import Codes, Vocabulary

SECOND = 1_000_000
RANGE = 512
"""Consecutive lines of a source that make one chunk where lines carry no time."""

TEMPLATES_KEPT = 40
NAMES_KEPT = 5
"""Different templates, and clients or users, that are kept of one chunk: far more than its text shows."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of codes for each chunk: `codes[starts[i]:starts[i + 1]]` with their `counts`; `total` before the cut."""

    starts: Places
    codes: Codes
    counts: NDArray[np.int32]
    hits: NDArray[np.bool_]
    total: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Chunks:
    """Chunks as columns; `since` and `first`, `last` in microseconds (NO_TIME: none), `ips` codes (NOBODY: none).

    `keys[starts[i]:starts[i + 1]]` are the lines of a chunk.
    """

    ids: NDArray[np.uint8]
    since: NDArray[np.int64]
    ips: NDArray[np.int32]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    types: NDArray[np.uint32]
    kinds: NDArray[np.uint64]
    starts: Places
    keys: Keys
    templates: Listed
    agents: Listed
    users: Listed

    def __len__(self) -> int:
        return len(self.since)


def chunks_of(
    lines: Lines, seconds: int, vocabulary: Vocabulary, addresses: Sequence[str], sources: Mapping[int, str]
) -> Chunks:
    """All chunks of whole windows; the lines may come in any order."""
    group = _groups(lines, seconds, len(addresses))
    order = np.lexsort((lines.keys, group))
    lines, group = lines.where(order), group[order]
    fresh = np.concatenate([[True], group[1:] != group[:-1]])
    starts = np.flatnonzero(fresh)
    chunk = np.cumsum(fresh) - 1
    digests, telling = vocabulary.digests, vocabulary.telling
    templates = _listed(chunk, lines.templates, lines.types, len(starts), TEMPLATES_KEPT, digests, telling)
    width = seconds * SECOND
    times = lines.times[starts]
    since = np.where(times == NO_TIME, NO_TIME, times // width * width)
    bounds = np.append(starts, len(lines))
    return Chunks(
        ids=_ids(lines, bounds, since, seconds, digests, addresses, sources),
        since=since,
        ips=lines.ips[starts],
        first=np.minimum.reduceat(lines.times, starts),
        last=np.maximum.reduceat(lines.times, starts),
        types=np.bitwise_or.reduceat(lines.types, starts) & TYPE_BITS,
        kinds=np.bitwise_or.reduceat(vocabulary.kinds[lines.templates], starts),
        starts=bounds,
        keys=lines.keys,
        templates=templates,
        agents=_listed(chunk, lines.agents, lines.types, len(starts), NAMES_KEPT, digests, telling),
        users=_listed(chunk, lines.users, lines.types, len(starts), NAMES_KEPT, digests, telling),
    )


def _groups(lines: Lines, seconds: int, addresses: int) -> Places:
    """A number for each line, the same for lines of one chunk, in the order of windows."""
    source, _ = split_keys(lines.keys)
    timed = lines.times != NO_TIME
    window = lines.times // (seconds * SECOND)
    _, window = np.unique(np.where(timed, window, np.iinfo(np.int64).max), return_inverse=True)
    ranges, place = np.unique(np.where(timed, -1, lines.keys // RANGE), return_inverse=True)
    who = np.where(lines.ips == NOBODY, addresses + source, lines.ips)
    people, who = np.unique(who, return_inverse=True)
    return (window * len(ranges) + place) * len(people) + who


def _listed(
    chunk: Places,
    codes: Codes,
    types: NDArray[np.uint32],
    count: int,
    kept: int,
    digests: NDArray[np.uint64],
    telling: NDArray[np.int8],
) -> Listed:
    """Distinct codes of each chunk: those with hits first, then the telling, the rare, the frequent."""
    known = codes != NOBODY
    if not known.all():
        chunk, codes, types = chunk[known], codes[known], types[known]
    if not len(codes):
        none = np.empty(0, np.int32)
        return Listed(np.zeros(count + 1, np.int64), none, none, none.astype(np.bool_), np.zeros(count, np.int32))
    pair = chunk * len(digests) + codes
    order = np.argsort(pair, kind="stable")
    pair = pair[order]
    begins = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]]))
    counts = np.diff(np.append(begins, len(pair))).astype(np.int32)
    hit = np.bitwise_or.reduceat(types[order], begins) != 0
    chunk, codes = chunk[order][begins], codes[order][begins]
    ranked = np.lexsort((digests[codes], counts, -telling[codes], ~hit, chunk))
    chunk, codes, counts, hit = chunk[ranked], codes[ranked], counts[ranked], hit[ranked]
    total = np.bincount(chunk, minlength=count)
    rank = np.arange(len(chunk)) - np.repeat(np.cumsum(total) - total, total)
    near = rank < kept
    starts = np.concatenate([[0], np.cumsum(np.minimum(total, kept))])
    return Listed(starts, codes[near], counts[near], hit[near], total.astype(np.int32))


def _ids(
    lines: Lines,
    bounds: Places,
    since: NDArray[np.int64],
    seconds: int,
    digests: NDArray[np.uint64],
    addresses: Sequence[str],
    sources: Mapping[int, str],
) -> NDArray[np.uint8]:
    """Sixteen bytes each: SHA-256 over window, address, and (source, line, template) of every line."""
    source, line = split_keys(lines.keys)
    heads = np.arange(len(since)) * _HEAD + bounds[:-1]
    rows = np.empty((len(lines) + _HEAD * len(since), 3), ">u8")
    bodies = np.arange(len(lines)) + np.repeat(np.arange(1, len(since) + 1) * _HEAD, np.diff(bounds))
    rows[bodies, 0] = _source_words(source, sources)
    rows[bodies, 1] = line
    rows[bodies, 2] = digests[lines.templates]
    rows[heads, 0] = since.astype(np.uint64)
    rows[heads, 1] = seconds
    rows[heads, 2] = np.diff(bounds)
    rows[heads[:, None] + np.arange(1, _HEAD)] = _address_words(lines.ips[bounds[:-1]], addresses)
    content = memoryview(rows.tobytes())
    places = (np.append(heads, len(rows)) * rows.itemsize * 3).tolist()
    sha256 = hashlib.sha256
    found = [sha256(content[start:end]).digest()[:16] for start, end in pairwise(places)]
    return np.frombuffer(b"".join(found), np.uint8).reshape(-1, 16)


_HEAD = 3
"""Rows of three numbers before those of the lines: window and number of lines, then the text of the address."""


def _address_words(ips: NDArray[np.int32], addresses: Sequence[str]) -> NDArray[np.uint64]:
    """The first 48 bytes of each address, as two rows of three numbers; what no address can be stands for none."""
    known, places = np.unique(ips, return_inverse=True)
    words = [addresses[code].encode() if code >= 0 else b"-" for code in known.tolist()]
    return np.array(words, "S48").view(">u8").reshape(-1, 2, 3)[places]


def _source_words(source: Places, sources: Mapping[int, str]) -> NDArray[np.uint64]:
    """Eight bytes that name the source by its content, not by its number in this case."""
    words = np.zeros(max(sources, default=0) + 1, np.uint64)
    for number, name in sources.items():
        words[number] = int(name, 16)
    return words[source]
