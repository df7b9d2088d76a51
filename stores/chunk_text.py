"""The text of a chunk: tags, folded lines with counts, clients and users, within a number of bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

_TAGS_AT_MOST = 0.5
_NAMES_AT_MOST = 0.2
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Content:
    """What a text is made of, most telling first; `count` 0 leaves the number out, `more` templates are not listed."""

    tags: tuple[str, ...]
    templates: tuple[tuple[str, int], ...]
    more: int = 0
    agents: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


def tokens_at_most(text: str) -> int:
    """A number of tokens no byte-level tokeniser exceeds: each token is at least one byte.

    Log text takes about 0.4 tokens a byte (590 characters were 242 tokens), so this is two and a half times the usual.
    """
    return len(text.encode("utf-8", "replace"))


def chunk_text(content: Content, size: int) -> str:
    """The text, of at most `size` bytes (`tokens_at_most`), with what did not fit as "+n more templates"."""
    head = _names("", content.tags, int(size * _TAGS_AT_MOST), " · ")
    ends = [
        line
        for line in (
            _names("agents: ", content.agents, int(size * _NAMES_AT_MOST), "; "),
            _names("users: ", content.users, int(size * _NAMES_AT_MOST), "; "),
        )
        if line
    ]
    used = sum(tokens_at_most(line) + 1 for line in (head, *ends) if line)
    listed = _templates(content, size - used)
    return "\n".join(line for line in (head, *listed, *ends) if line)


def _templates(content: Content, room: int) -> list[str]:
    """As many folded lines as fit, and how many did not."""
    lines: list[str] = []
    total = len(content.templates) + content.more
    room -= tokens_at_most(_more(total)) + 1
    for text, count in content.templates:
        line = f"{count}× {text}" if count else text
        cost = tokens_at_most(line) + 1
        if cost > room:
            if not lines and room > 0:
                lines.append(clipped(line, room - 1))
            break
        lines.append(line)
        room -= cost
    left = total - len(lines)
    return [*lines, _more(left)] if left else lines


def _more(count: int) -> str:
    return f"+{count} more templates"


def _names(title: str, names: Sequence[str], room: int, between: str) -> str:
    """The first names that fit; the first one is cut where even it does not."""
    line = ""
    for name in names:
        longer = line + between + name if line else title + name
        if tokens_at_most(longer) > room:
            return line or clipped(longer, room)
        line = longer
    return line


def clipped(text: str, room: int) -> str:
    """The beginning of a text that fits into so many bytes, with an ellipsis where something is left out."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= room:
        return text
    kept = max(0, room - len(_ELLIPSIS.encode()))
    return raw[:kept].decode("utf-8", "ignore") + _ELLIPSIS if room >= len(_ELLIPSIS.encode()) else ""
