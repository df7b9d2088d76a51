"""Every code an answer can carry has words in both languages, and the words ask for facts that are brought."""

import pytest

from answering.operations.codes import Column, Measure, Remark, Sentence
from answering.suggest import OPERATION_OF
from app.i18n import LANGUAGES, words
from core.claim import ClaimKind

KEYS = (
    *(f"answer.{code}" for code in Sentence),
    *(f"note.{code}" for code in Remark),
    *(f"column.{code}" for code in Column),
    *(f"measure.{code}" for code in Measure),
    *(f"suggest.{code}" for code in OPERATION_OF),
    *(f"claim.{kind}" for kind in ClaimKind),
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_words(key: str, lang: str) -> None:
    assert words(lang)[key].strip()


@pytest.mark.parametrize("section", ["answer", "column", "measure", "suggest"])
def test_no_words_are_left_over(section: str) -> None:
    assert {key for key in words("en") if key.startswith(f"{section}.")} <= set(KEYS)
