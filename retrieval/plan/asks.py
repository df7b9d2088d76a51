"""What a clause asks: the operations, in the order of one table whose first rule that holds decides."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from core.dimension import SECONDS, Dimension
from core.plan import Operation
from retrieval.plan.canonical import MOST_ROWS
from retrieval.plan.fold import is_japanese
from retrieval.plan.piece import Kind, Piece

_SUBJECTS = frozenset({Kind.IP, Kind.USER, Kind.PATH, Kind.AGENT, Kind.URL})
_COUNTED = frozenset({Kind.LINE, Kind.STATUS, Kind.ACTION, Kind.TYPE, Kind.ATTACK, Kind.METHOD})
_NOUNS = _COUNTED | {Kind.DIMENSION, Kind.ATTACKER}
_LINE_COUNTS = frozenset(
    {
        "何件",
        "何回",
        "件数",
        "何行",
        "回数",
        "行数",
        "何度",
        "何リクエスト",
        "how often",
        "how many times",
        "how frequently",
    }
)
_PEOPLE = frozenset({"何人", "何名", "人数"})
_COUNTERS = {
    "何ip": Dimension.IP,
    "何アドレス": Dimension.IP,
    "何ユーザー": Dimension.USER,
    "何アカウント": Dimension.USER,
    "何ページ": Dimension.PATH,
}
_WEAK_SEARCH = frozenset(
    {
        "search",
        "search for",
        "look for",
        "find",
        "検索",
        "探して",
        "探す",
        "さがして",
        "関連",
        "周辺",
        "に関する",
        "に関連する",
        "related to",
        "having to do with",
    }
)
_EVENTS = frozenset({Kind.TYPE, Kind.ATTACK, Kind.ATTACKER})


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation with what it needs beside the lines it looks at."""

    operation: Operation
    by: Dimension | None = None
    limit: int | None = None
    newest: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """The pieces of a clause, and the folded text they stand in."""

    pieces: Sequence[Piece]
    text: str

    def spelled(self, piece: Piece) -> str:
        """The word as folded."""
        return self.text[piece.start : piece.end]

    def of(self, *kinds: Kind) -> list[Piece]:
        """The pieces of these kinds, in order."""
        return [piece for piece in self.pieces if piece.kind in kinds]

    def has(self, *kinds: Kind) -> bool:
        """Whether there is a piece of one of these kinds."""
        return any(piece.kind in kinds for piece in self.pieces)

    def without(self, places: Container[int]) -> "Clause":
        """The clause without the pieces at these places."""
        return Clause([piece for at, piece in enumerate(self.pieces) if at not in places], self.text)

    def asks(self, *words: str) -> bool:
        """Whether one of these question words is in it."""
        return any(piece.value in words for piece in self.of(Kind.QUESTION))

    def wants(self, *operations: Operation) -> bool:
        """Whether a word for one of these operations is in it."""
        return any(piece.value in operations for piece in self.of(Kind.OPERATION))

    def dimensions(self) -> list[Dimension]:
        """The nouns lines can be grouped by, in order."""
        return [Dimension(piece.value) for piece in self.of(Kind.DIMENSION)]

    @property
    def values(self) -> list[Dimension]:
        """The nouns that are no stretch of time."""
        return [one for one in self.dimensions() if one not in SECONDS]


def asked(clause: Clause) -> tuple[Asked, ...]:
    """The operations a clause asks for; empty when it only narrows."""
    for rule in _RULES:
        found = tuple(rule(clause))
        if found:
            return found
    return ()


def cues(clause: Clause) -> bool:
    """Whether a clause has words that ask, so that it stands on its own beside another one."""
    asking = any(piece.value != "exists" for piece in clause.of(Kind.QUESTION))
    return asking or clause.has(Kind.OPERATION, Kind.GROUPED) or (clause.has(Kind.OUTCOME) and not clause.has(*_EVENTS))


def limit_of(clause: Clause) -> int | None:
    """The number of rows asked for."""
    numbers = [int(piece.value) for piece in clause.of(Kind.NUMBER)]
    return min(numbers[0], MOST_ROWS) if numbers and numbers[0] > 0 else None


def _respond(clause: Clause) -> Iterator[Asked]:
    if clause.wants(Operation.RESPOND):
        yield Asked(Operation.RESPOND)


