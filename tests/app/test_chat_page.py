"""The chat page without a browser: ask, ask on, correct, come back; hostile words stay words."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.reading import engine, read_into
from app.sample import FILES
from app.settings import DATA_DIR
from core.report import Report
from core.taxonomy import AttackType
from ingestion.fetch.expand import expand
from ingestion.pipeline import Options
from stores.cases import Cases
from stores.conversations import FILE, Conversations, TurnState, new_conversation

pytestmark = pytest.mark.slow

PAGE = "from app.views.chat import page\npage()\n"
MAIN = Path(__file__).parents[2] / "app" / "main.py"
HOSTILE = "![x](http://203.0.113.99/p.png) <img src=x> `$(id)` :material/home: how many sql injections?"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Report) -> Path:
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    folder = Cases(tmp_path).create("case")
    read_into(folder, [expand(list(FILES))], Options(), report.generated_at, engine(None).scanner, lambda _: None)
    return folder


def opened(lang: str = "en", **address: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=120)
    app.session_state["lang"] = lang
    for name, value in ({"case": "case"} | address).items():
        app.query_params[name] = value
    return app.run()


def ask(app: AppTest, question: str) -> AppTest:
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in (*app.text, *app.code))


def address(app: AppTest) -> str:
    """The conversation that the address names."""
    chat = app.query_params["chat"]
    return chat if isinstance(chat, str) else chat[-1]


def labels(app: AppTest) -> str:
    """Everything that Streamlit reads as Markdown."""
    spoken = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.metric, *app.error, *app.warning]
    return "\n".join(
        [*(str(part.value) for part in spoken), *(str(part.label) for part in (*app.button, *app.expander))]
    )


def kept(case: Path) -> list[tuple[str, TurnState]]:
    with Conversations.open(case) as store:
        return [(turn.question, turn.state) for one in store.all() for turn in store.turns(one.id)]


@pytest.mark.parametrize(
    ("lang", "question", "words"),
    [
        ("en", "How many SQL injections were there?", "Attack lines: 14."),
        ("ja", "SQLインジェクションは何件ありましたか?", "14 行"),
    ],
)
def test_a_question_is_answered_and_kept(case: Path, lang: str, question: str, words: str) -> None:
    app = ask(opened(lang), question)
    assert words in shown(app)
    assert any("4/4" in str(part.value) for part in app.markdown)
    assert kept(case) == [(question, TurnState.ANSWERED)]


def test_a_follow_up_means_what_was_said_before(case: Path) -> None:
    app = ask(ask(opened(), "what else did 203.0.113.45 do?"), "how many lines is that?")
    assert "address: 203.0.113.45" in shown(app)
    assert [state for _, state in kept(case)] == [TurnState.ANSWERED] * 2


def test_a_new_case_offers_questions_and_pressing_one_asks_it(case: Path) -> None:
    app = opened()
    app.button(key="starter-0").click().run()
    assert not app.exception
    assert [state for _, state in kept(case)] == [TurnState.ANSWERED]
    app.button(key="suggest-1-0").click().run()
    assert len(kept(case)) == 2


def test_the_address_brings_the_conversation_back(case: Path) -> None:
    app = ask(opened(), "how many sql injections?")
    chat = address(app)
    assert "Attack lines: 14." in shown(opened(chat=chat))
    assert "Attack lines: 14." not in shown(opened())


def test_a_link_opens_its_answer_alone(case: Path) -> None:
    app = ask(ask(opened(), "how many sql injections?"), "how many path traversals?")
    chat = address(app)
    linked = opened(chat=chat, turn="2")
    assert "how many path traversals?" in shown(linked)
    assert "how many sql injections?" not in shown(linked)
    next(button for button in linked.button if "whole" in button.label).click().run()
    assert "how many sql injections?" in shown(linked)


@pytest.mark.parametrize("turn", ["99", "x", "-1", "1;drop"])
def test_a_link_that_leads_nowhere_says_so(case: Path, turn: str) -> None:
    app = ask(opened(), "how many sql injections?")
    chat = address(app)
    lost = opened(chat=chat, turn=turn)
    assert not lost.exception
    assert "no such answer" in shown(lost)


@pytest.mark.parametrize("chat", ["../../etc", "'; DROP TABLE turn; --", "A" * 16])
def test_a_hostile_name_of_a_conversation_is_a_new_one(case: Path, chat: str) -> None:
    ask(opened(chat=chat), "how many sql injections?")
    assert len(kept(case)) == 1


def test_the_question_stays_out_of_markdown(case: Path) -> None:
    app = ask(opened(), HOSTILE)
    assert "![x](http://203.0.113.99/p.png)" in shown(app)
    assert "![" not in labels(app)
    assert "<img" not in labels(app)


def test_a_plan_is_corrected_by_hand(case: Path) -> None:
    app = ask(opened(), "how many sql injections?")
    app.session_state["correct-1"] = True
    app.run()
    app.multiselect(key="types-1-0").set_value([AttackType.PATH_TRAVERSAL])
    app.button(key="FormSubmitter:plan-1-0-Run this plan").click().run()
    assert not app.exception
    assert "Attack lines: 6." in shown(app)
    assert any("corrected by hand" in str(part.value) for part in app.markdown)


@pytest.mark.parametrize(
    ("field", "value"),
    [("ips", "999.1.1.1"), ("since", "yesterday"), ("status", "abc"), ("ips", "![x](http://x/y.png)")],
)
def test_a_field_that_does_not_fit_is_told(case: Path, field: str, value: str) -> None:
    app = ask(opened(), "how many sql injections?")
    app.session_state["correct-1"] = True
    app.run()
    app.text_input(key=f"{field}-1-0").set_value(value)
    app.button(key="FormSubmitter:plan-1-0-Run this plan").click().run()
    assert not app.exception
    assert f"“{value}” does not fit" in shown(app)
    assert "![" not in labels(app)
    assert len(kept(case)) == 1


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda store, turn: store.stopped(turn), "Stopped."),
        (lambda store, turn: store.failed(turn, "disk_full"), "The disk is full"),
        (lambda *_: None, "No answer is stored"),
    ],
)
def test_a_turn_without_an_answer_can_be_asked_again(case: Path, report: Report, end: object, words: str) -> None:
    chat = new_conversation()
    with Conversations.open(case) as store:
        end(store, store.begin(chat, "how many sql injections?", report.generated_at))  # type: ignore[operator]
    app = opened(chat=chat)
    assert words in shown(app)
    app.button(key="again-1").click().run()
    assert "Attack lines: 14." in shown(app)


def test_only_the_newest_turns_are_drawn_at_first(case: Path, report: Report) -> None:
    chat = new_conversation()
    with Conversations.open(case) as store:
        for at in range(45):
            store.stopped(store.begin(chat, f"question {at:02}", report.generated_at))
    app = opened(chat=chat)
    assert "question 25" in shown(app)
    assert "question 24" not in shown(app)
    app.button(key="chat-earlier").click().run()
    assert "question 05" in shown(app)
    app.button(key="chat-earlier").click().run()
    assert "question 00" in shown(app)


def test_a_damaged_history_is_told(case: Path) -> None:
    (case / FILE).write_bytes(b"this is no database at all, however long one looks at it" * 100)
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.query_params["case"] = "case"
    app.run()
    assert not app.exception
    assert app.title[0].value.startswith("Attacks were found")
    with pytest.raises(Exception, match="history_damaged"):
        Conversations.open(case)


def test_an_answer_of_an_older_state_says_so(case: Path, report: Report, tmp_path: Path) -> None:
    app = ask(opened(), "how many sql injections?")
    chat = address(app)
    (tmp_path / "more.log").write_bytes(FILES[0].read_bytes() + b"\n")
    read_into(case, [expand([tmp_path / "more.log"])], Options(), report.generated_at, engine(None).scanner,
              lambda _: None)  # fmt: skip
    assert "The case has changed" in shown(opened(chat=chat))


def test_a_conversation_is_deleted_only_after_confirming(case: Path) -> None:
    app = ask(opened(), "how many sql injections?")
    app.button(key="chat-forget").click().run()
    assert len(kept(case)) == 1
    next(button for button in app.button if button.label == "Delete for good").click().run()
    assert not app.exception
    assert kept(case) == []
