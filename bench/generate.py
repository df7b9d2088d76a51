"""Write a seeded nginx "combined" log of any size with about 1 % attacks, and beside it what each attack line is.

    python -m bench.generate LINES FILE [--seed N]

The same numbers give the same bytes on every machine. 60,000 addresses are drawn by Zipf's law (7 % IPv6), each keeps
one user agent, attacks come in bursts of one attacker, and 0.05 % of lines are odd: TLS or HTTP/2 greetings on a plain
port, empty requests, cut-off lines, error-log lines that strayed in, blank lines, raw UTF-8. `FILE.labels` holds
`line number <TAB> attack type`.
"""

import argparse
import itertools
import random
import time
from bisect import bisect
from collections.abc import Iterator
from pathlib import Path

from bench import corpus
from core.taxonomy import AttackType

START = 1_793_491_200  # 2026-11-01T00:00:00Z
LINES_A_DAY = 1_000_000
ADDRESSES = 60_000
POOL = 120_000  # distinct honest requests
BATCH = 20_000
TLS_HELLO = "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def stamp(second: int) -> str:
    """The time as nginx writes it."""
    t = time.gmtime(second)
    month = _MONTHS[t.tm_mon - 1]
    return f"{t.tm_mday:02d}/{month}/{t.tm_year}:{t.tm_hour:02d}:{t.tm_min:02d}:{t.tm_sec:02d} +0000"


class Traffic:
    """Honest visitors, odd lines and attackers of one server, drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.agents = [corpus.agent(rng) for _ in range(400)]
        files, articles = corpus.assets(rng), corpus.posts(rng)
        self.pool = [corpus.request(rng, files, articles) for _ in range(POOL)]
        self.referrers = corpus.referrers(rng)
        self.addresses = [
            corpus.address_v6(rng) if rng.random() < 0.07 else corpus.address_v4(rng) for _ in range(ADDRESSES)
        ]
        self.weights = list(itertools.accumulate(1 / (rank + 20) ** 0.95 for rank in range(ADDRESSES)))
        self.agent_of = [rng.choice(self.agents) for _ in range(ADDRESSES)]
        self.bursts: list[tuple[str, list[corpus.Shot]]] = []

    def visitor(self) -> int:
        """Index of an address by Zipf's law."""
        return min(bisect(self.weights, self.rng.random() * self.weights[-1]), ADDRESSES - 1)

    def honest(self, when: str, share: float) -> str:
        """A line of an honest visitor; `share` spreads users and protocol versions."""
        rng, who = self.rng, self.visitor()
        method, target = rng.choice(self.pool)
        status = rng.choice(corpus.STATUS_CODES)
        size = 0 if status == 304 else rng.randint(120, 98_000)
        user = "-" if share > 0.01 else "alice"
        version = "1.1" if share < 0.5 else "2.0"
        return (
            f'{self.addresses[who]} - {user} [{when}] "{method} {target} HTTP/{version}" {status} {size} '
            f'"{rng.choice(self.referrers)}" "{self.agent_of[who]}"'
        )

    def odd(self, when: str, second: int, number: int) -> str:
        """A line that a careless parser drops, splits or believes."""
        rng, ip, share = self.rng, self.addresses[self.visitor()], self.rng.random()
        if share < 0.25:
            return f'{ip} - - [{when}] "{TLS_HELLO}" 400 150 "-" "-"'
        if share < 0.45:
            return f'{ip} - - [{when}] "" 400 0 "-" "-"'
        if share < 0.6:
            return f'{ip} - - [{when}] "GET /trunc/{corpus.digits(rng, 12)}'
        if share < 0.7:
            clock = time.strftime("%Y/%m/%d %H:%M:%S", time.gmtime(second))
            return f"{clock} [error] 29#29: *{number} open() failed (2: No such file or directory), client: {ip}"
        if share < 0.8:
            return ""
        if share < 0.9:
            page = f"/straße/{rng.choice(corpus.WORDS)}"
            return (
                f'{ip} - jörg [{when}] "GET {page} HTTP/2.0" 200 {rng.randint(0, 9000)} "-" "{rng.choice(self.agents)}"'
            )
        return f'{ip} - - [{when}] "PRI * HTTP/2.0" 400 157 "-" "-"'

    def shot(self, when: str) -> tuple[str, AttackType]:
        """The next line of the attacker at work."""
        ip, shots = self.bursts[-1]
        kind, method, target, status, referrer, agent = shots.pop()
        if not shots:
            self.bursts.pop()
        size = self.rng.randint(0, 4000)
        return f'{ip} - - [{when}] "{method} {target} HTTP/1.1" {status} {size} "{referrer}" "{agent}"', kind

    def lines(self, count: int) -> Iterator[tuple[str, AttackType | None]]:
        """`count` lines in time order, each with its attack type or None."""
        rng = self.rng
        span = 86_400 * max(1, count // LINES_A_DAY)
        second, when, number = -1, "", 0
        while number < count:
            now = START + number * span // count
            if now != second:
                second, when = now, stamp(now)
            share = rng.random()
            if self.bursts and share < 0.35:
                yield self.shot(when)
            elif (share := rng.random()) < 0.00045:
                ip = corpus.address_v4(rng) if rng.random() < 0.8 else rng.choice(self.addresses)
                self.bursts.insert(0, (ip, corpus.attack(rng, rng.choice(self.agents))))
                continue
            elif share < 0.0009:
                yield self.odd(when, second, number), None
            else:
                yield self.honest(when, share), None
            number += 1


def generate(count: int, file: Path, seed: int = 7) -> None:
    """Write `count` lines to `file` and their labels to `file.labels`; whole or not at all."""
    labels = file.with_name(file.name + ".labels")
    halves = [path.with_name(path.name + ".part") for path in (file, labels)]
    with halves[0].open("w", encoding="utf-8", newline="\n") as log, halves[1].open("w", newline="\n") as truth:
        lines = enumerate(Traffic(seed).lines(count), 1)
        while batch := list(itertools.islice(lines, BATCH)):
            log.write("".join(f"{line}\n" for _, (line, _) in batch))
            truth.write("".join(f"{number}\t{kind}\n" for number, (_, kind) in batch if kind))
    for half, path in zip(halves, (file, labels), strict=True):
        half.replace(path)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    generate(given.lines, given.file, given.seed)


if __name__ == "__main__":
    main()
