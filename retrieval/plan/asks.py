"""What a clause asks: the operations, in the order of one table whose first rule that holds decides."""

from collections.abc import Callable, Iterator

from core.dimension import Dimension
from core.plan import Operation
from retrieval.plan.clause import EVENTS, SUBJECTS, Asked, Clause, limit_of
from retrieval.plan.piece import Kind, Piece
from retrieval.plan.values import count, grouped, listed, most, people, sources, timeline

_WEAK_SEARCH = frozenset({
    "search", "search for", "look for", "find", "検索", "探して", "探す", "さがして", "関連", "周辺", "に関する",
    "に関連する", "related to", "having to do with",
})  # fmt: skip
_NARROWED = frozenset({
    Kind.TYPE, Kind.STATUS, Kind.ACTION, Kind.RAW, Kind.METHOD, Kind.LINE, Kind.URL, Kind.RULE,
})  # fmt: skip
_WEAK_REPORT = frozenset({
    "確認", "チェック", "調べ", "調査", "見て", "check", "look at", "look into", "inspect", "examine",
})  # fmt: skip
_QUOTING = frozenset({Kind.RAW, Kind.UNKNOWN, Kind.JOIN, Kind.FILLER, Kind.NUMBER})
_ATTACK_LINES = frozenset({"attack line", "attack request", "malicious line", "攻撃行", "攻撃リクエスト"})
_WEAK_EXPLAIN = frozenset({
    "what is", "what's", "what are", "explain", "describe", "説明", "解説", "works", "根拠", "reason",
})  # fmt: skip


def asked(clause: Clause) -> tuple[Asked, ...]:
    """The operations a clause asks for; empty when it only narrows."""
    for rule in _RULES:
        found = tuple(rule(clause))
        if found:
            return found
    return ()


def _respond(clause: Clause) -> Iterator[Asked]:
    if clause.wants(Operation.RESPOND):
        yield Asked(Operation.RESPOND)


def _coverage(clause: Clause) -> Iterator[Asked]:
    counted = clause.asks("how_many", "show") or clause.wants(Operation.LINES)
    spelled = [clause.spelled(piece) for piece in clause.of(Kind.OPERATION) if piece.value == Operation.COVERAGE]
    if clause.asks("how_many") and all("read" in word or "読" in word or "取り込" in word for word in spelled):
        return  # "how many lines did you read" counts them
    if spelled or (clause.has(Kind.PARSE) and not counted):
        yield Asked(Operation.COVERAGE)


def _explain(clause: Clause) -> Iterator[Asked]:
    """ "What is XSS", "why is this an attack"; "what is the top address" is no such question."""
    if not clause.wants(Operation.EXPLAIN):
        return
    spelled = {clause.spelled(piece) for piece in clause.of(Kind.OPERATION) if piece.value == Operation.EXPLAIN}
    codes = clause.of(Kind.TYPE, Kind.CODE, Kind.RULE, Kind.STATUS, Kind.OUTCOME)
    named = clause.has(Kind.MOST, Kind.GROUPED, Kind.DIMENSION, Kind.TIME, Kind.IP, Kind.USER)
    others = named or clause.asks("how_many", "when", "where") or clause.wants(Operation.FIRST, Operation.LAST)
    if spelled <= _WEAK_EXPLAIN and (not codes or others):
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
    if not unknown and (spelled <= _WEAK_SEARCH or clause.has(*EVENTS)):
        return
    yield Asked(
        Operation.SEARCH, words=" ".join(clause.spelled(piece) for piece in unknown) or " ".join(sorted(spelled))
    )


def _ends(clause: Clause) -> Iterator[Asked]:
    """The first or last line, both when only asked when; "the first 10 lines" are lines."""
    first, last = clause.wants(Operation.FIRST), clause.wants(Operation.LAST)
    when = clause.asks("when", "how_long")
    if (first or last) and (limit_of(clause) or (clause.has(Kind.LINE) and not when and clause.asks("show"))):
        yield Asked(Operation.LINES, limit=limit_of(clause), newest=last and not first)
        return
    whole = clause.asks("how_long") or (when and first == last)
    if first or whole:
        yield Asked(Operation.FIRST)
    if last or whole:
        yield Asked(Operation.LAST)


