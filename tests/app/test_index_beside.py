"""The index made by a process of its own: once a state, followed to its end, ended with its case."""

from pathlib import Path

import pytest

from app.index_beside import is_current, keep_current, make_anew, stop
from app.model_access import access
from app.reading import engine, read_into
from app.sample import FILES
from core.report import Report
from eval.stubs.openai import OpenAIStub
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options
from stores.cases import Cases
from stores.lake import Lake

pytestmark = pytest.mark.slow


@pytest.fixture
def case(tmp_path: Path, report: Report) -> Path:
    folder = Cases(tmp_path).create("case")
    read_into(folder, [expand(list(FILES))], Options(), report.generated_at, engine(None).scanner, lambda _: None)
    return folder


def state(case: Path) -> tuple[str, str]:
    with Lake.open(case) as lake:
        return lake.state, engine(None).rules.version


def test_the_index_is_made_once_a_state(tmp_path: Path, case: Path) -> None:
    assert not is_current(case, *state(case))
    job = keep_current(tmp_path, case, None, *state(case))
    assert job is not None
    assert keep_current(tmp_path, case, None, *state(case)) in (job, None)
    assert job.process.wait(120) == 0
    assert is_current(case, *state(case))
    assert keep_current(tmp_path, case, None, *state(case)) is None
    stop(case)
    assert keep_current(tmp_path, case, None, *state(case)) is None


def test_another_embedder_makes_the_index_anew(tmp_path: Path, case: Path) -> None:
    """Its settings reach the process, its key does not stand in the arguments."""
    with OpenAIStub() as stub:
        values = {"AKASHI_MODEL": "off", "AKASHI_EMBEDDINGS": "compatible", "OPENAI_BASE_URL": f"{stub.url}/v1",
                  "OPENAI_EMBEDDING_MODEL": "vectors", "OPENAI_API_KEY": "not-a-real-" + "key"}  # fmt: skip
        job = make_anew(tmp_path, case, None, state(case)[0], values)
        assert "not-a-real" not in str(job.process.args)
        assert job.process.wait(120) == 0
        assert is_current(case, *state(case), access(values))
    assert not is_current(case, *state(case))
    stop(case)


def test_a_case_that_goes_takes_its_job_with_it(tmp_path: Path, case: Path) -> None:
    job = keep_current(tmp_path, case, None, *state(case))
    assert job is not None
    stop(case)
    assert not job.running
    Cases(tmp_path).delete("case")
    assert not case.exists()
