"""Every code of every room has words in both languages, with the same keys and the same placeholders."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from answering.codes import BlindSpot, NextStep
from answering.operations.inquiry import Stage
from answering.outcome import LineCode
from app.i18n import LANGUAGES, error_text, language_of, text, words
from core import told
from core.claim import ClaimKind, VerdictStatus
from core.errors import AkashiError, ContentError, InputError
from core.event import Reason
from core.report import Conclusion, Standing
from core.taxonomy import AttackType, Outcome
from detection.near_miss import Miss
from models.call import Purpose
from models.chat import FaultCode
from models.doctor import Remedy
from stores import conversations, outgoing, registry

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "stores", "detection", "ingestion", "retrieval", "prompts", "models", "answering", "app", "eval")
SOURCES = tuple(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
LAYOUTS = (conversations.LAYOUT, outgoing.LAYOUT, registry.LAYOUT)
ERRORS = {"InputError", "CaseError", "ContentError", "StorageError"}


@cache
def all_calls() -> tuple[tuple[str, ast.Call], ...]:
    """Every call in the sources with the last part of the name it calls; all of them are read once."""
    nodes = (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return tuple((_last_name(node.func), node) for node in nodes if isinstance(node, ast.Call))


def _last_name(called: ast.expr) -> str:
    """`c` of `c`, `b.c` and `a().c`; nothing of what is called without a name."""
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def calls(names: set[str]) -> Iterator[ast.Call]:
    return (call for name, call in all_calls() if name in names)


def literal_codes(call: ast.Call) -> set[str]:
    """Literals in the first argument, both arms of a conditional included."""
    parts = ast.walk(call.args[0]) if call.args else ()
    values = (part.value for part in parts if isinstance(part, ast.Constant))
    return {value for value in values if isinstance(value, str) and value.isidentifier() and value[0] != "_"}


def literals(names: set[str]) -> set[str]:
    return {code for call in calls(names) for code in literal_codes(call)}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert words("en").keys() == words("ja").keys()


@pytest.mark.parametrize("key", sorted(words("en")))
def test_both_languages_say_the_same_values(key: str) -> None:
    assert words("en")[key].strip()
    assert placeholders(words("en")[key]) == placeholders(words("ja")[key])


CODES = (
    {f"type.{kind}.{part}" for kind in AttackType for part in ("title", "why")}
    | {f"outcome.{outcome}.label" for outcome in Outcome}
    | {f"outcome_explained.{outcome}" for outcome in Outcome}
    | {f"outcome_reason.{code.name.lower()}" for code in LineCode}
    | {f"verdict.{status}" for status in VerdictStatus}
    | {f"claim.{kind}" for kind in ClaimKind}
    | {f"reason.{reason.name.lower()}" for reason in Reason}
    | {f"blind_spot.{code}" for code in BlindSpot}
    | {f"next_step.{code}" for code in NextStep}
    | {f"conclusion.{code}" for code in Conclusion}
    | {f"error.{code}" for code in literals(ERRORS)}
    | {f"fault.{code}" for code in (*FaultCode, "settings", "unexpected", "pending")}
    | {f"struck.{code}" for code in literals({"Struck"})}
    | {f"remedy.{remedy}" for remedy in Remedy}
    | {f"stage.{stage}" for stage in Stage}
    | {f"told_standing.{standing}" for standing in told.Standing}
    | {f"purpose.{purpose}" for purpose in Purpose}
    | {f"error.{code}" for one in LAYOUTS for code in (one.damaged, one.busy, one.newer, one.conflict)}
    | {f"note.{code}" for code in literals({"note", "_note"})}
    | {f"skipped.{code}" for code in ("hidden", "symlink", "not_a_file", "binary", "no_log")}
    | {f"shared.{code}" for code in ("path_list", "tool", "target", "network")}
    | {f"standing.{standing}" for standing in Standing}
    | {f"miss.{miss.name.lower()}" for miss in Miss}
    | {f"status.{code}" for code in ("ingested", "grown", "duplicate", "empty", "failed")}
    | {f"note.{code}" for code in ("unknown_format", "unterminated_last_line", "binary", "utf16_text")}
    | {f"provenance.{code}" for code in ("none", "explicit", "configured", "assumed")}
)


@pytest.mark.parametrize("key", sorted(CODES))
def test_every_code_has_words(key: str) -> None:
    assert all(key in words(lang) for lang in LANGUAGES)


def test_every_refusal_brings_the_facts_its_sentence_needs() -> None:
    lacking = {
        (code, name)
        for call in calls(ERRORS)
        if not any(keyword.arg is None for keyword in call.keywords)
        for code in literal_codes(call)
        for name in placeholders(words("en")[f"error.{code}"]) - {keyword.arg for keyword in call.keywords}
    }
    assert lacking == set()


def test_keys_used_by_the_app_exist() -> None:
    used = {
        part.value
        for call in calls({"text"})
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z_0-9]+", part.value)
    }
    assert used
    assert used - words("en").keys() == set()


@pytest.mark.parametrize(
    ("tag", "lang"),
    [("ja", "ja"), ("ja-JP", "ja"), ("ja_JP.UTF-8", "ja"), ("en-GB", "en"), ("fr", "en"), ("jav", "en"), (None, "en")],
)
def test_language_of_a_tag(tag: str | None, lang: str) -> None:
    assert language_of(tag) == lang


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(ContentError):
        text("no.such.key", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_name_in_a_refusal_is_inert(lang: str) -> None:
    sentence = error_text(InputError("missing_path", name="a\x1b[2J\u202eb"), lang)
    assert "a\\x1b[2J\\u{202e}b" in sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_without_words_or_facts_still_says_something(lang: str) -> None:
    assert "brand_new" in error_text(AkashiError("brand_new"), lang)
    assert "?" in error_text(InputError("missing_path"), lang)
