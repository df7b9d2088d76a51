r"""Records of an nginx error log that a client spread over several lines, and the lines forged that way.

nginx writes the decoded path, so `%0A` in a request starts a new line whose text the client chose: it may be a perfect
record. What the client cannot avoid:

1. the true record begins before the forged text and its tail (`, client: …`) ends after it, within 2,048 bytes;
2. the true tail repeats the request undecoded, so that decoding it gives the forged lines again;
3. nginx itself never breaks a line: a tail that starts no record always belongs to lines above it.

Texts that the request does not repeat (a basic-auth user name, PHP messages) leave only 1 and 3: then every record
start between the open beginning and the last fitting tail is disbelieved, at the price of a neighbour's address. A user
name that makes two perfect records of one (guessing pid and connection) cannot be told from two records by any reader.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from core.event import Flag, ParseStatus, Reason
from ingestion.parse.message import ParsedLine, canonical_ip, text
from ingestion.parse.nginx_context import CLIENT, LIMIT, MANY, explaining, read_context

_HEAD = re.compile(rb"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} \[[a-z]{4,6}\] [0-9]{1,10}#[0-9]{1,10}: \*[0-9]{1,20} ")
_SLASHES = re.compile(rb"/+")
_KINDS: tuple[tuple[bytes, tuple[bytes, ...]], ...] = (
    (b'user "', (b'" was not found in "', b": password mismatch")),
    (b"FastCGI sent in stderr", (b" while reading ",)),
    (b"", (b"",)),
)
"""How a message begins and what its end contains."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One record over lines `first` to `last`.

    `proven`: the request repeats its lines; `sure`: it begins at `first`; `whole`: its tail was not cut away.
    """

    first: int
    last: int
    proven: bool = False
    sure: bool = True
    whole: bool = True


def review(lines: list[bytes], parsed: list[ParsedLine | Reason]) -> dict[int, ParsedLine]:
    """What to believe instead of `parsed`, by index. Lines of one block, in file order."""
    tails = [index for index, (line, one) in enumerate(zip(lines, parsed, strict=True)) if _is_tail(line, one)]
    proven = [spread for index in tails if (spread := _repeated(lines, index))]
    begun = {spread.first for spread in proven}
    opened = [
        spread
        for index, one in enumerate(parsed)
        if index not in begun and (spread := _opened(lines, parsed, index, one))
    ]
    known = proven + opened
    ends = sorted({*tails, *_last_continuations(parsed)})
    orphans = [spread for index in ends if (spread := _orphan(lines, parsed, index, known))]
    changed: dict[int, ParsedLine] = {}
    for spread in (*proven, *opened, *orphans):
        changed |= _believed(lines, parsed, spread)
    return changed


def _is_tail(line: bytes, one: ParsedLine | Reason) -> bool:
    """A line that can end a record begun above: it starts none, holds two tails, or its request holds a line feed."""
    if isinstance(one, Reason):
        return False
    if one.status is not ParseStatus.CONTINUATION and not one.flags & Flag.FORGED_LOOKING:
        return _is_cut(line, one)
    count = line.count(b", client: ")
    ends = one.status is ParseStatus.CONTINUATION or b"%0" in line or _is_cut(line, one)
    return count > 1 or (count == 1 and ends)


def _last_continuations(parsed: list[ParsedLine | Reason]) -> list[int]:
    """Where runs of lines that start no record end."""
    runs = [isinstance(one, ParsedLine) and one.status is ParseStatus.CONTINUATION for one in parsed]
    return [
        index for index, (here, after) in enumerate(zip(runs, [*runs[1:], False], strict=True)) if here and not after
    ]


def _is_cut(line: bytes, one: ParsedLine | Reason) -> bool:
    """A line that ends inside its tail: nginx cuts at 2,048 bytes only, so a shorter one belongs to lines above."""
    quoted = isinstance(one, ParsedLine) and not line.endswith(b'"') and b'"' in line
    return quoted and len(line) < LIMIT and b", client: " in line


def _repeated(lines: list[bytes], index: int) -> Spread | None:
    """The record whose request, decoded, is the lines above `index`."""
    if len(lines[index]) > LIMIT:
        return None
    for found in list(CLIENT.finditer(lines[index]))[: -MANY - 1 : -1]:
        request = read_context(lines[index], found).request or b""
        target = request.partition(b" ")[2].rpartition(b" HTTP/")[0] or request.partition(b" ")[2]
        pieces = _same_slashes(unquote_to_bytes(target.partition(b"?")[0])).split(b"\n")
        first = index - len(pieces) + 1
        if len(pieces) > 1 and first >= 0 and _are(pieces, [_same_slashes(line) for line in lines[first : index + 1]]):
            return Spread(first, index, proven=True)
    return None


def _same_slashes(value: bytes) -> bytes:
    """As nginx merges slashes in a path before it writes it."""
    return _SLASHES.sub(b"/", value)


def _are(pieces: list[bytes], lines: list[bytes]) -> bool:
    pieces = [piece.removesuffix(b"\r") for piece in pieces]
    inner = pieces[1:-1] == lines[1:-1]
    return (
        inner
        and _HEAD.match(lines[0]) is not None
        and lines[0].endswith(pieces[0])
        and lines[-1].startswith(pieces[-1])
    )


def _kind(line: bytes) -> tuple[bytes, ...]:
    head = _HEAD.match(line)
    return next(ends for start, ends in _KINDS if head and line.startswith(start, head.end())) if head else (b"",)


def _opened(
    lines: list[bytes], parsed: list[ParsedLine | Reason], index: int, one: ParsedLine | Reason
) -> Spread | None:
    """The record begun at `index` without a tail of its own, up to the last tail that can be its."""
    if isinstance(one, Reason) or one.ip or one.status is not ParseStatus.PARSED:
        return None
    if b", client: " in lines[index] or not _HEAD.match(lines[index]):
        return None
    ends, size, last, whole = _kind(lines[index]), len(lines[index]), index, True
    for at in range(index + 1, len(lines)):
        size += 1 + len(lines[at])
        if size > LIMIT:
            break
        fits = _is_tail(lines[at], parsed[at]) and any(end in lines[at] for end in ends)
        full = size >= LIMIT - (at - index)  # a CR may be missing from every line
        if fits or full:
            last, whole = at, not full
    if last == index:
        return None
    first = _farthest(lines, last, lambda _: False)
    return Spread(index, last, whole=whole) if first >= index else Spread(first, last, sure=False, whole=False)


def _orphan(lines: list[bytes], parsed: list[ParsedLine | Reason], index: int, known: list[Spread]) -> Spread | None:
    """A tail whose record begins with a line that has a (forged) tail itself: any record above may be the one."""
    if any(spread.first <= index <= spread.last for spread in known):
        return None
    foreign = _is_foreign(lines[index], parsed[index])
    first = _farthest(lines, index, lambda line: foreign and any(end in lines[index] for end in _kind(line)))
    return Spread(first, index, sure=False, whole=False) if first < index else None


def _farthest(lines: list[bytes], index: int, fits: Callable[[bytes], bool]) -> int:
    """The farthest line above whose record can end with line `index`: it fits, or the two make exactly a cut record."""
    size, first = len(lines[index]), index
    for at in range(index - 1, -1, -1):
        size += 1 + len(lines[at])
        if size > LIMIT:
            break
        if (size >= LIMIT - (index - at) or fits(lines[at])) and _HEAD.match(lines[at]):
            first = at
    return first


def _is_foreign(line: bytes, one: ParsedLine | Reason) -> bool:
    """Does the last tail in the line end another record than the one the line seems to start?"""
    if b", client: " not in line:
        return False
    if isinstance(one, Reason) or one.status is ParseStatus.CONTINUATION or one.ip is None:
        return True
    before = line[: line.rfind(b", client: ")]
    return line.count(b", client: ") > 1 and any(
        end and end in before and _kind(line) != ends for _, ends in _KINDS for end in ends
    )


def _believed(lines: list[bytes], parsed: list[ParsedLine | Reason], spread: Spread) -> dict[int, ParsedLine]:
    """Only the beginning's time and the last tail's address are the server's."""
    head = parsed[spread.first]
    time = head.time if isinstance(head, ParsedLine) and spread.sure else None
    forged = any(_is_record(parsed[at]) for at in range(spread.first + 1, spread.last + 1))
    changed: dict[int, ParsedLine] = {}
    for at in range(spread.first, spread.last):
        one = parsed[at]
        if at > spread.first and isinstance(one, ParsedLine) and spread.sure:
            changed[at] = _disbelieved(lines[at], one, time, forged=_is_record(one) or b"client: " in lines[at])
        elif isinstance(one, ParsedLine) and (forged or not spread.sure) and _is_record(one):
            changed[at] = one._replace(ip=None, flags=one.flags | Flag.FORGED_LOOKING)
    changed[spread.last] = _tail(lines[spread.last], parsed[spread.last], time, spread, forged=forged or spread.proven)
    if isinstance(head, ParsedLine) and spread.sure and (spread.proven or not forged):
        tail = changed[spread.last]
        flag = Flag.FORGED_LOOKING if forged or spread.proven else Flag.NONE
        changed[spread.first] = head._replace(ip=tail.ip, method=tail.method, url=tail.url, flags=head.flags | flag)
    return changed


