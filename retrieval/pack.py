"""Packing ranked chunks into a bounded text: whole chunks, best first, never many of one shape."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.chunk import Chunk

PER_SHAPE = 3
"""Chunks of one shape that a packed text holds: more of them read the same."""

SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Packed:
    """`text` are the chunks' texts between blank lines: `tokens` of them, within the budget.

    `too_long` and `alike` are the ids left out because they did not fit, and because their shape was there enough.
    """

    chunks: tuple[Chunk, ...]
    text: str
    tokens: int
    too_long: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()


def pack(ranked: Iterable[Chunk], budget: int, count: Callable[[str], int], per_shape: int = PER_SHAPE) -> Packed:
    """The first chunks that fit: one that does not leaves its place to a shorter one further down.

    `count` gives the tokens of a text. The text as a whole is counted whenever a chunk is added: the tokens of a
    joined text may be more than those of its parts.
    """
    chosen: list[Chunk] = []
    too_long: list[str] = []
    alike: list[str] = []
    shapes: Counter[str] = Counter()
    text, tokens = "", 0
    for chunk in ranked:
        if shapes[chunk.shape] >= per_shape:
            alike.append(chunk.id)
            continue
        longer = SEPARATOR.join((text, chunk.text)) if chosen else chunk.text
        size = count(longer)
        if size > budget:
            too_long.append(chunk.id)
            continue
        chosen.append(chunk)
        shapes[chunk.shape] += 1
        text, tokens = longer, size
    return Packed(tuple(chosen), text, tokens, tuple(too_long), tuple(alike))
