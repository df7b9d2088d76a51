"""Run a suite: each case through the production pipeline into a lake of its own, then score the report."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from answering.hit_lines import NO_VALUE, HitLines, hit_lines
from answering.pipeline import investigate
from core.errors import InputError
from core.key import split_keys
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType
from detection.ruleset import RuleSet
from detection.scanner import Scanner
from eval.dataset import Case, load_cases
from eval.flagged import Flagged, Reported
from eval.report import EvalReport
from eval.scorers import CaseScore, score_case
from ingestion.fetch.expand import expand
from ingestion.pipeline import Ingested, Options, ingest
from stores.cases import Cases
from stores.lake import Lake

FilesOf = Mapping[int, tuple[str, ...]]
"""File names under `logs/` of each source number; identical files are one source."""


def evaluate(
    path: Path, rules: RuleSet, *, now: datetime, on_case: Callable[[str, int, int], None] = lambda *_: None
) -> EvalReport:
    """Measure one case or a folder of cases; `on_case` hears (name, index from 0, number of cases) before each.

    The truth's `format` is not handed to the pipeline: finding it out is part of what is measured.
    Raises InputError (`unknown_path`, `no_case`, `case_without_logs`, `case_unreadable`) or ContentError (`bad_truth`).
    """
    cases = load_cases(path)
    scanner = Scanner(rules)
    scores = []
    for index, case in enumerate(cases):
        on_case(case.name, index, len(cases))
        scores.append(_evaluate_case(case, rules, scanner, now))
    return EvalReport(path.resolve().name, rules.version, tuple(scores))


def _evaluate_case(case: Case, rules: RuleSet, scanner: Scanner, now: datetime) -> CaseScore:
    with TemporaryDirectory(prefix="akashi-eval-") as folder:
        case_dir = Cases(Path(folder)).create("case")
        files = read_case(case, case_dir, scanner, now)
        with Lake.open(case_dir) as lake:
            report = investigate(lake, rules, scanner, case=case.name, now=now)
            return score_case(case.name, case.truth, _reported(lake, report, files))


def read_case(case: Case, case_dir: Path, scanner: Scanner, now: datetime) -> FilesOf:
    """Read the case's files one by one into a lake, so that every source is known by its name in the truth."""
    files: dict[int, tuple[str, ...]] = {}
    for name, path in case.files:
        with expand([path]) as found:
            for refusal in found.refusals:
                raise InputError("case_unreadable", case=case.name, file=name, problem=refusal.code)
            for one in ingest(case_dir, found.inputs, scanner, Options(), now).inputs:
                _refuse_failed(one, case.name, name)
                if one.source is not None:
                    files[one.source.number] = (*files.get(one.source.number, ()), name)
    return files


def _refuse_failed(one: Ingested, case: str, name: str) -> None:
    if one.error is not None:
        raise InputError("case_unreadable", case=case, file=name, problem=one.error.code) from one.error


def _reported(lake: Lake, report: Report, files: FilesOf) -> Reported:
    """What the report says, line by line; the report's types only."""
    kinds = {finding.type for finding in report.findings}
    flagged = tuple(_flagged(hit_lines(lake.hits(Selector())), files, kinds))
    lines = sum(source.accounting.lines * len(files.get(source.number, ())) for source in lake.sources)
    return Reported(flagged, {finding.type: finding.outcome for finding in report.findings}, lines)


def _flagged(hits: HitLines, files: FilesOf, kinds: set[AttackType]) -> Iterator[Flagged]:
    for kind in sorted(kinds):
        lines = hits.of_type(kind).distinct()
        for key, ip in zip(lines.keys.tolist(), lines.ips.tolist(), strict=True):
            address = None if ip == NO_VALUE else lines.ip_names[ip]
            source, line = split_keys(key)
            for name in files[source]:
                yield Flagged((name, line), kind, address)
