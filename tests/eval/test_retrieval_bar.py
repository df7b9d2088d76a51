"""The bar of retrieval over the committed suites: in both languages, and better than each way alone."""

from datetime import UTC, datetime

import pytest

from detection.ruleset import load_rules
from eval.retrieval import evaluate_retrieval
from eval.retrieval_report import RetrievalReport
from eval.stories.__main__ import SUITES
from stores.embedding import BuiltIn

pytestmark = pytest.mark.slow

BAR = 0.95


@pytest.fixture(scope="module")
def report() -> RetrievalReport:
    return evaluate_retrieval(SUITES, load_rules(), BuiltIn(), now=datetime(2026, 11, 21, tzinfo=UTC))


def test_recall_reaches_the_bar_in_each_language(report: RetrievalReport) -> None:
    rows = {str(row["language"]): row for row in report.by("language", lambda one: one.language)}
    assert {language: float(row["hybrid recall@10"] or 0) >= BAR for language, row in rows.items()} == {
        "en": True,
        "ja": True,
    }


def test_both_ways_together_are_no_worse_than_either_and_than_plain_pieces(report: RetrievalReport) -> None:
    ndcg = {str(row["way"]): float(row["nDCG@10"] or 0) for row in report.totals()}
    assert ndcg["hybrid"] == max(ndcg.values()) > ndcg["naive"] + 0.1
