"""Questions for values: how many different ones, the most frequent, by what, over time."""

from collections.abc import Iterator, Sequence

from core.dimension import SECONDS, Dimension
from core.plan import Operation
from retrieval.plan.clause import EVENTS, SUBJECTS, Asked, Clause, limit_of
from retrieval.plan.fold import is_japanese
from retrieval.plan.piece import Kind, Piece

_COUNTED = frozenset({Kind.LINE, Kind.STATUS, Kind.ACTION, Kind.TYPE, Kind.ATTACK, Kind.METHOD})
_NOUNS = _COUNTED | {Kind.DIMENSION, Kind.ATTACKER}
_LINE_COUNTS = frozenset({
    "何件", "何回", "件数", "何行", "回数", "行数", "何度", "何リクエスト", "how often", "how many times",
    "how frequently",
})  # fmt: skip
_WHO_WAS = frozenset({"who is", "who was", "who's"})
_BY_NUMBER = frozenset({"number of", "count", "件数", "回数", "数", "の数", "volume", "total number", "amount of"})
_PEOPLE = frozenset({"何人", "何名", "人数"})
_KINDS = frozenset({"何種類", "何種", "何通り"})
_AMOUNTS = frozenset({"どれくらい", "どれぐらい", "どのくらい", "どのぐらい", "量", "どれだけ"})
_BREAKDOWNS = frozenset({"breakdown", "breakdown of", "内訳", "distribution", "分布", "の内訳", "内訳を"})
_COUNTERS = {
    "何ip": Dimension.IP, "何アドレス": Dimension.IP, "何ユーザー": Dimension.USER, "何アカウント": Dimension.USER,
    "何ページ": Dimension.PATH,
}  # fmt: skip


def grouped(clause: Clause) -> Iterator[Asked]:
    """ "Per address", 「IPごと」, "requests by hour"."""
    for at, piece in enumerate(clause.pieces):
        if piece.kind is not Kind.GROUPED:
            continue
        japanese = is_japanese(clause.spelled(piece)[0])
        near = [at - 1, at - 2, at + 1, at + 2] if japanese else [at + 1, at + 2, at - 1]
        for other in near:
            valued = clause.pieces[other : other + 1] and clause.pieces[other].kind is Kind.STATUS
            if not japanese and valued and clause.others:
                return  # "top address by status 400" asks for addresses
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
            yield _by(Dimension.TYPE if clause.has(*EVENTS) else Dimension.STATUS, clause)
            return


def _dimension(piece: Piece) -> Dimension:
    return {Kind.ATTACKER: Dimension.IP, Kind.STATUS: Dimension.STATUS}.get(piece.kind) or Dimension(piece.value)


def _by(dimension: Dimension, clause: Clause) -> Asked:
    if dimension in SECONDS:
        return Asked(Operation.TIMELINE, by=dimension)
    return Asked(Operation.TOP, by=dimension, limit=limit_of(clause))


def timeline(clause: Clause) -> Iterator[Asked]:
    """Over time, by the stretch named, if one is."""
    stretches = [one for one in clause.dimensions() if one in SECONDS]
    spelled = " ".join(clause.spelled(piece) for piece in clause.of(Kind.OPERATION))
    units = any("単位" in clause.spelled(piece) for piece in clause.of(Kind.DIMENSION))
    if clause.wants(Operation.TIMELINE) or (stretches and (units or clause.has(Kind.MOST) or clause.asks("which"))):
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


def count(clause: Clause) -> Iterator[Asked]:
    """How many lines, or different values of a noun."""
    for at, piece in enumerate(clause.pieces):
        if piece.kind is Kind.QUESTION and piece.value == "how_many":
            if clause.spelled(piece) in _BY_NUMBER:
                if clause.has(Kind.MOST):
                    return  # "ranked by number of lines" asks for what is ranked
                if clause.values == [Dimension.TYPE] and clause.has(Kind.JOIN):
                    yield Asked(Operation.REPORT)  # "kinds and numbers of attacks"
                    return
            yield Asked(Operation.COUNT, by=_different(clause, at))
            return
    if clause.has(Kind.SEVERAL) and clause.values and not clause.has(Kind.MOST) and not clause.asks("which", "show"):
        yield Asked(Operation.COUNT, by=clause.values[-1])  # "distinct addresses"


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
    if noun is None and at and clause.pieces[at - 1].kind in {Kind.DIMENSION, Kind.ATTACKER}:
        noun = clause.pieces[at - 1]  # "attacker count"
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
    if word in {"何種類", "何種", "何通り", "種類数"}:
        return Dimension.TYPE
    return clause.values[-1] if clause.has(Kind.SEVERAL) and clause.values else None


def most(clause: Clause) -> Iterator[Asked]:
    """The most frequent values of a noun: "top 5 attackers", 「一番多いIP」."""
    values = clause.values
    if not clause.has(Kind.MOST) or (not values and clause.wants(Operation.FIRST, Operation.LAST)):
        return
    if not values and clause.has(Kind.ATTACKER):
        values = [Dimension.IP]
    if not values and clause.asks("who", "where"):
        values = [Dimension.IP]
    if not values and clause.has(Kind.STATUS) and not clause.has(Kind.LINE):
        values = [Dimension.STATUS]
    if not values and clause.has(Kind.ATTACK) and not clause.asks("how_many"):
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


def sources(clause: Clause) -> Iterator[Asked]:
    """From where: the addresses."""
    if clause.asks("where"):
        yield Asked(Operation.TOP, by=Dimension.IP, limit=limit_of(clause))


def people(clause: Clause) -> Iterator[Asked]:
    """Who: the users of logins, else the addresses; "who is 203.0.113.7" is no such question."""
    known = clause.has(Kind.IP, Kind.AGENT) or (clause.has(Kind.USER) and not clause.has(Kind.ACTION))
    was = any(clause.spelled(piece) in _WHO_WAS for piece in clause.of(Kind.OPERATION)) and clause.has(*EVENTS)
    if known or not (was or clause.asks("who")):
        return
    by = Dimension.USER if clause.has(Kind.ACTION) and Dimension.IP not in clause.values else Dimension.IP
    yield Asked(Operation.TOP, by=by, limit=limit_of(clause))


def _ends_in(clause: Clause, values: Sequence[Dimension]) -> bool:
    """「Xを使っていたIPは?」: the noun that comes last is what is asked for."""
    named = [piece for piece in clause.pieces if piece.kind not in {Kind.FILLER, Kind.BREAK, Kind.FOLLOW}]
    return bool(named) and named[-1].kind is Kind.DIMENSION and Dimension(named[-1].value) in values


def listed(clause: Clause) -> Iterator[Asked]:
    """ "Which addresses", "list the users", 「どのページ」: the values, most lines first."""
    values = clause.others or ([Dimension.IP] if clause.has(Kind.ATTACKER) and not clause.values else [])
    whether = clause.asks("exists") or clause.yes_or_no
    listed = (
        clause.asks("which", "show")
        or _ends_in(clause, values)
        or not (whether and clause.has(*SUBJECTS, Kind.RAW, Kind.STATUS))
    )
    if values == [Dimension.TYPE] and not clause.has(Kind.GROUPED):
        return  # "what kinds of attacks" is the report
    if values and listed:
        yield Asked(Operation.TOP, by=_of_interest(clause, values), limit=limit_of(clause))
