"""The commands that are measured side by side, and the bars Akashi has to clear."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PATTERNS = Path(__file__).with_name("patterns.txt")
AKASHI = str(Path(sys.executable).with_name("akashi"))

WC = "wc -l"
GREP = "grep -ciE, 100 patterns"
GOACCESS = "GoAccess"
LNAV = "lnav, 20 patterns"
INGEST = "akashi ingest"
INGEST_GZ = "akashi ingest, .gz"
REPORT = "akashi report"
INDEX = "akashi index"
TALK = "akashi chat, 30 questions"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A command over one log. `command(log, scratch)` gives its words; `log` is the plain file, `scratch` a new folder
    except for those that read the case that the ingest before them left in `scratch`. `says` names the figures of the
    JSON object it prints, where they count beside its cost.
    """

    name: str
    command: Callable[[Path, Path], list[str]]
    needs: str | None = None
    keeps_case: bool = False
    environment: Mapping[str, str] | None = None
    says: tuple[str, ...] = ()


def lnav_query() -> str:
    """SQL over lnav's access-log table with the first 20 of the patterns, which is what it was first measured with."""
    patterns = PATTERNS.read_text(encoding="utf-8").split("\n")[:20]
    alternatives = "|".join(patterns).replace("'", "''")
    return f";SELECT count(*) FROM access_log WHERE log_text REGEXP '(?i){alternatives}'"


def packed(log: Path) -> Path:
    """The gzip beside a log."""
    return log.with_name(log.name + ".gz")


def ingest(log: Path, scratch: Path) -> list[str]:
    """Parse, detect and store the whole file in a case that does not exist yet."""
    return [AKASHI, "ingest", "--no-index", *case(scratch), "--json", str(log)]


def case(scratch: Path) -> list[str]:
    """Which case: that of this turn."""
    return ["--data-dir", str(scratch), "--case", "bench"]


CONTESTANTS = (
    Contestant(WC, lambda log, _: ["wc", "-l", str(log)]),
    Contestant(GREP, lambda log, _: ["grep", "-ciE", "-f", str(PATTERNS), str(log)], environment={"LC_ALL": "C"}),
    Contestant(
        GOACCESS,
        lambda log, scratch: [
            *("goaccess", str(log), "--log-format=COMBINED", "-o", str(scratch / "out.json")),
            *("--no-progress", "--no-global-config"),
        ],
        needs="goaccess",
    ),
    Contestant(LNAV, lambda log, _: ["lnav", "-n", "-c", lnav_query(), str(log)], needs="lnav"),
    Contestant(INGEST_GZ, lambda log, scratch: ingest(packed(log), scratch)),
    Contestant(INGEST, ingest),
    Contestant(
        REPORT,
        lambda _, scratch: [AKASHI, "report", *case(scratch), "--json"],
        keeps_case=True,
    ),
    Contestant(INDEX, lambda _, scratch: [AKASHI, "index", *case(scratch), "--json"], keeps_case=True),
    Contestant(
        TALK,
        lambda _, scratch: [sys.executable, "-m", "bench.talk", *case(scratch)],
        keeps_case=True,
        says=("first", "median"),
    ),
)


def entered() -> tuple[Contestant, ...]:
    """Those whose program is installed here."""
    return tuple(each for each in CONTESTANTS if each.needs is None or shutil.which(each.needs))


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of one contestant on one log; `said` are those of the figures it prints itself."""

    wall: float
    cpu: float
    peak: int
    said: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit, what was measured, and whether it holds; `measured` is None where a rival is not installed."""

    name: str
    limit: str
    measured: float | None
    holds: bool | None


Table = Mapping[int, Mapping[str, Figures]]
"""Lines of the log → contestant → medians."""


def bars(table: Table) -> tuple[Bar, ...]:
    """Every bar, judged on the largest log; those about growth compare it with the smallest."""
    small, large = min(table), max(table)
    most, least = table[large], table[small]
    ours = most[INGEST]

    def times(rival: str) -> float | None:
        return most[rival].wall / ours.wall if rival in most else None

    def at_most(name: str, value: float | None, limit: float, unit: str = "") -> Bar:
        return Bar(name, f"<= {limit:g}{unit}", value, None if value is None else value <= limit)

    def at_least(name: str, value: float | None, limit: float) -> Bar:
        return Bar(name, f">= {limit:g} x", value, None if value is None else value >= limit)

    growth = (
        []
        if small == large
        else [
            at_most(
                "cost per line, largest against smallest log",
                ours.wall / large / (least[INGEST].wall / small),
                1.05,
                " x",
            ),
            at_most("peak memory, largest against smallest log", ours.peak / least[INGEST].peak, 1.25, " x"),
            at_most(
                "cost per line of the index, largest against smallest log",
                most[INDEX].wall / large / (least[INDEX].wall / small),
                1.05,
                " x",
            ),
        ]
    )
    return (
        at_most("ingest against grep, wall time", ours.wall / most[GREP].wall, 1.7, " x"),
        at_least("ingest against GoAccess 1.7, lines a second", times(GOACCESS), 12),
        at_least("ingest against lnav, lines a second", times(LNAV), 3),
        at_most("peak memory of ingest", ours.peak / 1e6, 600, " MB"),
        at_most("full verified report after ingest", most[REPORT].wall, 3, " s"),
        at_most(".gz against plain, wall time", most[INGEST_GZ].wall / ours.wall, 1.15, " x"),
        at_most("all chunks indexed", most[INDEX].wall, 60, " s"),
        at_most("first answer of a new process", most[TALK].said["first"], 2, " s"),
        at_most("answers after it, median", most[TALK].said["median"], 0.5, " s"),
        *growth,
    )


def base_environment(home: Path) -> dict[str, str]:
    """The environment of every contestant: ours, with a home of its own: no configuration is read."""
    return {**os.environ, "HOME": str(home)}
