"""`make bench`: measure every contestant on the same logs in one run, print a table, and judge the bars.

    python -m bench.run [--lines 1000000,5000000] [--rounds 3] [--quick] [--json]

Contestants take turns (round by round, so that a busy moment of the machine hits all of them), each as a whole process
from start to end, on files in the page cache; medians are shown. Exit code 1 when a bar is missed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid

from bench.contest import CONTESTANTS, INGEST, Bar, Contestant, Figures, Table, bars, base_environment, entered, packed
from bench.generate import generate
from bench.measure import Cost, run

CACHE = Path(__file__).parents[1] / ".cache" / "bench"


def log_of(lines: int) -> Path:
    """The log of that many lines and its .gz, made once and read once so that both are in the page cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    log = CACHE / f"access-{lines}.log"
    if not log.exists():
        generate(lines, log)
    if not packed(log).exists():
        half = packed(log).with_name(packed(log).name + ".part")
        with half.open("wb") as target:
            subprocess.run(["gzip", "-c", str(log)], stdout=target, check=True)
        half.replace(packed(log))
    for file in (log, packed(log)):
        with file.open("rb", buffering=0) as content:
            while content.read(1 << 24):
                pass
    return log


def turns(log: Path, rounds: int, console: Console) -> Iterator[tuple[str, Cost]]:
    """Every contestant once a round, each in a new folder; the report follows the ingest whose case it reads."""
    home = CACHE / "home"
    home.mkdir(exist_ok=True)
    for turn in range(1, rounds + 1):
        scratch = None
        for contestant in entered():
            if scratch and not contestant.keeps_case:
                shutil.rmtree(scratch)
                scratch = None
            scratch = scratch or Path(tempfile.mkdtemp(dir=CACHE, prefix="turn-"))
            cost = run(contestant.command(log, scratch), {**base_environment(home), **(contestant.environment or {})})
            console.print(
                f"[dim]{log.name} {turn}/{rounds} {contestant.name}: {cost.wall:.2f} s[/dim]", highlight=False
            )
            yield contestant.name, cost
        if scratch:
            shutil.rmtree(scratch)


def medians(costs: list[Cost], says: Sequence[str] = ()) -> Figures:
    """Each figure's own median."""
    printed = [json.loads(cost.output) for cost in costs if says]
    return Figures(
        wall=statistics.median(cost.wall for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        peak=round(statistics.median(cost.peak for cost in costs)),
        said={name: statistics.median(float(one[name]) for one in printed) for name in says},
    )


def measure(sizes: list[int], rounds: int, console: Console) -> Table:
    """Medians for every size and contestant."""
    table: dict[int, dict[str, Figures]] = {}
    for lines in sizes:
        costs: dict[str, list[Cost]] = {}
        for name, cost in turns(log_of(lines), rounds, console):
            costs.setdefault(name, []).append(cost)
        says = {contestant.name: contestant.says for contestant in entered()}
        table[lines] = {name: medians(several, says[name]) for name, several in costs.items()}
    return table


def grid(lines: int, rows: dict[str, Figures]) -> Grid:
    """The printed table of one size."""
    megabytes = log_of(lines).stat().st_size / 1e6
    shown = Grid(title=f"{lines:,} lines, {megabytes:,.0f} MB, {os.cpu_count()} cores", title_justify="left")
    for heading in ("", "M lines/s", "MB/s", "wall s", "CPU s", "peak MB", "x ingest"):
        shown.add_column(heading, justify="right" if heading else "left")
    for name, row in rows.items():
        speed, rate = lines / row.wall / 1e6, megabytes / row.wall
        relative = row.wall / rows[INGEST].wall
        cells = (f"{speed:.3f}", f"{rate:,.0f}", f"{row.wall:.2f}", f"{row.cpu:.2f}", f"{row.peak / 1e6:.0f}")
        shown.add_row(name, *cells, f"{relative:.2f}")
    return shown


def verdicts(judged: tuple[Bar, ...]) -> Grid:
    """The printed table of the bars."""
    shown = Grid(title="Bars", title_justify="left")
    for heading in ("", "bar", "measured", ""):
        shown.add_column(heading, justify="right" if heading else "left")
    for bar in judged:
        measured = "not installed" if bar.measured is None else f"{bar.measured:.2f}"
        word = {True: "[green]holds[/green]", False: "[red]missed[/red]", None: "-"}[bar.holds]
        shown.add_row(bar.name, bar.limit, measured, word)
    return shown


def missing() -> list[Contestant]:
    """Rivals that cannot take part here."""
    return [each for each in CONTESTANTS if each not in entered()]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", default="1000000,5000000", help="sizes of the generated logs, comma-separated")
    parser.add_argument("--rounds", type=int, default=3, help="turns of every contestant; the median counts")
    parser.add_argument("--quick", action="store_true", help="one round on 200,000 lines")
    parser.add_argument("--json", action="store_true", help="print figures and bars as JSON")
    given = parser.parse_args()
    sizes = [200_000] if given.quick else sorted({int(size) for size in given.lines.split(",")})
    console = Console(stderr=True)
    for rival in missing():
        console.print(f"{rival.name}: not installed here, left out")
    table = measure(sizes, 1 if given.quick else given.rounds, console)
    judged = bars(table)
    if given.json:
        figures = {lines: {name: asdict(row) for name, row in rows.items()} for lines, rows in table.items()}
        print(json.dumps({"figures": figures, "bars": [asdict(bar) for bar in judged]}, indent=2))
    else:
        for lines, rows in table.items():
            Console().print(grid(lines, dict(rows)))
        Console().print(verdicts(judged))
    return int(any(bar.holds is False for bar in judged))


if __name__ == "__main__":
    sys.exit(main())
