"""All texts that chunks are made of, each with a number: templates of lines, clients, users."""

import hashlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingestion.chunk.lines import NOBODY

Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Template:
    """A folded line: what it says, what benign chunks share of it, its kinds (bits), and how telling it is (0 to 9)."""

    text: str
    coarse: str
    kinds: int
    telling: int


@dataclass(slots=True)
class Vocabulary:
    """Grows while a lake is read; numbers are given in the order of first sight and mean nothing outside one state."""

    texts: list[str] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)
    _names: dict[tuple[str, str], int] = field(default_factory=dict)
    _lines: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    _digests: "array[int]" = field(default_factory=lambda: array("Q"))
    _kinds: "array[int]" = field(default_factory=lambda: array("Q"))
    _coarse: "array[int]" = field(default_factory=lambda: array("i"))
    _telling: "array[int]" = field(default_factory=lambda: array("b"))

    def template(self, template: Template) -> int:
        """The number of a template."""
        code = self._known.get(template.text)
        if code is None:
            coarse = template.coarse if template.coarse == template.text else self.plain(template.coarse)
            code = self._add(template.text, template.kinds, template.telling)
            if isinstance(coarse, int):
                self._coarse[code] = coarse
        return code

    def plain(self, text: str) -> int:
        """The number of a text that is no line: a client, a user, a coarse form."""
        code = self._known.get(text)
        return self._add(text, 0, 0) if code is None else code

    def _add(self, text: str, kinds: int, telling: int) -> int:
        code = len(self.texts)
        self.texts.append(text)
        self._known[text] = code
        self._digests.append(int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big"))
        self._kinds.append(kinds)
        self._coarse.append(code)
        self._telling.append(telling)
        return code

    def saw(self, codes: Codes) -> None:
        """Counts the lines of templates."""
        found = np.bincount(codes, minlength=len(self.texts))
        found[: len(self._lines)] += self._lines
        self._lines = found

    @property
    def frequency(self) -> NDArray[np.int64]:
        """Logarithm of the lines seen so far of each template: 0 for one line, 10 for a thousand."""
        lines = np.concatenate([self._lines, np.ones(len(self.texts) - len(self._lines), np.int64)])
        return np.asarray(np.log2(np.maximum(lines, 1)).astype(np.int64))

    def names(self, distinct: Sequence[str | None], places: Codes, wording: Callable[[str], str | None]) -> Codes:
        """Numbers of the names that rows carry (NOBODY: none); each name is worded once in each way."""
        codes = np.array([self._name(name, wording) for name in distinct] + [NOBODY], np.int32)
        return codes[places]

    def _name(self, name: str | None, wording: Callable[[str], str | None]) -> int:
        if name is None:
            return NOBODY
        code = self._names.get((wording.__name__, name))
        if code is None:
            text = wording(name)
            code = self._names[wording.__name__, name] = NOBODY if text is None else self.plain(text)
        return code

    @property
    def digests(self) -> NDArray[np.uint64]:
        """The first eight bytes of the SHA-256 of each text: the same in every state."""
        return np.frombuffer(self._digests, np.uint64).copy()

    @property
    def kinds(self) -> NDArray[np.uint64]:
        """Bits of the kinds of each template."""
        return np.frombuffer(self._kinds, np.uint64).copy()

    @property
    def coarse(self) -> Codes:
        """The number of the coarse form of each template."""
        return np.frombuffer(self._coarse, np.int32).copy()

    @property
    def telling(self) -> NDArray[np.int8]:
        """How telling each template is."""
        return np.frombuffer(self._telling, np.int8).copy()
