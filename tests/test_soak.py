"""One process reads a growing log and indexes it while two others ask: no error, and no count that was never true."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.asking import answer_question
from app.reading import engine, investigation, read_into
from core.answer import Answer
from core.claim import ClaimKind, ClaimValue
from core.dimension import Dimension
from core.part import Part
from core.plan import Operation, Plan, Step
from core.selector import Selector
from core.taxonomy import AttackType
from ingestion.fetch.expand import expand
from ingestion.index import index_case
from ingestion.pipeline import Options
from stores.cases import Cases
from stores.embedding import BuiltIn

SECONDS = int(os.environ.get("AKASHI_SOAK_SECONDS", "12"))
ROOT = Path(__file__).parents[1]
ATTACK_EVERY = 10
ATTACKERS = 7
FIRST, STEP = 2_000, 1_500
SQL = Selector(types=(AttackType.SQL_INJECTION,))
PLAN = Plan(
    (
        Step(Operation.COUNT),
        Step(Operation.COUNT, SQL),
        Step(Operation.COUNT, SQL, by=Dimension.IP),
        Step(Operation.TOP, SQL, by=Dimension.IP, limit=ATTACKERS),
        Step(Operation.SEARCH, words="SQL injection union select"),
    )
)
KINDS = (ClaimKind.COUNT, ClaimKind.COUNT, ClaimKind.DISTINCT, ClaimKind.TOP)


def line(number: int) -> str:
    """Every tenth line is an attack, of one of seven addresses in turn: the number of lines tells all other counts."""
    attack = number % ATTACK_EVERY == 0
    ip = f"203.0.113.{number // ATTACK_EVERY % ATTACKERS}" if attack else f"198.51.100.{number % 50}"
    url = "/item?id=1+union+select+password+from+users" if attack else f"/page/{number % 13}"
    moment = time.strftime("%d/%b/%Y:%H:%M:%S", time.gmtime(1_700_000_000 + number))
    return f'{ip} - - [{moment} +0000] "GET {url} HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'


def expected(lines: int) -> list[ClaimValue]:
    """The values of the first four parts, worked out from the number of lines."""
    attacks = [number for number in range(1, lines + 1) if number % ATTACK_EVERY == 0]
    per_ip = {f"203.0.113.{turn}": 0 for turn in range(ATTACKERS)}
    for number in attacks:
        per_ip[f"203.0.113.{number // ATTACK_EVERY % ATTACKERS}"] += 1
    top = tuple(sorted(per_ip.items(), key=lambda pair: (-pair[1], pair[0])))
    return [lines, len(attacks), ATTACKERS, top]


def grow(log: Path, data: Path, until: float) -> int:
    """The writer: append, read, index, again and again."""
    known, number = engine(None), 0
    folder = Cases(data).create("case")
    while time.time() < until:
        with log.open("a", encoding="ascii") as file:
            more = STEP if number else FIRST
            file.writelines(line(one) for one in range(number + 1, number + more + 1))
            number += more
        reading = read_into(folder, [expand([log])], Options(), now(), known.scanner, lambda _: None)
        assert not reading.failed
        with investigation(folder, "case", known, now()) as found:
            index_case(folder, found.lake, found.lake.hits(Selector()), known.rules.version, BuiltIn())
    return number


def ask_again_and_again(data: Path, until: float) -> Iterator[int]:
    """A reader: the newest state each time; lines that the answers were true of."""
    known, folder = engine(None), Cases(data).open("case")
    while time.time() < until:
        with investigation(folder, "case", known, now()) as found:
            if found.lake.sources:
                yield judged(answer_question("", found, folder, plan=PLAN))


def judged(answer: Answer) -> int:
    """The lines of the state that was asked; every number has to be that state's."""
    assert {one.verdict.status for part in answer.parts for one in part.claims} <= {"verified"}, answer
    found = [claimed(part, kind) for part, kind in zip(answer.parts, KINDS, strict=False)]
    lines = found[0]
    assert isinstance(lines, int)
    assert found == expected(lines), (lines, found)
    return lines


def claimed(part: Part, kind: ClaimKind) -> ClaimValue:
    (value,) = [one.claim.value for one in part.claims if one.claim.kind is kind]
    return value


def now() -> datetime:
    return datetime.now(UTC)


def process(role: str, *words: str) -> subprocess.Popen[str]:
    code = f"from tests.test_soak import play; play({role!r}, {words!r})"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, text=True, stdout=subprocess.PIPE)


def play(role: str, words: tuple[str, ...]) -> None:
    log, data, until = Path(words[0]), Path(words[1]), float(words[2])
    if role == "writer":
        sys.stdout.write(str(grow(log, data, until)))
    else:
        sys.stdout.write(" ".join(map(str, ask_again_and_again(data, until))))


@pytest.mark.kill
def test_two_ask_while_one_reads_and_indexes(tmp_path: Path) -> None:
    log, data = tmp_path / "access.log", tmp_path / "data"
    Cases(data).create("case")
    until = str(time.time() + SECONDS)
    running = [process(role, str(log), str(data), until) for role in ("writer", "reader", "reader")]
    said = [one.communicate(timeout=SECONDS + 120)[0] for one in running]
    assert [one.returncode for one in running] == [0, 0, 0]
    written, *answers = ([int(number) for number in text.split()] for text in said)
    for seen in answers:
        assert seen == sorted(seen)  # a state is never older than the one before
        assert seen
        assert seen[-1] <= written[0]