def _lines(clause: Clause) -> Iterator[Asked]:
    newest = any("newest" in piece.values(Kind.MARK) for piece in clause.pieces)
    shown = clause.asks("show", "which") and not clause.values
    narrowed = clause.has(Kind.LINE, Kind.STATUS, Kind.ACTION, Kind.RAW, Kind.PARSE, Kind.METHOD)
    words = {clause.spelled(piece) for piece in clause.of(Kind.FILLER)}
    logs = words & {"log", "logs", "ログ", "the logs"} and clause.asks("show") and not clause.wants(Operation.REPORT)
    found = clause.wants(Operation.SEARCH) and clause.has(Kind.LINE, Kind.RAW)
    shown = shown or any("show" in clause.spelled(piece) for piece in clause.of(Kind.FOLLOW))
    if clause.wants(Operation.LINES) or newest or (shown and narrowed) or found or logs:
        yield Asked(Operation.LINES, limit=limit_of(clause), newest=newest)


def _outcome(clause: Clause) -> Iterator[Asked]:
    if clause.wants(Operation.OUTCOME) or (clause.has(Kind.OUTCOME) and not _values_of_outcome(clause)):
        yield Asked(Operation.OUTCOME)


def _values_of_outcome(clause: Clause) -> bool:
    """ "Which addresses succeeded", 「成功したIP」: the values are asked for, not the outcome."""
    if not clause.others or clause.yes_or_no:
        return False
    ends = [at for at, piece in enumerate(clause.pieces) if piece.kind is Kind.OUTCOME]
    behind = any(piece.kind is Kind.DIMENSION for piece in clause.pieces[ends[0] :])
    return behind or clause.asks("which", "show")


def _profile(clause: Clause) -> Iterator[Asked]:
    asks = clause.wants(Operation.PROFILE) or (clause.asks("who", "which") and not clause.others)
    if asks and clause.has(*SUBJECTS) and not clause.has(*EVENTS, Kind.LINE, Kind.ACTION, Kind.STATUS):
        yield Asked(Operation.PROFILE)


def _exists(clause: Clause) -> Iterator[Asked]:
    """Was there any: counted, so that nothing found is answered by how much was read."""
    asks = clause.asks("exists") or clause.yes_or_no
    narrowed = clause.has(*_NARROWED) or (asks and clause.has(Kind.PATH, Kind.IP, Kind.USER))
    if {piece.kind for piece in clause.pieces} <= _QUOTING:
        return  # quotation marks alone ask nothing
    if clause.has(Kind.ATTACK, Kind.ATTACKER) and not clause.has(Kind.TYPE):
        if any(clause.spelled(piece).removesuffix("s") in _ATTACK_LINES for piece in clause.of(Kind.ATTACK)):
            yield Asked(Operation.COUNT)
        return
    strong = [one for one in clause.of(Kind.OPERATION) if clause.spelled(one) not in _WEAK_REPORT]
    told = any(one.value in {Operation.REPORT, Operation.PROFILE} for one in strong)
    if narrowed and not told and (asks or not clause.has(Kind.TYPE)):
        yield Asked(Operation.COUNT)


def _report(clause: Clause) -> Iterator[Asked]:
    wanted = clause.wants(Operation.REPORT) or clause.has(Kind.ATTACK, Kind.ATTACKER, Kind.TYPE)
    if clause.has(Kind.MOST) and clause.asks("how_many"):
        return  # 「件数が多い順に、…」 only ranks what another clause asks for
    if clause.wants(Operation.REPORT) and clause.has(Kind.PATH, Kind.URL) and not clause.has(*EVENTS):
        yield Asked(Operation.PROFILE)
    elif wanted or clause.values == [Dimension.TYPE]:
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
    _respond, _explain, _search, _coverage, grouped, timeline, count, most, _ends, sources, people, _lines, _outcome,
    _profile, listed, _exists, _report, _bare, _help,
)  # fmt: skip
