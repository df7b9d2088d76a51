"""Blocks on their way through the workers: with the lines around them, in order, their open last line apart."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from ingestion.fetch.blocks import Block
from ingestion.segment import Around
from stores.segment import SegmentRow

RECORD = 8192
"""Bytes around a block that are looked at with it: no server writes a longer error record."""


def surrounded(found: Iterable[Block]) -> Iterator[tuple[Block, Around]]:
    """Each block with the lines around it, as many as one server record can be long."""
    before: tuple[bytes, ...] = ()
    current: Block | None = None
    for following in found:
        if current is not None:
            yield current, Around(before, _lines_of(following.data[:RECORD], whole_start=True))
            before = _lines_of(current.data[-RECORD:], whole_start=False)
        current = following
    if current is not None:
        yield current, Around(before)


def _lines_of(piece: bytes, *, whole_start: bool) -> tuple[bytes, ...]:
    """Whole lines of a piece that was cut at one end."""
    lines = piece.split(b"\n")
    return tuple(lines[:-1] if whole_start else lines[1:-1])


def ordered(
    pool: ThreadPoolExecutor,
    workers: int,
    found: Iterable[tuple[Block, Around]],
    work: Callable[[tuple[Block, Around]], list[SegmentRow]],
) -> Iterator[list[SegmentRow]]:
    """Results in the order of the blocks, with at most one block more in flight than there are workers."""
    waiting: deque[Future[list[SegmentRow]]] = deque()
    for block in found:
        waiting.append(pool.submit(work, block))
        if len(waiting) > workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def terminated(block: Block) -> Iterator[tuple[Block, bool]]:
    """The block's LF-ended lines, and its open last line as a tail of its own (it is replaced when the file grows)."""
    if block.terminated:
        yield block, False
        return
    cut = block.data.rfind(b"\n") + 1
    last = block.lines - 1
    whole = tuple(line for line in block.oversize if line.row < last)
    rest = tuple(replace(line, row=0) for line in block.oversize if line.row == last)
    if cut:
        ended = replace(block, data=block.data[:cut], lines=last, terminated=True, oversize=whole)
        yield ended, False
        start = block.first_offset + ended.size
        yield (
            replace(
                block,
                data=block.data[cut:],
                first_line=block.first_line + last,
                first_offset=start,
                lines=1,
                oversize=rest,
            ),
            True,
        )
    else:
        yield block, True
