"""HELP: what can be asked."""

from answering.operations.codes import Column, Sentence
from answering.operations.inquiry import Inquiry
from core.part import Part, Row, Table
from core.plan import Operation, Step


def run(step: Step, _inquiry: Inquiry) -> Part:
    """Every operation, to be worded with an example by whoever draws it."""
    rows = tuple(Row((operation,)) for operation in Operation if operation is not Operation.HELP)
    return Part(step, Sentence.HELP, {}, table=Table((Column.OPERATION,), rows, len(rows)))
