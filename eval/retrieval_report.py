"""Retrieval's figures as plain rows and as one JSON value; None is "no data", never 0."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.report import Row
from eval.retrieval_measures import Measured, mean

OURS = "hybrid"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what each way of finding made of it; `relevant` chunks were there to be found by ours."""

    case: str
    text: str
    language: str
    hint: str
    type: str
    relevant: int
    ways: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Figures of a suite; `embedder` names what made the vectors; `skipped` incidents have no names to ask by."""

    suite: str
    embedder: str
    questions: tuple[Question, ...]
    skipped: int

    def totals(self) -> tuple[Row, ...]:
        """One row a way of finding."""
        return tuple(
            {"way": way, "questions": len(self.questions), **_figures(self.questions, way)} for way in self._ways()
        )

    def by(self, name: str, of: Callable[[Question], str]) -> tuple[Row, ...]:
        """One row a group of questions, in order of the groups: the figures of each way."""
        groups = {key: [one for one in self.questions if of(one) == key] for key in sorted(map(of, self.questions))}
        return tuple(self._group(name, key, found) for key, found in groups.items())

    def _group(self, name: str, key: str, found: Sequence[Question]) -> Row:
        row: Row = {name: key, "questions": len(found)}
        for way in self._ways():
            row |= {f"{way} {what}": value for what, value in _figures(found, way).items()}
        return row

    def tables(self) -> tuple[tuple[Row, ...], ...]:
        """All tables, the whole last."""
        return (
            self.by("type", lambda one: one.type),
            self.by("case", lambda one: one.case),
            self.by("language, hint", lambda one: f"{one.language} {one.hint}"),
            self.totals(),
        )

    def missed(self) -> tuple[Row, ...]:
        """Questions whose first places could hold more that is relevant, worst first."""
        found = [one for one in self.questions if one.ways[OURS].recall not in {None, 1.0}]
        found.sort(key=lambda one: (one.ways[OURS].recall or 0.0, one.case, one.text))
        return tuple(
            {"recall": one.ways[OURS].recall, "relevant": one.relevant, "case": one.case, "question": one.text}
            for one in found
        )

    def to_json(self) -> dict[str, object]:
        """The whole report as JSON-able values."""
        types, cases, kinds, totals = (list(table) for table in self.tables())
        return {
            "suite": self.suite,
            "embedder": self.embedder,
            "skipped_incidents": self.skipped,
            "totals": totals,
            "languages": kinds,
            "types": types,
            "cases": cases,
            "missed": list(self.missed()),
        }

    def _ways(self) -> Iterable[str]:
        return self.questions[0].ways if self.questions else ()


def _figures(questions: Iterable[Question], way: str) -> Row:
    found = [one.ways[way] for one in questions]
    return {"recall@10": mean([one.recall for one in found]), "nDCG@10": mean([one.ndcg for one in found])}
