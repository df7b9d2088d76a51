"""From the findings of a selector to advice and block rules."""

from dataclasses import dataclass, replace

from answering.open_case import OpenCase
from answering.respond.advice import Frequent, Values, advise
from answering.respond.attackers import Attacker, attackers_of
from answering.respond.backtest import Trial
from answering.respond.blocking import block_rules, left_out
from answering.respond.logins import login_rules
from answering.respond.paths import path_rules
from answering.respond.requests import request_rules
from core.part import Advice, BlockRule, Note
from core.plan import ANY_ATTACK, EVERYTHING
from core.report import Report
from core.selector import Selector


def respond(opened: OpenCase, selector: Selector) -> tuple[tuple[Advice, ...], tuple[BlockRule, ...], tuple[Note, ...]]:
    """What to do about the findings of what the selector picks, most urgent first; rules tried on the whole case.

    A selector without types, or with all of them, asks about every attack. Nothing found: no advice, no rules, and a
    note that says so.
    """
    asked = replace(selector, types=()) if set(selector.types) == set(ANY_ATTACK) else selector
    report = opened.report(asked)
    if not report.findings:
        return (), (), (Note("respond_nothing"),)
    if asked == EVERYTHING:
        tried = opened.kept("respond", Tried, lambda: _tried(opened, asked, report))
    else:
        tried = _tried(opened, asked, report)
    advice = advise(Values(opened.lake, tried.frequent), report, tried.attackers)
    return advice, tried.rules, tuple(left_out(tried.attackers))


@dataclass(frozen=True, slots=True)
class Tried:
    """What takes long: it is kept for the next process where it depends on the state of the case alone."""

    attackers: tuple[Attacker, ...]
    rules: tuple[BlockRule, ...]
    frequent: tuple[Frequent, ...]


def _tried(opened: OpenCase, asked: Selector, report: Report) -> Tried:
    attackers = attackers_of(opened.lake, report)
    trial, values = Trial(opened.lake, asked, opened.derived), Values(opened.lake)
    rules = (
        *block_rules(trial, attackers),
        *path_rules(trial, report),
        *login_rules(trial, report),
        *request_rules(trial, report),
    )
    advise(values, report, attackers)
    return Tried(attackers, rules, values.known)