def _is_record(one: ParsedLine | Reason) -> bool:
    return isinstance(one, Reason) or one.status is ParseStatus.PARSED


def _disbelieved(line: bytes, one: ParsedLine, time: int | None, *, forged: bool) -> ParsedLine:
    """A line inside a record: its text is evidence, its fields are a client's."""
    flags = one.flags | Flag.FORGED_LOOKING if forged else one.flags
    return ParsedLine(time=time, status=one.status, flags=flags, message=text(line))


def _tail(line: bytes, one: ParsedLine | Reason, time: int | None, spread: Spread, *, forged: bool) -> ParsedLine:
    """The end of a record: the last tail is the server's, unless the line is cut or two addresses compete."""
    status = one.status if isinstance(one, ParsedLine) else ParseStatus.PARSED
    flags = one.flags if isinstance(one, ParsedLine) else Flag.NONE
    if forged:
        flags |= Flag.FORGED_LOOKING
    found = list(CLIENT.finditer(line))
    true = _true_tail(line, one, found, spread)
    if true is None:
        return ParsedLine(time=time, status=status, flags=flags, message=text(line))
    context = read_context(line, true)
    method, _, target = (context.request or b"").partition(b" ")
    return ParsedLine(
        time=time,
        status=status,
        flags=flags,
        ip=canonical_ip(true.group(1)),
        method=text(method) if target else None,
        url=text(target.rpartition(b" HTTP/")[0] or target) if target else None,
        domain=text(context.host) if context.host else None,
        message=text(line[: true.start()]),
    )


def _true_tail(
    line: bytes, one: ParsedLine | Reason, found: list[re.Match[bytes]], spread: Spread
) -> re.Match[bytes] | None:
    """The tail the server wrote: one address alone, or the one that holds all others in a request that is proven."""
    if not (spread.whole and found and found[-1].end() < len(line)):
        return None
    if len({each.group(1) for each in found}) == 1:
        starts_none = isinstance(one, ParsedLine) and one.status is ParseStatus.CONTINUATION
        alone = starts_none or (isinstance(one, ParsedLine) and one.ip == canonical_ip(found[-1].group(1)))
        return found[-1] if alone else None
    return explaining(line, found) if spread.proven else None
