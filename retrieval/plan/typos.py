"""Slips of the keyboard: a long word one letter away from a word of the lexicon is read as that word."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from core.plan import CaseFacts
from retrieval.plan.fold import Folded, is_katakana
from retrieval.plan.lexicon import lexicon

_SHORTEST = 6
_SHORTEST_SWAP = 5
"""Letters of a word that may have two neighbours swapped; other slips make too many short words into others."""

_SHORTEST_KATAKANA = 5
_MOST = 20
"""Words corrected in one question; a text of nothing but slips is none."""


def corrected(folded: Folded, facts: CaseFacts) -> tuple[Folded, tuple[tuple[int, int, str], ...]]:
    """The question with slips undone, and (start, end, word) of each in the question as written.

    One letter too many, too few, wrong, or two swapped. Words in quotes, beside digits or signs, and names that the
    case knows stay as they are; so does a word that could be two others.
    """
    fixes: list[tuple[int, int, str]] = []
    folded = _kana(folded)
    own = {name.lower() for name in (*facts.users, *facts.agents)}
    for start, end in reversed(list(_words(folded.text))):
        word = folded.text[start:end]
        fixed = _fixed(word) if word not in own and len(fixes) < _MOST else None
        if fixed is not None:
            fixes.append((*folded.span(start, end), fixed))
            folded = folded.with_word(start, end, fixed)
    return folded, tuple(reversed(fixes))


def _kana(folded: Folded) -> Folded:
    """Katakana words written in hiragana (「ぶるーとふぉーす」) as they are known."""
    text, at = folded.text, 0
    while at < len(text):
        end = at
        while end < len(text) and ("ぁ" <= text[end] <= "ゖ" or text[end] == "ー"):
            end += 1
        if end - at >= _SHORTEST_KATAKANA:
            run = "".join(char if char == "ー" else chr(ord(char) + 0x60) for char in text[at:end])
            best = max(
                (word for word in _known() if len(word) >= _SHORTEST_KATAKANA and run.startswith(word)),
                key=len,
                default="",
            )
            if best:
                folded = folded.with_word(at, at + len(best), best)
        at = max(end, at + 1)
    return folded


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Places of words that may hold a slip: Latin letters only, or katakana only, and long enough."""
    at, quoted = 0, False
    while at < len(text):
        if text[at] in '"「」『』':
            quoted = (not quoted) if text[at] == '"' else text[at] in "「『"
        same = _latin if _latin(text[at]) else is_katakana if is_katakana(text[at]) else None
        end = at + 1
        while same is not None and end < len(text) and same(text[end]):
            end += 1
        shortest = _SHORTEST_SWAP if same is _latin else _SHORTEST_KATAKANA
        if same is not None and not quoted and end - at >= shortest and not _joined(text, at, end):
            yield at, end
        at = end


def _latin(char: str) -> bool:
    return "a" <= char <= "z"


def _joined(text: str, start: int, end: int) -> bool:
    """Whether the word is part of a path, a file name, an address or a code."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    behind = text[end : end + 2]
    return any(char in "/_@=\\%&+#<>$" or char.isdigit() for char in around) or (
        (behind[:1] in {".", "-", ":"} and behind[1:2].isalnum()) or text[max(start - 1, 0) : start] in {".", "-", ":"}
    )


def _fixed(word: str) -> str | None:
    """The one known word that a slip away from this one, or None."""
    known = _known()
    if (
        word in known
        or word.removesuffix("s") in known
        or (word.endswith(("ing", "ed", "ly", "er")) and _stem(word) in known)
    ):
        return None
    found = {other for key in (word, *_shorter(word)) for other in _neighbours().get(key, ()) if _slip(word, other)}
    return found.pop() if len(found) == 1 else None


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "ly", "er"):
        if word.endswith(ending):
            return word.removesuffix(ending)
    return word


@cache
def _known() -> frozenset[str]:
    """Words of the lexicon, Latin ones and runs of katakana, also short ones."""
    found: set[str] = set()
    for word in lexicon().words:
        at = 0
        while at < len(word):
            same = _latin if _latin(word[at]) else is_katakana if is_katakana(word[at]) else None
            end = at + 1
            while same is not None and end < len(word) and same(word[end]):
                end += 1
            if same is not None:
                found.add(word[at:end])
                if same is _latin and end - at >= _SHORTEST_SWAP and end == len(word):
                    found.add(word[at:end] + "s")
            at = end
    return frozenset(found)


@cache
def _neighbours() -> Mapping[str, tuple[str, ...]]:
    """Known words by themselves with any one letter left out: what two words a slip apart have in common."""
    found: dict[str, set[str]] = defaultdict(set)
    for word in _known():
        if len(word) >= (_SHORTEST_SWAP if _latin(word[0]) else _SHORTEST_KATAKANA):
            for key in (word, *_shorter(word)):
                found[key].add(word)
    return {key: tuple(sorted(words)) for key, words in found.items()}


def _shorter(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))] if len(word) <= 24 else []


def _slip(word: str, known: str) -> bool:
    """Whether one slip makes the known word into the written one; the first letter is rarely the wrong one."""
    katakana = not _latin(word[0])
    if len(word) == len(known):
        wrong = [at for at in range(len(word)) if word[at] != known[at]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and word[wrong[0]] == known[wrong[1]]
        if swapped and word[wrong[1]] == known[wrong[0]]:
            return True
        return len(wrong) == 1 and (katakana or (wrong[0] > 0 and len(word) >= _SHORTEST))
    if abs(len(word) - len(known)) != 1 or (
        not katakana and (min(len(word), len(known)) < _SHORTEST - 1 or word[0] != known[0])
    ):
        return False
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    at = next((at for at in range(len(shorter)) if longer[at] != shorter[at]), len(shorter))
    return longer[at + 1 :] == shorter[at:] and (
        katakana or len(longer) > _SHORTEST or not longer.endswith(("s", "d", "r"))
    )
