"""Patterns never reach across a record's end, and their relaxed form selects at least as much."""

import pytest

from detection.pattern import bounded, compiled_pattern, relaxed


@pytest.mark.parametrize("pattern", [r"a\sb", r"a[^x]b", r"a\Sb", r"a\Wb", r"a\Db", r"a[\s.]b", r"a[^]]b", r"a.b"])
def test_no_class_matches_a_line_end(pattern: str) -> None:
    assert compiled_pattern(pattern).search(b"a\nb") is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"a\sb", b"a b"),
        (r"a[^x]b", b"a-b"),
        (r"a\Wb", b"a;b"),
        (r"[[]x", b"[x"),
        (r"a[]]b", b"a]b"),
        (r"^b$", b"a\nb"),
    ],
)
def test_bounding_keeps_the_meaning(pattern: str, text: bytes) -> None:
    assert compiled_pattern(pattern).search(text) is not None


@pytest.mark.parametrize("pattern", [r"a\nb", r"[\W]", r"[^\S]", "[abc", "(", "x" * 5000])
def test_what_cannot_be_bounded_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        compiled_pattern(pattern)


def test_long_repeats_are_relaxed_and_short_ones_kept() -> None:
    assert relaxed(r"a.{0,80}?b\w{1,40}c{0,3}\d{2,90}") == bounded(r"a.*?b\w+c{0,3}\d{2,90}")
