"""The result of an evaluation as plain rows and as one JSON value; None is "no data"."""

from dataclasses import dataclass

from eval.metrics import f1, ratio
from eval.scorers import CaseScore, TypeScore, merge

Row = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class EvalReport:
    """Scores of a suite, case by case; `rules_version` says which rules were measured."""

    suite: str
    rules_version: str
    cases: tuple[CaseScore, ...]

    def types(self) -> tuple[Row, ...]:
        """One row a type over all cases; types that occur nowhere have no row."""
        return tuple(_row("type", kind, _type_row(score)) for kind, score in merge(self.cases).items())

    def case_rows(self) -> tuple[Row, ...]:
        """One row a case: the same figures over all its types."""
        return tuple(_row("case", case.name, _whole_row((case,))) for case in self.cases)

    def totals(self) -> Row:
        """The figures of the whole suite."""
        return _row("cases", len(self.cases), _whole_row(self.cases))

    def confusion(self) -> tuple[Row, ...]:
        """Lines of one type that were (also) reported as another that does not count as right."""
        summed: dict[tuple[str, str], int] = {}
        for case in self.cases:
            for pair, lines in case.confusion.items():
                summed[pair] = summed.get(pair, 0) + lines
        return tuple({"true": true, "reported": said, "lines": n} for (true, said), n in sorted(summed.items()))

    def to_json(self) -> dict[str, object]:
        """The whole report as JSON-able values."""
        return {
            "suite": self.suite,
            "rules_version": self.rules_version,
            "totals": self.totals(),
            "types": list(self.types()),
            "confusion": list(self.confusion()),
            "cases": list(self.case_rows()),
        }


def _row(name: str, value: str | int, figures: Row) -> Row:
    return {name: value, **figures}


def _type_row(score: TypeScore) -> Row:
    return {
        "lines": score.truth,
        "found": score.found,
        "missed": score.missed,
        "wrongly_flagged": score.wrong,
        "confused": score.confused,
        "recall": ratio(score.found, score.truth),
    } | _shared_row(score)


def _whole_row(cases: tuple[CaseScore, ...]) -> Row:
    total = TypeScore()
    for score in merge(cases).values():
        total.add(score)
    lines, found = sum(case.attack_lines for case in cases), sum(case.found_lines for case in cases)
    benign, wrong = sum(case.benign_lines for case in cases), sum(case.wrong_lines for case in cases)
    return {
        "read": sum(case.lines for case in cases),
        "lines": lines,
        "found": found,
        "missed": lines - found,
        "benign": benign,
        "wrongly_flagged": wrong,
        "confused": total.confused,
        "recall": ratio(found, lines),
        "false_positive_rate": ratio(wrong, benign),
    } | _shared_row(total)


def _shared_row(score: TypeScore) -> Row:
    precision, recall = ratio(score.pairs_right, score.pairs_reported), ratio(score.pairs_found, score.pairs_truth)
    return {
        "pairs": score.pairs_truth,
        "pairs_reported": score.pairs_reported,
        "pair_precision": precision,
        "pair_recall": recall,
        "pair_f1": f1(precision, recall),
        "counts": score.counts_known,
        "counts_exact": ratio(score.counts_exact, score.counts_known),
        "count_ratio": ratio(score.count_got, score.count_expected),
        "outcomes": score.outcomes_known,
        "outcomes_right": ratio(score.outcomes_right, score.outcomes_known),
    }
