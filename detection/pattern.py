"""Rule patterns: made safe for one buffer of LF-ended records, and checked before they are compiled."""

import re
from collections.abc import Iterator

MAX_LENGTH = 4000
_SPACE = r"\t\x0b-\r "
_OUTSIDE = {"s": f"[{_SPACE}]", "S": r"[^\t-\r ]", "W": r"[^\w\n]", "D": r"[^\d\n]"}
_INSIDE = {"s": _SPACE}
_CROSSING_IN_CLASS = frozenset("WDS")


def bounded(pattern: str) -> str:
    r"""The same pattern with no class that matches LF: `\s`, `\S`, `\W`, `\D` and `[^…]` all lose it.

    One scan covers thousands of records, each ended by LF; a class that crosses it would join two lines. Raises
    ValueError for what cannot be bounded (a negated shorthand inside a class, `\n`, an unclosed class).
    """
    return "".join(_pieces(pattern))


def _pieces(pattern: str) -> Iterator[str]:
    inside = False
    i = 0
    while i < len(pattern):
        c = pattern[i]
        if c == "\\" and i + 1 < len(pattern):
            yield _escape(pattern[i + 1], inside)
            i += 2
            continue
        if c == "[" and not inside:
            inside = True
            opening = "[^\\n" if pattern[i + 1 : i + 2] == "^" else "["
            yield opening
            i += 2 if opening != "[" else 1
            if pattern[i : i + 1] == "]":  # a first ']' is a literal
                yield "\\]"
                i += 1
            continue
        if c == "]" and inside:
            inside = False
        yield "\\[" if c == "[" else c
        i += 1
    if inside:
        raise ValueError("unclosed class")


def _escape(c: str, inside: bool) -> str:
    if c == "n" or (inside and c in _CROSSING_IN_CLASS):
        raise ValueError(f"\\{c} would cross records")
    return (_INSIDE if inside else _OUTSIDE).get(c, "\\" + c)


_LONG_REPEAT = re.compile(r"\{([01]),(\d+)\}")
_LONG = 12


def relaxed(pattern: str) -> str:
    """A pattern that matches wherever `pattern` does, with long bounded repeats unbounded.

    Counting repeats make the engine's automata hundreds of times larger; the exact pattern is tried again on what the
    relaxed one selects.
    """
    return _LONG_REPEAT.sub(
        lambda found: found[0] if int(found[2]) < _LONG else ("*" if found[1] == "0" else "+"), bounded(pattern)
    )


def compiled_pattern(pattern: str) -> re.Pattern[bytes]:
    """The pattern for Python's engine, over bytes, case-insensitive; `^` and `$` are the record's bounds.

    Raises ValueError for what does not compile.
    """
    if len(pattern) > MAX_LENGTH:
        raise ValueError("too long")
    try:
        return re.compile(bounded(pattern).encode(), re.IGNORECASE | re.MULTILINE)
    except re.error as error:
        raise ValueError(str(error)) from error
