"""Every kind of secret fires on its own samples, stays silent on others, and has a pattern that is linear as built."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from models.redact.checks import CHECKS
from models.redact.kind import Key, Kind, kinds, read_kinds
from models.redact.scan import scanner
from models.redact.shape import sample
from models.redact.values import VALUES
from models.redact.views import runs_of

constants, parser = import_module("re._constants"), import_module("re._parser")
SEEDS = range(5)
KINDS = tuple(kinds())
LONGEST_REPEAT = 65_000
RESERVED = {"repeated", "tangled", "name-and-password"}


def seen(text: str) -> set[str]:
    return {one.kind for one in scanner().found(text, runs_of(text))}


def test_there_are_many_kinds_and_each_has_a_name_of_its_own() -> None:
    names = [kind.id for kind in KINDS]
    assert len(names) >= 300
    assert len(names) == len(set(names))
    assert RESERVED.isdisjoint(names)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_fires(kind: Kind | Key) -> None:
    samples = [sample(shape, seed) for shape in kind.fires for seed in SEEDS]
    assert [text for text in samples if kind.id not in seen(text)] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.silent], ids=lambda kind: kind.id)
def test_stays_silent(kind: Kind | Key) -> None:
    assert {sample(shape, 0): seen(sample(shape, 0)) for shape in kind.silent if seen(sample(shape, 0))} == {}


@pytest.mark.parametrize("kind", kinds().forms, ids=lambda kind: kind.id)
def test_form_is_tried_somewhere(kind: Kind) -> None:
    """`near` is text of the match: without it only runs of letters and of digits are looked at."""
    assert kind.near or kind.at != "text"
    assert kind.check in CHECKS


@pytest.mark.parametrize("kind", kinds().forms, ids=lambda kind: kind.id)
def test_pattern_takes_time_in_proportion_to_its_match(kind: Kind) -> None:
    """No repeat without a limit, and none within a repeat but of a fixed number or of one: one way to match."""
    assert list(unruly(parser.parse(kind.match), within=False)) == []


def test_no_key_is_claimed_twice() -> None:
    names = [name for key in kinds().keys for name in key.names]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert {key.value for key in kinds().keys} <= set(VALUES)


def unruly(pattern: Any, *, within: bool) -> Any:  # noqa: ANN401 - the parser's own trees have no types
    """Repeats that could make a match take more than one way."""
    for operation, value in pattern:
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            least, most, inner = value
            if most > LONGEST_REPEAT or (within and most > 1 and least != most):
                yield least, most
            yield from unruly(inner, within=within or most > 1)
        elif operation is constants.BRANCH:
            for branch in value[1]:
                yield from unruly(branch, within=within)
        elif operation is constants.SUBPATTERN:
            yield from unruly(value[3], within=within)
        elif operation in {constants.ASSERT, constants.ASSERT_NOT}:
            yield from unruly(value[1], within=within)


@pytest.mark.parametrize("pattern", ["(?:a+)+", "(?:a{1,3}b){2,4}", "a*", "(?:x|(?:y{2,5}))+"])
def test_the_net_catches(pattern: str) -> None:
    assert list(unruly(parser.parse(pattern), within=False))


GOOD = """[[kind]]
id = "some-key"
title = "Some key"
match = 'sm_[a-z]{20}'
near = ["sm_"]
fires = ["sm_{a-z:20}"]
"""


@pytest.mark.parametrize(
    ("change", "into"),
    [
        ('title = "Some key"\n', ""),
        ('title = "Some key"', 'title = "Some key"\ncolour = "red"'),
        ('"some-key"', '"Some_Key"'),
        ("[a-z]{20}", "[a-z"),
        ('fires = ["sm_{a-z:20}"]', "fires = []"),
        ('near = ["sm_"]', 'near = ["SM_"]'),
        ("[[kind]]", "[[sort]]"),
        ("[[kind]]", "[kind"),
    ],
)
def test_a_file_that_breaks_the_format_is_refused(tmp_path: Path, change: str, into: str) -> None:
    path = tmp_path / "some.toml"
    path.write_text(GOOD)
    assert read_kinds(path).forms[0].id == "some-key"
    path.write_text(GOOD.replace(change, into))
    with pytest.raises(ContentError, match="bad_content_file"):
        read_kinds(path)
