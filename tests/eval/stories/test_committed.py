"""The committed suites are what the generator writes, and stay small."""

from pathlib import Path

import pytest

from core.taxonomy import AttackType
from eval.dataset import load_cases
from eval.questions.schema import FILE
from eval.stories.__main__ import SUITES, write
from eval.stories.table import STORIES, suites


def files_below(folder: Path) -> dict[str, bytes]:
    """Everything but the questions, which are written by hand."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_committed_files_are_the_generators_output(tmp_path: Path) -> None:
    write(tmp_path)
    fresh, committed = files_below(tmp_path), files_below(SUITES)
    assert sorted(fresh) == sorted(committed)
    assert [name for name in sorted(fresh) if fresh[name] != committed[name]] == []


def test_suites_stay_small() -> None:
    sizes = {name: sum(map(len, files.values())) for name, files in suites()}
    assert max(sizes.values()) < 300_000
    assert sum(sizes.values()) < 3_000_000


def test_every_attack_type_happens_in_a_story() -> None:
    told = {incident.type for case in load_cases(SUITES) for incident in case.truth.incidents}
    assert set(AttackType) - told == set()


@pytest.mark.parametrize("story", sorted(STORIES))
def test_both_servers_log_the_same_incidents(story: str) -> None:
    nginx, apache = (load_cases(SUITES / f"{story}_{server}")[0].truth for server in ("nginx", "apache"))
    told = [[(one.type, one.source_ips, one.outcome) for one in truth.incidents] for truth in (nginx, apache)]
    assert told[0] == told[1]


@pytest.mark.parametrize("case", [one.name for one in load_cases(SUITES)])
def test_labels_name_lines_of_the_files(case: str) -> None:
    (loaded,) = load_cases(SUITES / case)
    lines = {name: path.read_bytes().count(b"\n") for name, path in loaded.files}
    labelled = [loaded.truth.benign_lines, *(incident.lines for incident in loaded.truth.incidents)]
    assert all(number <= lines[name] for by_file in labelled for name, numbers in by_file.items() for number in numbers)
