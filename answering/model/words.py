"""Words that say something checkable without a number, and what they need to be believed."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from answering.model.known import ADDRESSES, LINES, Known, Sort
from core.claim import ClaimKind
from core.taxonomy import AttackType
from retrieval.plan.lexicon import LANGUAGES, entries
from retrieval.plan.piece import Kind

_FILE = Path(__file__).with_name("prose.toml")
_SHORTEST = 3


@cache
def prose() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """`prose.toml`: patterns by section, entry and language."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def patterns(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of a section by entry, both languages in one."""
    return tuple((name, either(words)) for name, words in prose()[section].items())


def either(words: Mapping[str, str]) -> re.Pattern[str]:
    """English as whole words, Japanese anywhere."""
    return re.compile(rf"(?<![A-Za-z])(?:{words['en']})(?![A-Za-z])|(?:{words['ja']})", re.IGNORECASE | re.ASCII)


@cache
def single(name: str) -> re.Pattern[str]:
    """A section that is one entry."""
    words: Mapping[str, object] = prose()[name]
    return either({language: str(words[language]) for language in LANGUAGES})


@cache
def _twists() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before, and behind, a number that it turns into another statement."""
    table = prose()["twist"]
    denied, called, turned = table["denied"], table["called"], table["turned"]
    before = (
        rf"(?:(?<![A-Za-z])|(?<=[a-z])(?=n't))(?:{denied['en']})(?:\s(?!more|less|fewer)[a-z]+){{0,2}}\s$"
        rf"|(?<![A-Za-z])(?:{called['en']})\s?(?:is|was|of|[:=#])?\s?$|(?:{called['ja']})(?:は|が|[::=])?\s?$"
    )
    behind = rf"\s?(?:(?:{turned['en']})(?![a-z])|(?:{turned['ja']}))"
    return re.compile(before, re.IGNORECASE | re.ASCII), re.compile(behind, re.IGNORECASE | re.ASCII)


def turned(text: str, start: int, end: int) -> bool:
    """Whether words around the number at `start:end` make of it what no count of lines states: "not 5", "5 each"."""
    before, behind = _twists()
    return bool(before.search(text[max(0, start - 40) : start]) or behind.match(text, end))


_DENIED = (
    re.compile(r"(?<![a-z])(?:no|zero|without(?: any)?|not any)\s$", re.IGNORECASE | re.ASCII),
    re.compile(
        r"(?:は|が|も|の(?:攻撃|痕跡|形跡)(?:は|が|も)?)?[^、。]{0,8}?(?:ありませ|なかった|ない(?:。|$)|発生してい(?:ませ|ない)|起き(?:て|ませ))",
        re.ASCII,
    ),
)


def denied(text: str, start: int, end: int) -> bool:
    """Whether the text says that there is nothing of the kind that is named at `start:end`."""
    before, behind = _DENIED
    return bool(before.search(text[max(0, start - 20) : start]) or behind.match(text, end))


@cache
def type_names() -> re.Pattern[str]:
    """Any name of an attack type, the longer ones first."""
    names = sorted(_types(), key=len, reverse=True)
    ways = (rf"(?<![a-z]){re.escape(name)}(?:s|es)?(?![a-z])" if name.isascii() else re.escape(name) for name in names)
    return re.compile("|".join(ways), re.IGNORECASE | re.ASCII)


def type_of(text: str) -> AttackType:
    """The type that a match of `type_names` names."""
    name = text.lower()
    known = _types()
    return next(known[one] for one in (name, name.removesuffix("s"), name.removesuffix("es")) if one in known)


@cache
def _types() -> Mapping[str, AttackType]:
    found = {kind.value: kind for kind in AttackType} | {kind.value.replace("_", " "): kind for kind in AttackType}
    for language in LANGUAGES:
        for phrase, kind, value in entries(language):
            if kind is Kind.TYPE and "," not in value and len(phrase) >= _SHORTEST:
                found.setdefault(phrase, AttackType(value))
    return found


def _kinds(*kinds: ClaimKind) -> Callable[[Iterable[Known]], bool]:
    return lambda known: any(one.true and one.kind in kinds for one in known)


def _one_value(known: Iterable[Known]) -> bool:
    """A claim says that there is one value only, or counts one, or lists all that there are: one."""
    return any(
        one.true
        and (one.kind is ClaimKind.ONLY or (one.sort is Sort.NUMBER and one.unit != LINES and one.value == "1"))
        for one in known
    )


def _majority(known: Iterable[Known]) -> bool:
    shares = [one.value.split("/") for one in known if one.true and one.sort is Sort.SHARE and "/" in one.value]
    return any(2 * int(part) > int(whole) for part, whole in shares)


def _several(known: Iterable[Known]) -> bool:
    return any(
        one.true and one.sort is Sort.NUMBER and one.unit == ADDRESSES and one.value not in ("0", "1") for one in known
    )


_WHOLE = (ClaimKind.PER_IP, ClaimKind.SET, ClaimKind.ONLY, ClaimKind.TYPE, ClaimKind.OUTCOME, ClaimKind.NETWORK)
NEEDS: Mapping[str, Callable[[Iterable[Known]], bool]] = {
    "only": _one_value,
    "all": _kinds(*_WHOLE, ClaimKind.SHARE),
    "none": _kinds(ClaimKind.ABSENCE, ClaimKind.ONLY),
    "most": _majority,
    "continuous": _kinds(ClaimKind.GAP),
    "distributed": _several,
    "trend": _kinds(ClaimKind.COMPARISON),
    "burst": _kinds(ClaimKind.GAP, ClaimKind.PEAK, ClaimKind.RATE, ClaimKind.DURATION),
    "order": _kinds(ClaimKind.ORDER, ClaimKind.SEQUENCE),
}
"""What claims a word needs among those that its sentence refers to; words of other entries are never verified."""
PLAIN_WHEN_MET = frozenset(
    {"vague", "trend", "burst", "continuous", "distributed", "order", "approximate", "all", "none", "most"}
)
"""Words that stay an opinion even then: the claim beside them says what is so."""
