"""What was redacted is put back into a reply: into its JSON as a whole, and into its text as it streams in."""

import json
import re
from collections.abc import Callable, Sequence

from models.chat import FaultCode, ModelFault, OnText

OPEN, CLOSE = "⟦", "⟧"
"""A redactor's token stands between these (`models.redact`)."""

LONGEST_TOKEN = 200
"""Characters that are held back while they may be the beginning of a token."""

DEEPEST = 100
_TOKEN = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]{{1,{LONGEST_TOKEN}}}{CLOSE}")

Restore = Callable[[str], str]


def restored_json(text: str, restore: Restore) -> str:
    """The same JSON with every string restored, escaped as JSON wants it.

    Raises `ModelFault(malformed)` for what strict JSON is not: a key twice, `NaN`, more after the end, a nesting nobody
    asked for.
    """
    try:
        read = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
        return json.dumps(_restored(read, restore, DEEPEST), ensure_ascii=False)
    except (ValueError, RecursionError) as fault:
        raise ModelFault(FaultCode.MALFORMED, reason="no JSON") from fault


def _restored(value: object, restore: Restore, depth: int) -> object:
    if depth == 0:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return restore(value)
    if isinstance(value, list):
        return [_restored(each, restore, depth - 1) for each in value]
    if isinstance(value, dict):
        return {key: _restored(each, restore, depth - 1) for key, each in value.items()}
    return value


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(name: str) -> object:
    raise ValueError(f"{name} is no number")


class RestoringStream:
    """Hands on a stream of JSON text with tokens restored; one that comes in pieces is held back until it is whole."""

    def __init__(self, restore: Restore, on_text: OnText) -> None:
        self._restore, self._on_text = restore, on_text
        self._held = ""

    def __call__(self, piece: str) -> None:
        """The next piece; an empty one is handed on as it is."""
        text = self._held + piece
        place = text.rfind(OPEN)
        if place < 0 or CLOSE in text[place:] or len(text) - place > LONGEST_TOKEN:
            place = len(text)
        text, self._held = text[:place], text[place:]
        if text or not piece:
            self._on_text(self._whole(text))

    def end(self) -> None:
        """What is held back was no token."""
        if self._held:
            self._on_text(self._held)
            self._held = ""

    def _whole(self, text: str) -> str:
        return _TOKEN.sub(lambda token: json.dumps(self._restore(token[0]), ensure_ascii=False)[1:-1], text)
