"""A refuted value never stays in the report: the re-computed one takes its place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from answering.claims import claims_of
from answering.correct import corrected
from answering.validate.recount import Recount
from answering.validate.table import check
from core.finding import Finding, IpCount
from core.line import LineRef
from core.report import Report
from core.taxonomy import Outcome
from detection.scanner import Scanner
from stores.lake import Lake
from tests.answering.invented import NOW, RULES, line

LOG = line("203.0.113.1", 0, "/?q=<script>", 403) + line("203.0.113.2", 5, "/?q=<script>1", 403)
Lie = Callable[[Finding], Finding]

LIES: list[Lie] = [
    lambda true: replace(true, count=9),
    lambda true: replace(true, source_ips=(IpCount("203.0.113.1", 2),)),
    lambda true: replace(true, source_ips=()),
    lambda true: replace(true, first_seen=NOW),
    lambda true: replace(true, last_seen=None),
    lambda true: replace(true, first_seen=NOW - timedelta(days=900), last_seen=NOW, count=1),
    lambda true: replace(true, outcome=Outcome.SUCCEEDED, outcome_reason="file_served", deciding=()),
]


@pytest.mark.parametrize("lie", LIES)
def test_the_truth_takes_the_place_of_a_lie(
    lake_of: Callable[..., Lake], report_of: Callable[..., Report], scanner: Scanner, lie: Lie
) -> None:
    (true,) = report_of(a_log=LOG).findings
    lying = (lie(true),)
    recount = Recount(lake_of(), RULES, scanner)
    assert corrected(lying, check(claims_of(lying), recount)) == (true,)


def test_a_misquote_is_mended_and_a_quote_of_no_line_left_out(
    lake_of: Callable[..., Lake], report_of: Callable[..., Report], scanner: Scanner
) -> None:
    (true,) = report_of(a_log=LOG).findings
    first, second = true.quotes
    lying = (
        replace(true, quotes=(replace(first, raw=b"x" + first.raw), replace(second, ref=LineRef(first.ref.source, 7)))),
    )
    (mended,) = corrected(lying, check(claims_of(lying), Recount(lake_of(), RULES, scanner)))
    assert mended.quotes == (replace(first, start=0, end=0),)
