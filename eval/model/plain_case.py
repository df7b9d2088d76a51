"""A case of a suite opened for the bars: read and answered once, its raw lines read again in plain Python."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from answering.ask import ask
from answering.hit_lines import hit_lines
from answering.open_case import OpenCase
from core.answer import Answer
from core.key import split_keys
from core.report import Report
from core.selector import Selector
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from eval.dataset import Case
from eval.model.plain_line import plain_line
from eval.model.plain_truth import PlainCase
from eval.run import read_case
from stores.cases import Cases
from stores.lake import Lake

QUESTION = {"en": "What attacks happened?", "ja": "どんな攻撃がありましたか？"}


@dataclass(frozen=True)
class Opened:
    """A case, what the built-in analyst answers to `QUESTION`, and the lines as plain Python reads them."""

    name: str
    opened: OpenCase
    answer: Answer
    plain: PlainCase

    @property
    def report(self) -> Report:
        """The answer's report; empty of findings where the analyst found nothing."""
        return self.opened.report()


@contextmanager
def opened_case(case: Case, rules: RuleSet, scanner: Scanner, now: datetime, language: str = "en") -> Iterator[Opened]:
    """Read into a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="akashi-eval-") as folder:
        case_dir = Cases(Path(folder)).create("case")
        read_case(case, case_dir, scanner, now)
        with OpenCase(Lake.open(case_dir), rules, scanner, case=case.name, now=now) as opened:
            answer = ask(QUESTION[language], opened)
            yield Opened(case.name, opened, answer, plain_case(case, opened))


def plain_case(case: Case, opened: OpenCase) -> PlainCase:
    """Every line of the case's files; hits, outcomes and zones that no line names are the product's."""
    names = {source.number: source.name for source in opened.lake.sources}
    hits: dict[tuple[str, int], set[tuple[str, str]]] = {}
    found = hit_lines(opened.lake.hits(Selector()))
    for key, rule, kind in zip(found.keys.tolist(), found.rules.tolist(), found.types.tolist(), strict=True):
        source, line = split_keys(key)
        hits.setdefault((names[source], line), set()).add((found.rule_names[rule], found.type_names[kind]))
    zones = {source.name: _zone(source.zone) for source in opened.lake.sources}
    files = dict(case.files)
    return PlainCase(
        lines=tuple(
            plain_line(name, number, raw, zones[name], frozenset(hits.get((name, number), ())))
            for name in names.values()
            for number, raw in enumerate(_lines(files[name]), 1)
        ),
        files={source.id: source.name for source in opened.lake.sources},
        outcomes={one.type.value: one.outcome.value for one in opened.report().findings},
        offset=timedelta(seconds=opened.facts.offset_seconds),
    )


def _zone(name: str) -> timedelta:
    """What is told or assumed of the clocks of a file: east of UTC; every other name is taken for UTC."""
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", name)
    if found is None:
        return timedelta()
    east = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -east if found[1] == "-" else east


def _lines(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return data.removesuffix(b"\n").split(b"\n") if data else []
