"""Killed at any moment, indexing leaves whole chunks, old or new, and the next run does the rest."""

import random
import shutil
import time
from functools import partial
from pathlib import Path

import pytest

from stores.cases import Cases
from stores.chunk_files import FOLDER
from stores.chunks import ChunkStore
from tests.ingestion.test_index import LOG, MORE, check, run
from tests.killing import killed_after
from tests.stores.filling import fill

pytestmark = pytest.mark.kill

MOMENTS = 12


def test_killed_after_any_time(tmp_path: Path) -> None:
    old = Cases(tmp_path / "old").create("a")
    fill(old, "a.log", LOG)
    run(old)
    with ChunkStore.open(old) as store:
        before = store.built
    fill(old, "b.log", MORE)
    chance, outcomes = random.Random(3), set()
    started = time.perf_counter()
    run(Path(shutil.copytree(tmp_path / "old", tmp_path / "whole")) / "a")
    takes = time.perf_counter() - started
    for place in range(MOMENTS):
        case_dir = Path(shutil.copytree(tmp_path / "old", tmp_path / f"moment-{place}")) / "a"
        killed_after(partial(run, case_dir), chance.uniform(0, takes))
        with ChunkStore.open(case_dir) as store:
            outcomes.add(store.built == before)
            assert len(store.get(store.select())) == len(store)
        run(case_dir)
        check(case_dir)
        assert len(list((case_dir / FOLDER).iterdir())) == 5
    assert True in outcomes
