"""Machine code belongs to one state of all compiled sources together."""

from pathlib import Path

import pytest

from detection.compiled import cache_folder

LOOP = "@compiled\ndef loop(): ..."


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name, text in (("detection/decode", LOOP), ("detection/rule", "x = 1"), ("ingestion/parse/emit", LOOP)):
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(("name", "changes"), [("decode", True), ("rule", False)])
def test_a_change_in_any_compiled_source_leads_to_another_folder(sources: Path, name: str, changes: bool) -> None:
    before = cache_folder(sources)
    path = sources / "detection" / f"{name}.py"
    path.write_text(path.read_text() + " # changed")
    assert (cache_folder(sources) != before) == changes
