"""What every rule costs by itself: the processor time of scanning the sample lines of all rules for it alone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time

from detection.records import Records, Rows
from detection.rule import Rule
from detection.ruleset import RuleSet
from detection.scanner import Scanner

_NEVER = r"\x01\x02\x03\x04"
"""Scanning for what is nowhere costs what every scan costs, whatever it looks for; rules are charged the rest."""

_LEAST = 0.001
_TIMES = 5
"""The quickest of so many is kept: whatever else the machine does only adds time."""


def micros_per_line(rules: Sequence[Rule], lines: tuple[Records, Rows]) -> list[float]:
    """Microseconds a line of `lines`, for each rule; the first time a line is seen, checks included."""
    if not rules:
        return []
    idle = replace(rules[0], match=(_NEVER,), confirm=None, all_of=(), unless=())
    with TemporaryDirectory(prefix="akashi-rules-") as folder:
        least, *costs = [_quickest(rule, lines, Path(folder)) for rule in (idle, *rules)]
    return [max(cost - least, _LEAST) for cost in costs]


def _quickest(rule: Rule, lines: tuple[Records, Rows], cache: Path) -> float:
    return min(_once(rule, lines, cache) for _ in range(_TIMES)) * 1e6 / max(len(lines[1].status), 1)


def _once(rule: Rule, lines: tuple[Records, Rows], cache: Path) -> float:
    """Seconds; by a scanner of its own, for one that has seen the lines remembers which are clean."""
    scanner = Scanner(RuleSet((rule,), (), (), ""), cache)
    begun = thread_time()
    scanner.scan(*lines)
    return thread_time() - begun
