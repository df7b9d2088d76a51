"""What a conversation about a case begins with, worked out before anybody asks and kept with the case."""

from answering.open_case import OpenCase
from answering.operations.inquiry import Inquiry
from answering.operations.table import run_step
from answering.respond import respond
from core.plan import EVERYTHING, Operation, Step


def prepare(opened: OpenCase) -> None:
    """The report with its totals, and what limits and blocks would have stopped; done once a state of the case."""
    run_step(Step(Operation.REPORT), Inquiry(opened))
    if opened.facts.attackers:
        respond(opened, EVERYTHING)
