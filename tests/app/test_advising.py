"""A model beside an answer: its faults are a sentence, who stops it keeps the answer; without one none is loaded."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.asking import Heard, answer_question, ask_and_keep
from app.cli import app
from app.i18n import LANGUAGES, words
from app.model_access import Access, access
from app.reading import Investigation, engine, open_investigation, read_into
from app.sample import FILES
from app.sent import sent_text, spent
from core.answer import Answer
from core.report import Report
from eval.stubs.openai import FAULTS, OpenAIStub
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options
from stores.cases import Cases
from stores.conversations import Conversations, TurnState, new_conversation
from tests.browser.model_says import says

ROOT = Path(__file__).parents[2]
QUESTION = "How many SQL injections were there?"


class StopError(BaseException):
    """As a person who presses stop."""


@pytest.fixture(scope="module")
def stub() -> Iterator[OpenAIStub]:
    with OpenAIStub(replier=says("http://203.0.113.99")) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Cases(tmp_path_factory.mktemp("cases")).create("shop")


@pytest.fixture
def found(folder: Path, report: Report) -> Iterator[Investigation]:
    read_into(folder, [expand(list(FILES))], Options(), report.generated_at, engine(None).scanner, lambda _: None)
    opened = open_investigation(folder, "shop", engine(None), report.generated_at)
    yield opened
    opened.lake.close()


def set_up(stub: OpenAIStub, **more: str) -> Access:
    made = access({"OPENAI_BASE_URL": f"{stub.url}/v1", "OPENAI_MODEL": "stub", "AKASHI_MODEL": "compatible", **more})
    assert made is not None
    return made


def alone(answer: Answer) -> Answer:
    return replace(answer, told=None)


def test_the_answer_is_whole_before_the_model_is_asked(stub: OpenAIStub, found: Investigation, folder: Path) -> None:
    said: list[object] = []
    stub.reset()
    answer = answer_question(QUESTION, found, folder, access=set_up(stub), heard=Heard(said.append, said.append))
    assert said[0] == alone(answer) == answer_question(QUESTION, found, folder)
    assert answer.told is not None
    assert (answer.told.fault, len(said) > 1, len(answer.told.sentences) > 0) == ("", True, True)
    for attempt in answer.told.attempts:
        payload = sent_text(folder, attempt.payload)
        assert payload is not None
        assert '"model":"stub"' in payload
    assert spent(folder).calls >= len(answer.told.attempts)


@pytest.mark.parametrize(
    ("fault", "code"),
    [("unauthorized", "unauthorized"), ("quota", "quota"), ("refused", "refused"), ("truncated", "truncated"),
     ("malformed", "malformed"), ("cut", "cut"), ("not_found", "not_found")],
)  # fmt: skip
def test_a_fault_is_one_sentence_beside_the_same_answer(
    stub: OpenAIStub, found: Investigation, folder: Path, fault: str, code: str
) -> None:
    stub.reset()
    stub.always = FAULTS[fault]
    answer = answer_question(QUESTION, found, folder, access=set_up(stub))
    stub.always = None
    assert answer.told is not None
    assert (answer.told.fault, answer.told.sentences) == (code, ())
    assert alone(answer) == answer_question(QUESTION, found, folder)
    assert all(words(lang)[f"fault.{code}"] for lang in LANGUAGES)


def test_settings_that_cannot_be_used_are_one_sentence(found: Investigation, folder: Path) -> None:
    answer = answer_question(QUESTION, found, folder, access=access({"OPENAI_MODEL": "m"}))
    assert answer.told is not None
    assert (answer.told.fault, answer.told.facts) == ("settings", {"setting": "OPENAI_API_KEY"})
    assert alone(answer) == answer_question(QUESTION, found, folder)


def test_who_stops_the_model_keeps_the_answer(
    stub: OpenAIStub, found: Investigation, folder: Path, report: Report
) -> None:
    chat = new_conversation()

    def stop(_said: object) -> None:
        raise StopError

    with pytest.raises(StopError):
        ask_and_keep(
            *(QUESTION, found, folder, chat, report.generated_at), access=set_up(stub), heard=Heard(sentence=stop)
        )
    with Conversations.open(folder) as store:
        (turn,) = store.turns(chat)
        kept = store.turn(turn.number)
    assert turn.state is TurnState.ANSWERED
    assert kept is not None
    assert kept.answer == answer_question(QUESTION, found, folder)


@pytest.mark.slow
def test_an_index_of_bought_vectors_is_made_and_asked(stub: OpenAIStub, found: Investigation, folder: Path) -> None:
    from app.indexing import index

    bought = set_up(stub, AKASHI_EMBEDDINGS="compatible", OPENAI_EMBEDDING_MODEL="vectors")
    data_dir = folder.parent
    done = index(data_dir, folder, engine(None), found.opened.now, access=bought, rebuild=True)
    assert done.added > 0
    answer = answer_question("search for passwd", found, folder, access=replace(bought, refusal=None))
    assert "index_other_embedder" not in {note.code for part in answer.parts for note in part.notes}
    other = answer_question("search for passwd", found, folder)
    assert "index_other_embedder" in {note.code for part in other.parts for note in part.notes}


def test_embeddings_that_fail_leave_the_lines_to_be_searched(found: Investigation, folder: Path) -> None:
    gone = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "AKASHI_MODEL": "off", "AKASHI_EMBEDDINGS": "compatible"}
    gone["OPENAI_EMBEDDING_MODEL"] = "vectors"  # its columns are not known: the server would have to be asked
    answer = answer_question("search for passwd", found, folder, access=access(gone))
    assert "embedding_failed" in {note.code for part in answer.parts for note in part.notes}
    assert [part.code for part in answer.parts] != []


def test_doctor_tries_what_is_set_up(stub: OpenAIStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.reset()
    run = CliRunner().invoke
    without = run(app, ["doctor", "--data-dir", str(tmp_path), "--lang", "en"])
    assert (without.exit_code, "none is needed" in without.stdout) == (0, True)
    monkeypatch.setenv("OPENAI_BASE_URL", f"{stub.url}/v1")
    monkeypatch.setenv("OPENAI_MODEL", "stub")
    good = json.loads(run(app, ["doctor", "--data-dir", str(tmp_path), "--json"]).stdout)
    assert (good["configured"], good["ok"]) == (True, True)
    assert {one["subject"] for one in good["checks"]} == {"settings", "data", "chat", "vocabulary"}
    stub.always = FAULTS["unauthorized"]
    bad = run(app, ["doctor", "--data-dir", str(tmp_path), "--lang", "ja"])
    stub.always = None
    assert (bad.exit_code, words("ja")["remedy.key"] in bad.stdout) == (1, True)


@pytest.mark.slow
def test_without_a_model_nothing_of_one_is_loaded(folder: Path, found: Investigation) -> None:
    code = (
        "import sys; from app.cli import app; app(sys.argv[1:], standalone_mode=False);"
        "print([m for m in sys.modules if m.partition('.')[0] in {'models', 'openai', 'langchain_openai'}])"
    )
    command = [sys.executable, "-c", code, "ask", QUESTION, "--case", "shop", "--data-dir", str(folder.parent)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.rstrip().endswith("[]"), done.stdout + done.stderr
