"""From the findings of a selector to advice and block rules."""

from dataclasses import replace

from answering.open_case import OpenCase
from answering.respond.advice import advise
from answering.respond.attackers import attackers_of
from answering.respond.backtest import Trial
from answering.respond.blocking import block_rules, left_out
from answering.respond.logins import login_rules
from answering.respond.paths import path_rules
from answering.respond.requests import request_rules
from core.answer import Advice, BlockRule, Note
from core.plan import ANY_ATTACK
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
    attackers = attackers_of(opened.lake, report)
    lake, trial = opened.lake, Trial(opened.lake, asked)
    rules = (
        *block_rules(trial, attackers),
        *path_rules(trial, report),
        *login_rules(trial, report),
        *request_rules(trial, report),
    )
    return advise(lake, report, attackers), rules, tuple(left_out(attackers))
