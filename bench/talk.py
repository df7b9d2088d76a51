"""Ask a case many questions in one conversation and say how long each answer took, as whoever asks would see it.

    python -m bench.talk --data-dir DIR --case NAME

Talks to `akashi chat --json` over its pipes; prints seconds until the first answer (start-up and all), and the median
and the slowest of those after it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.contest import AKASHI

QUESTIONS = Path(__file__).with_name("questions.txt")


def attackers(where: list[str]) -> list[str]:
    """The addresses with most attack lines, from the answer to the first question."""
    said = subprocess.run([AKASHI, "report", *where, "--json"], capture_output=True, check=True).stdout
    counts: dict[str, int] = {}
    for finding in json.loads(said)["findings"]:
        for one in finding["source_ips"]:
            counts[one["ip"]] = counts.get(one["ip"], 0) + one["count"]
    return sorted(counts, key=lambda ip: (-counts[ip], ip))


def questions(where: list[str]) -> list[str]:
    """The questions, about addresses of this case."""
    first, second, *_ = [*attackers(where), "192.0.2.1", "192.0.2.2"]
    lines = QUESTIONS.read_text(encoding="utf-8").split("\n")
    return [line.replace("{ip}", first).replace("{other}", second) for line in lines if line]


def answers(where: list[str], asked: list[str]) -> Iterator[float]:
    """Seconds from each question to the end of its answer."""
    start = time.perf_counter()
    with subprocess.Popen(
        [AKASHI, "chat", *where, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as talk:
        assert talk.stdin is not None
        assert talk.stdout is not None
        for question in asked:
            talk.stdin.write(question + "\n")
            talk.stdin.flush()
            read_answer(iter(talk.stdout.readline, ""))
            yield time.perf_counter() - start
            start = time.perf_counter()
        talk.stdin.close()


def read_answer(lines: Iterator[str]) -> None:
    """Reads on to the end of one JSON object: the line that closes what the first one opened."""
    for line in lines:
        if line.rstrip("\n") in {"}", "{}"}:
            return
    raise SystemExit("the conversation ended before every question was answered")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--case", required=True)
    parser.add_argument("--each", action="store_true", help="print every question with its seconds")
    given = parser.parse_args()
    where = ["--data-dir", given.data_dir, "--case", given.case]
    asked = questions(where)
    taken = list(answers(where, asked))
    if given.each:
        for question, seconds in zip(asked, taken, strict=True):
            sys.stderr.write(f"{seconds:6.2f} s  {question}\n")
    figures = {
        "first": taken[0],
        "median": statistics.median(taken[1:]),
        "slowest": max(taken[1:]),
        "asked": len(taken),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