def _coverage(clause: Clause) -> Iterator[Asked]:
    counted = clause.asks("how_many", "show") or clause.wants(Operation.LINES)
    if clause.wants(Operation.COVERAGE) or (clause.has(Kind.PARSE) and not counted):
        yield Asked(Operation.COVERAGE)


def _explain(clause: Clause) -> Iterator[Asked]:
    """ "What is XSS", "why is this an attack"; "what is the top address" is no such question."""
    if not clause.wants(Operation.EXPLAIN):
        return
    spelled = {clause.spelled(piece) for piece in clause.of(Kind.OPERATION) if piece.value == Operation.EXPLAIN}
    codes = clause.of(Kind.TYPE, Kind.CODE, Kind.RULE, Kind.STATUS, Kind.OUTCOME)
    weak = spelled <= {
        "what is",
        "what's",
        "what are",
        "explain",
        "describe",
        "説明",
        "解説",
        "works",
        "根拠",
        "reason",
    }
    others = clause.has(Kind.MOST, Kind.GROUPED, Kind.DIMENSION, Kind.TIME, Kind.IP, Kind.USER) or clause.asks(
        "how_many", "when", "where"
    )
    if weak and (not codes or others):
        return
    yield Asked(Operation.EXPLAIN, words=next((_code(piece) for piece in codes), ""))


def _code(piece: Piece) -> str:
    if piece.kind is Kind.STATUS:
        low, _, high = piece.value.partition("-")
        return low if low == high else f"{low[0]}xx"
    return "" if piece.kind is Kind.TYPE and "," in piece.value else piece.value


def _search(clause: Clause) -> Iterator[Asked]:
    """Open questions: something strange, something about a word that is nothing by itself."""
    spelled = {clause.spelled(piece) for piece in clause.of(Kind.OPERATION) if piece.value == Operation.SEARCH}
    if not spelled:
        return
    unknown = clause.of(Kind.UNKNOWN)
    if spelled <= _WEAK_SEARCH and not unknown:
        return
    yield Asked(
        Operation.SEARCH, words=" ".join(clause.spelled(piece) for piece in unknown) or " ".join(sorted(spelled))
    )


def _grouped(clause: Clause) -> Iterator[Asked]:
    """ "Per address", 「IPごと」, "requests by hour"."""
    for at, piece in enumerate(clause.pieces):
        if piece.kind is not Kind.GROUPED:
            continue
        japanese = is_japanese(clause.spelled(piece)[0])
        near = [at - 1, at - 2, at + 1, at + 2] if japanese else [at + 1, at + 2, at - 1]
        for other in near:
            if 0 <= other < len(clause.pieces) and clause.pieces[other].kind in {
                Kind.DIMENSION,
                Kind.ATTACKER,
                Kind.STATUS,
            }:
                yield _by(_dimension(clause.pieces[other]), clause)
                return
        if piece.values(Kind.GROUPED) and clause.spelled(piece) in {
            "breakdown",
            "breakdown of",
            "内訳",
            "distribution",
            "分布",
            "の内訳",
            "内訳を",
        }:
            yield _by(Dimension.TYPE if clause.has(*_EVENTS) else Dimension.STATUS, clause)
            return


def _dimension(piece: Piece) -> Dimension:
    return {Kind.ATTACKER: Dimension.IP, Kind.STATUS: Dimension.STATUS}.get(piece.kind) or Dimension(piece.value)


def _by(dimension: Dimension, clause: Clause) -> Asked:
    if dimension in SECONDS:
        return Asked(Operation.TIMELINE, by=dimension)
    return Asked(Operation.TOP, by=dimension, limit=limit_of(clause))


def _timeline(clause: Clause) -> Iterator[Asked]:
    stretches = [one for one in clause.dimensions() if one in SECONDS]
    spelled = " ".join(clause.spelled(piece) for piece in clause.of(Kind.OPERATION))
    if clause.wants(Operation.TIMELINE) or (stretches and (clause.has(Kind.MOST) or clause.asks("which", "how_many"))):
        yield Asked(Operation.TIMELINE, by=stretches[0] if stretches else _stretch(spelled))


def _stretch(spelled: str) -> Dimension | None:
    """The width that a word for a course of time names."""
    for words, dimension in (
        (("minute", "分"), Dimension.MINUTE),
        (("hour", "時間", "時刻別", "何時台"), Dimension.HOUR),
        (("day by day", "daily", "busiest day"), Dimension.DAY),
    ):
        if any(word in spelled for word in words):
            return dimension
    return None


