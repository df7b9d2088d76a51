"""Suites on disk: what is read, and what is refused with its place named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import AkashiError, ContentError
from eval.dataset import load_cases, parse_truth

TRUTH: dict[str, Any] = {
    "source": "invented",
    "licence": "none",
    "format": "nginx.access",
    "incidents": [
        {
            "type": "sql_injection",
            "accept": ["code_injection", "any_attack", "oot:nosql_injection"],
            "source_ips": ["203.0.113.7"],
            "lines": {"web/access.log": [2]},
            "count": 1,
            "outcome": "failed",
        }
    ],
    "benign_lines": {"web/access.log": [1]},
    "unlabelled": "unknown",
}


def case(folder: Path, truth: object = TRUTH) -> Path:
    logs = folder / "logs" / "web"
    logs.mkdir(parents=True)
    (logs / "access.log").write_bytes(b"a\nb\n")
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def test_a_case_knows_its_files_by_relative_name(tmp_path: Path) -> None:
    (loaded,) = load_cases(case(tmp_path / "one"))
    assert (loaded.name, [name for name, _ in loaded.files]) == ("one", ["web/access.log"])
    assert loaded.truth.incidents[0].refs() == {("web/access.log", 2)}


def test_a_folder_of_cases_in_name_order(tmp_path: Path) -> None:
    case(tmp_path / "b")
    case(tmp_path / "a")
    (tmp_path / "notes").mkdir()
    assert [one.name for one in load_cases(tmp_path)] == ["a", "b"]


def without_logs(folder: Path) -> Path:
    (folder / "truth.json").write_text("{}", encoding="utf-8")
    return folder


INCIDENT = TRUTH["incidents"][0]
BAD = [
    (TRUTH | {"colour": "red"}, "colour"),
    (TRUTH | {"unlabelled": "maybe"}, "unlabelled"),
    (TRUTH | {"benign_lines": {"other.log": [1]}}, "other.log"),
    (TRUTH | {"incidents": [INCIDENT | {"type": "any_attack"}]}, "incidents.0.type"),
    (TRUTH | {"incidents": [INCIDENT | {"type": "oot:"}]}, "incidents.0.type"),
    (TRUTH | {"incidents": [INCIDENT | {"accept": ["nonsense"]}]}, "incidents.0.accept.0"),
    (TRUTH | {"incidents": [INCIDENT | {"outcome": "great"}]}, "incidents.0.outcome"),
    (TRUTH | {"incidents": [INCIDENT | {"lines": {"web/access.log": [0]}}]}, "incidents.0.lines.web/access.log.0"),
    ([], ""),
]


@pytest.mark.parametrize(("truth", "where"), BAD)
def test_bad_truth_is_refused_with_its_place(tmp_path: Path, truth: object, where: str) -> None:
    with pytest.raises(ContentError, match="bad_truth") as refused:
        load_cases(case(tmp_path / "one", truth))
    assert refused.value.facts["where"] == where


def test_bytes_that_are_no_json() -> None:
    with pytest.raises(ContentError, match="bad_truth"):
        parse_truth(b"\xff{", "one")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path / "nowhere", "unknown_path"),
        (lambda path: path, "no_case"),
        (without_logs, "case_without_logs"),
    ],
)
def test_what_is_no_suite(tmp_path: Path, make: Callable[[Path], Path], code: str) -> None:
    with pytest.raises(AkashiError, match=code):
        load_cases(make(tmp_path))
