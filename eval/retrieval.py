"""Retrieval measured: every labelled incident asked for in both languages, four ways side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from answering.case_facts import offset_of
from answering.open_case import OpenCase
from core.event import IP, TIME
from core.key import join_keys, split_keys
from core.line import LineRef
from core.plan import EVERYTHING
from core.taxonomy import AttackType
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from eval.dataset import Case, FileLine, load_cases
from eval.retrieval_measures import K, by_chance, measure
from eval.retrieval_naive import NaiveChunks
from eval.retrieval_questions import Asked, Line, questions_about
from eval.retrieval_report import OURS, Question, RetrievalReport
from eval.run import read_case
from ingestion.index import index_case
from retrieval.search import Members, chunks_of, search_shapes
from stores.cases import Cases
from stores.chunk_columns import Picked
from stores.chunks import ChunkStore
from stores.embedding import Embedder
from stores.index import open_index
from stores.index.protocol import VectorIndex
from stores.lake import Lake

Keys = Mapping[FileLine, int]
"""The key of each labelled line."""


def evaluate_retrieval(
    path: Path,
    rules: RuleSet,
    embedder: Embedder,
    *,
    now: datetime,
    on_case: Callable[[str, int, int], None] = lambda *_: None,
) -> RetrievalReport:
    """Ask for the incidents of one case or a folder of cases; `on_case` as in `eval.run.evaluate`, which raises alike.

    Each case is read and indexed as the product does it, in a folder of its own.
    """
    cases = load_cases(path)
    scanner = Scanner(rules)
    questions: list[Question] = []
    for place, case in enumerate(cases):
        on_case(case.name, place, len(cases))
        if case.truth.incidents:
            questions.extend(_ask_case(case, rules, scanner, embedder, now))
    nameless = [one for case in cases for one in case.truth.incidents if one.type not in set(AttackType)]
    return RetrievalReport(path.resolve().name, embedder.name, tuple(questions), len(nameless))


class CaseAsked:
    """An indexed case with the ways of finding that are compared, and the chunks that hold each line."""

    def __init__(self, lake: Lake, store: ChunkStore, index: VectorIndex, embedder: Embedder) -> None:
        self._store, self._index, self._embedder = store, index, embedder
        self._naive = NaiveChunks(lake, embedder)
        self._of = {key: name for name, keys in store.lines() for key in keys.tolist()}

    def measured(self, asked: Asked, keys: Keys, case: str) -> Question:
        """One question, asked every way."""
        relevant, neutral = (frozenset(keys[ref] for ref in refs) for refs in (asked.relevant, asked.neutral))
        mine = frozenset(self._of[key] for key in relevant)
        right = frozenset(self._of[key] for key in neutral) - mine
        plain = self._naive.holding(relevant)
        ways = {way: measure(ranking, mine, right) for way, ranking in self._rankings(asked, K + len(right))}
        beside = self._naive.holding(neutral) - plain
        ways["naive"] = measure(self._naive.rank(asked.text, K + len(beside)), plain, beside)
        ways["chance"] = by_chance(len(mine), len(self._store) - len(right))
        ways["naive chance"] = by_chance(len(plain), len(self._naive) - len(beside))
        return Question(case, asked.text, asked.language, str(asked.hint), asked.type, len(mine), ways)

    def _rankings(self, asked: Asked, k: int) -> Iterator[tuple[str, list[str]]]:
        picked = Picked(asked.selector.ips, asked.selector.since, asked.selector.until)
        fused = search_shapes(self._index, self._store, self._embedder, asked.text, picked)
        for way, shapes in (
            (OURS, [one.id for one in fused]),
            ("dense", _by_rank((one.ranks[0], one.id) for one in fused)),
            ("keyword", _by_rank((one.ranks[1], one.id) for one in fused)),
        ):
            yield way, list(islice(chunks_of(Members(self._store, picked, k), shapes, k), k))


def _by_rank(found: Iterable[tuple[int | None, str]]) -> list[str]:
    return [name for _, name in sorted((rank, name) for rank, name in found if rank is not None)]


def _ask_case(case: Case, rules: RuleSet, scanner: Scanner, embedder: Embedder, now: datetime) -> Iterator[Question]:
    with TemporaryDirectory(prefix="akashi-eval-") as folder:
        case_dir = Cases(Path(folder)).create("case")
        files = read_case(case, case_dir, scanner, now)
        numbers = {name: number for number, names in files.items() for name in names}
        refs = sorted({ref for one in case.truth.incidents for ref in one.refs()})
        keys = {(name, line): join_keys(numbers[name], line) for name, line in refs}
        with ExitStack() as opened:
            case_open = opened.enter_context(OpenCase.open(case_dir, rules, scanner, case=case.name, now=now))
            lake = case_open.lake
            index_case(case_dir, lake, lake.hits(EVERYTHING), rules.version, embedder)
            store = opened.enter_context(ChunkStore.open(case_dir))
            index = opened.enter_context(closing(open_index(case_dir, embedder)))
            asked = CaseAsked(lake, store, index, embedder)
            for one in questions_about(case.truth, _lines(lake, keys), offset_of(lake.sources)):
                yield asked.measured(one, keys, case.name)


def _lines(lake: Lake, keys: Keys) -> dict[FileLine, Line]:
    """Address and time of the labelled lines."""
    ids = {source.number: source.id for source in lake.sources}
    table = lake.events([LineRef(ids[number], line) for number, line in map(split_keys, keys.values())], (IP, TIME))
    said = zip(keys, table.column(IP).to_pylist(), table.column(TIME).to_pylist(), strict=True)
    return {ref: Line(ip, None if time is None else time.replace(tzinfo=UTC)) for ref, ip, time in said}
