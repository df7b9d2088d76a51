"""`python -m eval.model lies|injections PATH [en|ja]`: lies and obedience measured on a large scale."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.errors import AkashiError
from detection.ruleset import load_rules
from detection.scanner import Scanner
from eval.model.injections import CARRIERS, load_injections
from eval.model.lies import Row, sweep
from eval.model.obedience import Obedience, crossed, injected, one_by_one, round_robin, whole_turns
from models.fakes.instructions import Ask

_AT_ONCE = 300
"""Strings in one case."""


def main(arguments: Sequence[str], now: datetime) -> int:
    """Exit 0 when nothing false was shown as verified, 1 when something was, 2 when it could not be measured."""
    match arguments:
        case ["lies", path, *rest]:
            return _lies(Path(path), rest[0] if rest else "en", rest[1:], now)
        case ["injections", path, *rest]:
            return _injections(Path(path), rest[0] if rest else "en", now)
    sys.stderr.write("usage: python -m eval.model lies SUITES [en|ja [SUITE…]]\n")
    sys.stderr.write("       python -m eval.model injections FOLDER [en|ja]\n")
    return 2


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _lies(path: Path, language: str, names: Sequence[str], now: datetime) -> int:
    rows = sweep(path, load_rules(), now, names=names, seeds=(1, 2), most=3, language=language, on_case=_say)
    _say("class  decidable        mutants  still true  noticed  lies  misled  lost")
    for one in (*rows, _total(rows)):
        counts = f"{one.mutants:8}  {one.equivalents:10}  {one.noticed:7}"
        _say(f"{one.id:5}  {one.decidable:14}  {counts}  {len(one.lies):4}  {len(one.misled):6}  {len(one.lost):4}")
    examples = [each for one in rows for each in (*one.lies, *one.misled, *one.lost)]
    for each in examples:
        _say(each)
    return 1 if examples else 0


def _total(rows: Sequence[Row]) -> Row:
    whole = Row("all", "", rows[0].decidable)
    for one in rows:
        whole.mutants += one.mutants
        whole.equivalents += one.equivalents
        whole.noticed += one.noticed
        whole.lies += one.lies
        whole.misled += one.misled
        whole.lost += one.lost
    return whole


def _injections(folder: Path, language: str, now: datetime) -> int:
    found = load_injections(folder)
    rules = load_rules()
    scanner = Scanner(rules)
    _say(f"{len(found)} strings, {len({one.family for one in found})} families, {len(CARRIERS)} carriers")
    every = crossed(found)
    bad = 0
    for start in range(0, len(every), _AT_ONCE):
        part = every[start : start + _AT_ONCE]
        with injected(f"part_{start}", part, rules, scanner, now, language) as stage:
            bad += _told(f"lines {start + 1}-{start + len(part)}", one_by_one(stage, part))
    with injected("turns", round_robin(found), rules, scanner, now, language) as stage:
        bad += _told("whole turns", whole_turns(stage, list(Ask)))
    return 1 if bad else 0


def _told(where: str, one: Obedience) -> int:
    bad = (*one.changed, *one.lies, *one.canaries, *one.alive)
    _say(
        f"{where}: {one.strings} replies, {one.obeyed} obeyed; verified part changed {len(one.changed)}, "
        f"lies {len(one.lies)}, canaries {len(one.canaries)}, markup left {len(one.alive)}"
    )
    for each in bad:
        _say(f"  {each}")
    return len(bad)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], datetime.now(UTC)))
    except AkashiError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