def _count(clause: Clause) -> Iterator[Asked]:
    for at, piece in enumerate(clause.pieces):
        if piece.kind is Kind.QUESTION and piece.value == "how_many":
            yield Asked(Operation.COUNT, by=_different(clause, at))
            return


def _different(clause: Clause, at: int) -> Dimension | None:
    """What is counted: different values of a noun, or None for lines."""
    word = clause.spelled(clause.pieces[at]).removeprefix("って")
    if word in _LINE_COUNTS:
        return None
    if word in _COUNTERS:
        return _COUNTERS[word]
    if is_japanese(word[0]):
        return _different_ja(clause, at, word)
    noun: Piece | None = None
    for piece in clause.pieces[at + 1 :]:
        if piece.kind in _NOUNS and (noun is None or noun.kind in _COUNTED or piece.kind is Kind.DIMENSION):
            noun = piece
        elif noun is not None or piece.kind not in {Kind.FILLER, Kind.SEVERAL, Kind.MOST, Kind.OUTCOME, Kind.JOIN}:
            break
    return _dimension(noun) if noun is not None and noun.kind in {Kind.DIMENSION, Kind.ATTACKER} else None


def _different_ja(clause: Clause, at: int, word: str) -> Dimension | None:
    """「IPはいくつ」「何種類のパス」「何人のユーザー」: the noun touches the counter, on either side."""
    after = [piece for piece in clause.pieces[at + 1 : at + 3] if piece.kind in _NOUNS]
    before = [piece for piece in clause.pieces[max(at - 4, 0) : at] if piece.kind in _NOUNS]
    noun = (
        after[0]
        if after and word in _PEOPLE | {"何種類", "何種", "何通り", "いくつ", "何個"}
        else before[-1]
        if before
        else None
    )
    if noun is not None and noun.kind in {Kind.DIMENSION, Kind.ATTACKER}:
        dimension = _dimension(noun)
        if dimension is Dimension.TYPE or word not in {
            "どれくらい",
            "どれぐらい",
            "どのくらい",
            "どのぐらい",
            "量",
            "どれだけ",
        }:
            return dimension
    if word in _PEOPLE:
        return Dimension.IP
    return Dimension.TYPE if word in {"何種類", "何種", "何通り"} else None


def _most(clause: Clause) -> Iterator[Asked]:
    if not clause.has(Kind.MOST):
        return
    values = clause.values
    if not values and clause.has(Kind.ATTACKER):
        values = [Dimension.IP]
    if not values and clause.asks("who", "where"):
        values = [Dimension.IP]
    if not values and clause.has(Kind.STATUS) and not clause.has(Kind.LINE):
        values = [Dimension.STATUS]
    if not values and clause.has(Kind.ATTACK):
        values = [Dimension.TYPE]
    if values:
        yield Asked(Operation.TOP, by=_of_interest(clause, values), limit=limit_of(clause))


def _of_interest(clause: Clause, values: Sequence[Dimension]) -> Dimension:
    """Of several nouns the one beside the superlative or the question word: "top 5 pages by address" asks for pages."""
    for at, piece in enumerate(clause.pieces):
        if piece.kind is Kind.MOST or (piece.kind is Kind.QUESTION and piece.value == "which"):
            following = [one for one in clause.pieces[at + 1 :] if one.kind is Kind.DIMENSION and one.value in values]
            if following:
                return Dimension(following[0].value)
    return values[-1]


def _ends(clause: Clause) -> Iterator[Asked]:
    """The first or last line, both when only asked when; "the first 10 lines" are lines."""
    first, last = clause.wants(Operation.FIRST), clause.wants(Operation.LAST)
    when = clause.asks("when", "how_long")
    if (first or last) and (limit_of(clause) or (clause.has(Kind.LINE) and not when and clause.asks("show"))):
        yield Asked(Operation.LINES, limit=limit_of(clause), newest=last and not first)
        return
    if first or (when and not last):
        yield Asked(Operation.FIRST)
    if last or (when and not first):
        yield Asked(Operation.LAST)


def _sources(clause: Clause) -> Iterator[Asked]:
    if clause.asks("where"):
        yield Asked(Operation.TOP, by=Dimension.IP, limit=limit_of(clause))


