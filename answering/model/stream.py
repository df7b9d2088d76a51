"""A reply as it comes: the facts as soon as they are whole, then each sentence of the answer by itself."""

import json
from collections.abc import Callable, Mapping

from answering.model import limits
from answering.model.parse import MalformedError, read
from core.draft import Draft, DraftSentence

FACTS = ("findings", "statements", "benign")


class DraftStream:
    """Hears pieces of a reply (`heard`), and tells the draft's facts once, then its sentences one by one.

    It only helps a reader who waits: nothing is told of a reply whose facts do not come first or are no facts of the
    schema, and whoever tells nothing is checked as a whole when the reply has ended.
    """

    def __init__(self, facts: Callable[[Draft], None], sentence: Callable[[DraftSentence], None]) -> None:
        self._facts, self._sentence = facts, sentence
        self._text = ""
        self._at = 0
        self._start = 0
        self._depth = 0
        self._inside = self._escaped = False
        self._key = ""
        self._keys: list[str] = []
        self._parts: dict[str, str] = {}
        self._silent = False

    def heard(self, piece: str) -> None:
        """The next piece of the reply."""
        if self._silent:
            return
        self._text += piece
        if len(self._text) > limits.REPLY:
            self._silent = True
        while self._at < len(self._text) and not self._silent:
            self._one(self._text[self._at])
            self._at += 1

    def _one(self, character: str) -> None:
        if self._inside:
            self._in_string(character)
        elif character == '"':
            self._inside = True
            if self._depth == 1 and not self._key:
                self._start = self._at
        elif character in "[{":
            self._opened()
        elif character in "]}":
            self._closed()

    def _in_string(self, character: str) -> None:
        self._inside = self._escaped or character != '"'
        self._escaped = not self._escaped and character == "\\"
        if not self._inside and self._depth == 1 and not self._key:
            self._named(self._text[self._start + 1 : self._at])

    def _named(self, key: str) -> None:
        """A key of the draft; the facts are told when that of the answer comes."""
        self._key = key
        self._keys.append(key)
        if key == "answer":
            self._silent = tuple(self._keys[:-1]) != FACTS
            if not self._silent:
                self._tell_facts(self._parts)

    def _opened(self) -> None:
        self._depth += 1
        if self._depth == (3 if self._key == "answer" else 2):
            self._start = self._at

    def _closed(self) -> None:
        whole = self._text[self._start : self._at + 1]
        if self._key == "answer" and self._depth == 3:
            self._tell_sentence(whole)
        elif self._depth == 2:
            self._parts[self._key] = whole
            self._key = ""
        self._depth -= 1

    def _tell_facts(self, parts: Mapping[str, str]) -> None:
        text = "".join(f"{json.dumps(key)}:{value}," for key, value in parts.items())
        try:
            draft = read(f'{{{text}"answer":[]}}', Draft)
        except MalformedError:
            self._silent = True
            return
        self._facts(draft)

    def _tell_sentence(self, text: str) -> None:
        try:
            sentence = read(text, DraftSentence)
        except MalformedError:
            self._silent = True
            return
        self._sentence(sentence)
