"""The bars: judged on the largest log, silent where a rival is missing."""

import pytest

from bench.contest import GOACCESS, GREP, INDEX, INGEST, INGEST_GZ, LNAV, REPORT, TALK, WC, Figures, bars

SMALL, LARGE = 1_000_000, 5_000_000
LIMITS = {  # wall seconds and megabytes at which every bar just holds
    WC: (0.1, 10),
    GREP: (3.0, 10),
    GOACCESS: (61.2, 90),
    LNAV: (15.3, 90),
    INGEST: (5.1, 599),
    INGEST_GZ: (5.8, 599),
    REPORT: (2.9, 300),
    INDEX: (59, 900),
    TALK: (20, 900),
}
SAID = {"first": 2.0, "median": 0.5}


def figures(**changed: tuple[float, float]) -> dict[str, Figures]:
    """A table of one size with every bar just held, but for what is changed."""
    limits = {**LIMITS, **changed}
    return {name: Figures(wall, wall, round(peak * 1e6), SAID) for name, (wall, peak) in limits.items()}


def test_every_bar_just_holds() -> None:
    small = figures(**{INGEST: (1.02, 550), INDEX: (11.8, 900)})
    assert [bar.name for bar in bars({SMALL: small, LARGE: figures()}) if not bar.holds] == []


@pytest.mark.parametrize(
    ("slower", "missed"),
    [
        ({INGEST: (5.2, 599)}, {"grep", "GoAccess", "lnav"}),
        ({INGEST: (5.1, 601)}, {"peak memory of ingest"}),
        ({REPORT: (3.1, 300)}, {"report"}),
        ({INGEST_GZ: (5.9, 599)}, {".gz"}),
        ({INDEX: (61, 900)}, {"indexed"}),
    ],
)
def test_a_missed_bar_is_named(slower: dict[str, tuple[float, float]], missed: set[str]) -> None:
    names = [bar.name for bar in bars({LARGE: figures(**slower)}) if bar.holds is False]
    assert len(names) == len(missed)
    assert all(any(word in name for name in names) for word in missed)


def test_growth_is_judged_against_the_smallest_log() -> None:
    small = figures(**{INGEST: (0.9, 300), INDEX: (11, 900)})
    missed = [bar.name for bar in bars({SMALL: small, LARGE: figures()}) if bar.holds is False]
    assert missed == [
        "cost per line, largest against smallest log",
        "peak memory, largest against smallest log",
        "cost per line of the index, largest against smallest log",
    ]


def test_slow_answers_are_named() -> None:
    slow = figures() | {TALK: Figures(20, 20, 10**8, {"first": 2.1, "median": 0.6})}
    missed = [bar.name for bar in bars({LARGE: slow}) if bar.holds is False]
    assert missed == ["first answer of a new process", "answers after it, median"]


def test_a_missing_rival_is_no_verdict() -> None:
    table = {name: row for name, row in figures().items() if name not in {GOACCESS, LNAV}}
    assert [bar.name for bar in bars({LARGE: table}) if bar.holds is None] == [
        "ingest against GoAccess 1.7, lines a second",
        "ingest against lnav, lines a second",
    ]
