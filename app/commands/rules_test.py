"""`akashi rules test`: every rule's sample lines through the whole pipeline, and what every rule costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.commands.options import (
    DataDir,
    Exit,
    Json,
    Language,
    RulesDir,
    complain,
    error_facts,
    plain_console,
    refusals,
    say,
)
from app.commands.rules_cost import micros_per_line
from app.commands.rules_lines import lake_of
from app.i18n import error_text, number, text
from app.inert import inert
from app.reading import Engine, engine, rules_folder
from app.render.json import dumps
from core.errors import AkashiError
from core.event import LINE, SOURCE
from core.selector import Selector
from detection.rule import Rule
from detection.ruleset import BUILT_IN_FOLDERS, RuleSet, load_rules
from detection.scanner import Scanner
from detection.stored import records_of

Files = Annotated[
    list[Path] | None, typer.Argument(help="Rule files or folders to try beside the others.", show_default=False)
]
Cost = Annotated[bool, typer.Option("--cost", help="Measure what each rule costs a line (some seconds more).")]


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one rule's samples; `micros` is its own mean time for a line, over the samples of all rules."""

    rule: Rule
    wrong: tuple[tuple[str, bool], ...]
    micros: float | None = None


@refusals
def prove_rules(
    files: Files = None,
    *,
    data_dir: DataDir,
    lang: Language,
    cost: Cost = False,
    rules_dir: RulesDir = None,
    as_json: Json = False,
) -> None:
    """Send every rule's sample lines through the whole pipeline: the firing ones must fire, the silent ones not.

    Of FILES, each that is refused is named, and the others are tried beside the built-in rules and yours.
    """
    folder = rules_folder(data_dir, rules_dir)
    accepted, refused = _accepted(files or [])
    known = _engine(folder, accepted) if accepted else engine(folder)
    origins = frozenset(map(str, accepted))
    chosen = [rule for rule in known.rules.rules if not files or rule.origin in origins]
    proofs = _proofs(known, chosen, cost=cost)
    if as_json:
        say(dumps(_facts(known.rules, proofs, refused, lang)))
    else:
        _print(known.rules, proofs, refused, lang)
    if refused or any(proof.wrong for proof in proofs):
        raise typer.Exit(Exit.REFUSED)


def _accepted(paths: Sequence[Path]) -> tuple[list[Path], list[AkashiError]]:
    """The files that are good rules by themselves, and why the others are not."""
    endings = {".toml", ".yml", ".yaml"}
    files = [
        file
        for path in paths
        for file in (sorted(one for one in path.rglob("*") if one.suffix in endings) if path.is_dir() else [path])
    ]
    accepted: list[Path] = []
    refused: list[AkashiError] = []
    for file in files:
        try:
            Scanner(load_rules(file))
        except AkashiError as error:
            refused.append(error)
        else:
            accepted.append(file)
    return accepted, refused


def _engine(folder: Path | None, files: Sequence[Path]) -> Engine:
    rules = load_rules(*BUILT_IN_FOLDERS, *([folder] if folder is not None else []), *files)
    return Engine(rules, Scanner(rules))


def _proofs(known: Engine, rules: Sequence[Rule], *, cost: bool) -> list[Proof]:
    sampled = known.rules.rules if cost else rules  # what a rule costs shows on the lines of all
    samples = [(rule, line, fires) for rule in sampled for lines, fires in _samples(rule) for line in lines]
    lines = [line.encode("utf-8", "surrogateescape") for _, line, _ in samples]
    with lake_of(lines, known.scanner) as (lake, places):
        rows = lake.hits(Selector()).select([SOURCE, LINE, "rule.id"]).to_pylist()
        scanned = records_of(lake.page(Selector(), limit=len(places)))
    fired = {(places[row[SOURCE], row[LINE]], row["rule.id"]) for row in rows}
    wrong: dict[str, list[tuple[str, bool]]] = {}
    for place, (rule, line, fires) in enumerate(samples):
        if ((place, rule.id) in fired) is not fires:
            wrong.setdefault(rule.id, []).append((line, fires))
    if not cost:
        return [Proof(rule, tuple(wrong.get(rule.id, ()))) for rule in rules]
    costs = micros_per_line(rules, scanned)
    return [Proof(rule, tuple(wrong.get(rule.id, ())), micros) for rule, micros in zip(rules, costs, strict=True)]


def _samples(rule: Rule) -> tuple[tuple[tuple[str, ...], bool], ...]:
    return (rule.fires, True), (rule.silent, False)


def _cost(proof: Proof, whole: float) -> dict[str, object]:
    if proof.micros is None:
        return {}
    return {"micros_per_line": round(proof.micros, 3), "share": round(proof.micros / whole, 4)}


def _facts(rules: RuleSet, proofs: Sequence[Proof], refused: Sequence[AkashiError], lang: str) -> dict[str, object]:
    whole = sum(proof.micros or 0.0 for proof in proofs)
    return {
        "version": rules.version,
        "rules": [
            {
                "rule": proof.rule.id,
                "origin": proof.rule.origin,
                "attack": list(proof.rule.attack),
                "fires": len(proof.rule.fires),
                "silent": len(proof.rule.silent),
                "wrong": len(proof.wrong),
            }
            | _cost(proof, whole)
            for proof in proofs
        ],
        "wrong": [
            {"rule": proof.rule.id, "line": line, "should_fire": fires}
            for proof in proofs
            for line, fires in proof.wrong
        ],
        "refused": [error_facts(error, lang) for error in refused],
    }


def _print(rules: RuleSet, proofs: Sequence[Proof], refused: Sequence[AkashiError], lang: str) -> None:
    whole = sum(proof.micros or 0.0 for proof in proofs)
    table = Table(box=None)
    measured = ("rules.micros", "rules.share") if whole else ()
    for key in ("report.rule", "rules.fires", "rules.silent", "rules.wrong", *measured):
        table.add_column(text(key, lang), justify="left" if key == "report.rule" else "right", no_wrap=True)
    for proof in proofs:
        counts = (len(proof.rule.fires), len(proof.rule.silent), len(proof.wrong))
        taken = (f"{proof.micros:.2f}", f"{proof.micros / whole:.1%}") if proof.micros is not None else ()
        table.add_row(Text(proof.rule.id), *(Text(str(count)) for count in counts), *taken)
    plain_console().print(table)
    for proof in proofs:
        for line, fires in proof.wrong:
            say(f"{proof.rule.id}: {text('rules.should_fire' if fires else 'rules.should_not', lang)}: {inert(line)}")
    for error in refused:
        complain(error_text(error, lang))
    samples = sum(len(proof.rule.fires) + len(proof.rule.silent) for proof in proofs)
    counted = {"rules": len(proofs), "behaviours": len(rules.behaviours), "samples": samples}
    wrong = sum(len(proof.wrong) for proof in proofs)
    facts = {name: number(value) for name, value in counted.items()}
    say(text("cli.rules_wrong" if wrong else "cli.rules_ok", lang, wrong=number(wrong), **facts))
