"""The result of an evaluation as plain rows and as one JSON value; None is "no data"."""

from collections.abc import Mapping
from dataclasses import dataclass

from eval.confusion import BENIGN, NONE, Confusion, summed
from eval.metrics import f1, per_thousand, ratio
from eval.scorers import CaseScore, TypeScore, merge

Row = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class EvalReport:
    """Scores of a suite, case by case; `rules_version` says which rules were measured."""

    suite: str
    rules_version: str
    cases: tuple[CaseScore, ...]

    def types(self) -> tuple[Row, ...]:
        """One row a type over all cases; types that occur nowhere have no row."""
        benign = sum(case.benign_lines for case in self.cases)
        return tuple(_row("type", kind, _type_row(score, benign)) for kind, score in merge(self.cases).items())

    def case_rows(self) -> tuple[Row, ...]:
        """One row a case: the same figures over all its types."""
        return tuple(_row("case", case.name, _whole_row((case,))) for case in self.cases)

    def totals(self) -> Row:
        """The figures of the whole suite."""
        return _row("cases", len(self.cases), _whole_row(self.cases))

    def confusion(self) -> tuple[Row, ...]:
        """Lines per true type (rows of the table) and reported type (its columns); `right` where both agree."""
        cells = summed(case.confusion for case in self.cases)
        return tuple(
            {"true": true, "reported": said, "lines": lines, "right": said == (NONE if true == BENIGN else true)}
            for (true, said), lines in cells.items()
        )

    def confusion_table(self) -> tuple[Row, ...]:
        """The same as a table to look at: true types downwards, and the same types by number from left to right."""
        cells = summed(case.confusion for case in self.cases)
        names = sorted({name for pair in cells for name in pair} - {BENIGN, NONE})
        columns = {name: str(number) for number, name in enumerate(names, 1)} | {NONE: NONE}
        rows = ((f"{columns.get(true, '')} {true}".strip(), true) for true in (*names, BENIGN))
        return tuple(_matrix_row(title, true, cells, columns) for title, true in rows)

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


def _matrix_row(title: str, true: str, cells: Confusion, columns: Mapping[str, str]) -> Row:
    row: Row = {"true \\ reported": title}
    for said, head in columns.items():
        row[head] = cells.get((true, said), "")
    return row


def _row(name: str, value: str | int, figures: Row) -> Row:
    return {name: value, **figures}


def _type_row(score: TypeScore, benign: int) -> Row:
    return {
        "lines": score.truth,
        "found": score.found,
        "missed": score.missed,
        "wrongly_flagged": score.wrong,
        "wrong_in_1000_benign": per_thousand(score.wrong, benign),
        "extra": score.extra,
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
        "wrong_in_1000_benign": per_thousand(wrong, benign),
        "extra": total.extra,
        "confused": total.confused,
        "recall": ratio(found, lines),
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
