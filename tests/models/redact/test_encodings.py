"""Every kind, written in every way: no reading of what leaves holds the secret, and the second pass changes nothing."""

from collections.abc import Iterator

import pytest

from models.redact import RedactSettings, redactor_for
from models.redact.kind import Key, Kind, kinds
from models.redact.scan import scanner
from models.redact.shape import sample
from models.redact.views import runs_of
from tests.models.redact.leaks import ENCODINGS, readings

KINDS = tuple(kinds())
REDACTOR = redactor_for(b"a key of a test", RedactSettings())


def samples(kind: Kind | Key, seeds: range) -> Iterator[tuple[str, int, int]]:
    """Sample texts with the secret's span."""
    for shape in kind.fires:
        for seed in seeds:
            text = sample(shape, seed)
            span = next(one for one in scanner().found(text, runs_of(text)) if one.kind == kind.id)
            yield text, span.start, span.end


def telling(secret: str) -> tuple[str, ...]:
    """The secret, and both halves if each is still worth something."""
    half = len(secret) // 2
    return (secret, secret[:half], secret[half:]) if half >= 12 else (secret,)


def leaks(kind: Kind | Key, seeds: range) -> Iterator[tuple[str, str]]:
    for text, start, end in samples(kind, seeds):
        for name, encode in ENCODINGS.items():
            leaves = REDACTOR.redact(encode(text))
            if any(part in reading for reading in readings(leaves) for part in telling(text[start:end])):
                yield name, leaves
            if REDACTOR.redact(leaves) != leaves or "SECRET-tangled" in leaves:
                yield f"{name}, again", leaves
        for cut in {start, start + 1, (start + end) // 2, end - 1}:
            left, right = REDACTOR.redact_all((f"it was {text[:cut]}", f"{text[cut:]} it was"))
            halves = [half for half in (text[start:cut], text[cut:end]) if len(half) >= 8]
            if text[start:end] in left + right or any(half in left or half in right for half in halves):
                yield f"split at {cut}", f"{left}|{right}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_no_reading_of_what_leaves_holds_the_secret(kind: Kind | Key) -> None:
    assert list(leaks(kind, range(1))) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_no_reading_of_what_leaves_holds_any_of_many_secrets(kind: Kind | Key) -> None:
    assert list(leaks(kind, range(1, 9))) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_the_reader_reads_is_what_was_written(encoding: str) -> None:
    """Else nothing would be proven by its finding nothing."""
    secret = "Bearer k7Gh2mPq9XzR4vBn"
    assert any(secret in reading for reading in readings(ENCODINGS[encoding](secret)))


def test_a_secret_over_three_texts_is_hidden_in_each() -> None:
    text = sample("ghp_{A-Za-z0-9:36}", 3)
    assert (
        "".join(REDACTOR.redact_all((f"x {text[:6]}", text[6:24], f"{text[24:]} y"))).count("SECRET-github-token") == 3
    )


def test_a_secret_behind_a_key_that_ends_the_text_before_is_hidden() -> None:
    assert REDACTOR.redact_all(("x password=", "hunter2-9XzR y"))[1].startswith("⟦SECRET-password-8+-")


def test_texts_that_hold_nothing_stay_apart() -> None:
    assert REDACTOR.redact_all(("user=", "root", "", "x")) == ("user=", "root", "", "x")


def test_a_value_hidden_once_is_hidden_everywhere() -> None:
    made = REDACTOR.redact(
        "POST /login?password=hunter2-9XzR\nFailed password for invalid user hunter2-9XzR from ::1\n"
    )
    assert "hunter2" not in made
    assert "invalid user ⟦SECRET-repeated-8+-" in made


def test_equal_secrets_in_one_line_and_the_next_are_all_hidden() -> None:
    text = sample("{a-z:8}@{a-z:6}.example.jp {a-z:8}@{a-z:6}.example.jp\n{a-z:8}@{a-z:6}.example.jp", 1)
    assert REDACTOR.redact(text).count("SECRET-email") == 3


def test_many_values_are_looked_for_again_as_few_are() -> None:
    values = [sample("{a-z:4}{0-9:4}{A-Za-z0-9:6}", seed) for seed in range(300)]
    said = "\n".join(f"user={n} password={value}" for n, value in enumerate(values))
    assert not any(value in text for text in REDACTOR.redact_all((said, " ".join(values))) for value in values)


def test_a_value_that_names_a_page_hides_no_other_line() -> None:
    assert "GET /admin/login" in REDACTOR.redact("GET /?password=/admin/login\nGET /admin/login\n")