def _people(clause: Clause) -> Iterator[Asked]:
    if (
        not clause.asks("who")
        or clause.has(Kind.IP, Kind.AGENT)
        or (clause.has(Kind.USER) and not clause.has(Kind.ACTION))
    ):
        return
    by = Dimension.USER if clause.has(Kind.ACTION) and Dimension.IP not in clause.values else Dimension.IP
    yield Asked(Operation.TOP, by=by, limit=limit_of(clause))


def _lines(clause: Clause) -> Iterator[Asked]:
    newest = any("newest" in piece.values(Kind.MARK) for piece in clause.pieces)
    shown = clause.asks("show", "which") and not clause.values
    narrowed = clause.has(Kind.LINE, Kind.STATUS, Kind.ACTION, Kind.RAW, Kind.PARSE, Kind.METHOD)
    found = clause.wants(Operation.SEARCH) and clause.has(Kind.LINE, Kind.RAW)
    if clause.wants(Operation.LINES) or newest or (shown and narrowed) or found:
        yield Asked(Operation.LINES, limit=limit_of(clause), newest=newest)


def _outcome(clause: Clause) -> Iterator[Asked]:
    if clause.wants(Operation.OUTCOME) or clause.has(Kind.OUTCOME):
        yield Asked(Operation.OUTCOME)


def _listed(clause: Clause) -> Iterator[Asked]:
    """ "Which addresses", "list the users", 「どのページ」: the values, most lines first."""
    values = clause.values or ([Dimension.IP] if clause.has(Kind.ATTACKER) else [])
    listed = clause.asks("which", "show", "exists") or not clause.has(*_SUBJECTS, Kind.TIME)
    if values == [Dimension.TYPE] and not clause.has(Kind.GROUPED):
        return  # "what kinds of attacks" is the report
    if values and listed:
        yield Asked(Operation.TOP, by=_of_interest(clause, values), limit=limit_of(clause))


def _profile(clause: Clause) -> Iterator[Asked]:
    asks = clause.wants(Operation.PROFILE) or clause.asks("who", "which")
    if (
        clause.has(*_SUBJECTS)
        and asks
        and not clause.has(*_EVENTS)
        and not clause.has(Kind.LINE, Kind.ACTION, Kind.STATUS)
    ):
        yield Asked(Operation.PROFILE)


def _exists(clause: Clause) -> Iterator[Asked]:
    """Was there any: counted, so that nothing found is answered by how much was read."""
    narrowed = clause.has(Kind.TYPE, Kind.STATUS, Kind.ACTION, Kind.RAW, Kind.METHOD, Kind.LINE, Kind.URL, Kind.RULE)
    if clause.has(Kind.ATTACK, Kind.ATTACKER) and not clause.has(Kind.TYPE):
        return
    if narrowed and not clause.wants(Operation.REPORT) and not clause.wants(Operation.PROFILE):
        if clause.asks("exists") or not clause.has(Kind.TYPE):
            yield Asked(Operation.COUNT)


def _report(clause: Clause) -> Iterator[Asked]:
    wanted = clause.wants(Operation.REPORT) or clause.has(Kind.ATTACK, Kind.ATTACKER, Kind.TYPE)
    kinds = clause.values == [Dimension.TYPE] and clause.asks("which", "exists", "show")
    if wanted or kinds:
        yield Asked(Operation.REPORT)


def _bare(clause: Clause) -> Iterator[Asked]:
    """A name alone is a question about it; a dataset alone about what happened in it."""
    if clause.has(Kind.IP, Kind.USER, Kind.PATH):
        yield Asked(Operation.PROFILE)
    elif clause.has(Kind.DATASET, Kind.SOURCE):
        yield Asked(Operation.REPORT)
    elif clause.has(Kind.AGENT, Kind.URL):
        yield Asked(Operation.COUNT)


def _help(clause: Clause) -> Iterator[Asked]:
    if clause.wants(Operation.HELP):
        yield Asked(Operation.HELP)


_RULES: tuple[Callable[[Clause], Iterator[Asked]], ...] = (
    _respond, _explain, _search, _grouped, _timeline, _count, _coverage, _most, _ends, _sources, _people, _lines, _outcome,
    _profile, _listed, _exists, _report, _bare, _help,
)  # fmt: skip
