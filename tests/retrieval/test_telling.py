"""Which words of a question a log line may hold; any text at all is a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.telling import LONGEST, LONGEST_WORDS, MOST, telling_words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", ()),
        ("what happened last night?", ()),
        ("which requests asked for /wp-login.php", ("/wp-login.php",)),
        ("What did 203.0.113.7 do?", ("203.0.113.7",)),
        ("sqlmap or Nikto?", ("sqlmap", "nikto")),
        ('lines with "union select" please', ("union select",)),
        ("「管理者」でログインした人は", ("管理者", "でログインした人は")),
        ("admin.phpを見せて", ("admin.php", "を見せて")),
        ("203.0.113.7から/etc/passwdへ", ("203.0.113.7", "/etc/passwd", "から")),
        ("status 404 404 404", ("status", "404")),
        ("'; DROP TABLE events; --", ("drop", "table", "events")),
        ("(error) <script>alert(1)</script>", ("error", "script>alert(1)</script")),
        ("\ud800 broken\ud800 text", ("broken", "text")),
        ("\x00\x1b[31m red", ("31m", "red")),
        ("!!! *** --- ...", ()),
        ("x" * 500, ("x" * LONGEST,)),
    ],
)
def test_words(question: str, words: tuple[str, ...]) -> None:
    assert telling_words(question) == words


@given(st.text(st.characters()))
def test_any_text_gives_few_words_that_can_be_stored(question: str) -> None:
    words = telling_words(question)
    assert len(words) == len(set(words)) <= MOST
    assert all(0 < len(word.encode()) <= 4 * LONGEST for word in words)


def test_a_very_long_question_is_cut() -> None:
    assert telling_words("a " * LONGEST_WORDS + "sqlmap") == ()
