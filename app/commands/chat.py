"""`akashi chat`: a conversation about a case in the terminal, kept with the case."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.asking import UNHEARD, ask_and_keep, exchange_of
from app.commands.ask import AnswerLanguage, readable
from app.commands.options import Case, DataDir, Json, RulesDir, complain, now, refusals, say
from app.commands.progress import clear, teller
from app.commands.speaking import Speaking
from app.commands.stopping import Stopping
from app.i18n import error_text, number, text
from app.inert import inert, inert_bytes
from app.model_access import Access, access
from app.reading import Engine, Investigation, engine, open_investigation, rules_folder
from app.render.answer import names_of, suggestion_text
from app.render.answer_json import answer_facts
from app.render.json import dumps
from app.render.plan_words import Names
from app.settings import from_environment
from core.answer import Answer
from core.errors import AkashiError
from core.plan import Exchange
from stores.cases import Cases
from stores.conversations import Conversations, TurnState, new_conversation
from stores.ignore_file import read_ignores
from stores.state import newest_state

if TYPE_CHECKING:
    from answering.operations.inquiry import Progress

PROMPT = "› "
_LINES = 20
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the newest conversation of the case.")]


@refusals
def chat(
    *,
    data_dir: DataDir,
    lang: AnswerLanguage = None,
    case: Case = "default",
    rules_dir: RulesDir = None,
    resume: Resume = False,
    as_json: Json = False,
) -> None:
    """Talk about a case: ask, ask on, look at lines; Ctrl-C stops an answer, :help lists what else there is."""
    case_dir = Cases(data_dir).open(case)
    talk = Talk(data_dir, case_dir, engine(rules_folder(data_dir, rules_dir)), lang, as_json=as_json, access=access())
    talk.begin(resume=resume)
    try:
        for words in _asked(talk.words):
            try:
                if not sys.stdin.isatty() and not as_json:
                    say(f"{PROMPT}{inert(words)}")
                if not talk.take(readable(words)):
                    break
            except KeyboardInterrupt:
                clear()
                complain(text("chat.stopped", talk.words))
    finally:
        talk.close()


def _asked(lang: str) -> Iterator[str]:
    """What is typed, line by line, with editing and recall where there is a terminal; Ctrl-C drops a line."""
    watched = sys.stdin.isatty()
    if watched:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - importing it is what gives `input` its editing
        say(text("cli.chat_hello", lang))
    while True:
        try:
            words = input(PROMPT if watched else "")
        except KeyboardInterrupt:
            say("")
            continue
        except EOFError:
            return
        if words.strip():
            yield words


@dataclass(slots=True)
class Talk:
    """One conversation at the terminal: the case as it is now, and what was said."""

    data_dir: Path
    case_dir: Path
    known: Engine
    lang: str | None
    as_json: bool
    access: Access | None = None
    conversation: str = field(default_factory=new_conversation)
    history: list[Exchange] = field(default_factory=list)
    last: Answer | None = None
    _found: Investigation | None = None

    @property
    def words(self) -> str:
        """The language of everything that is no answer."""
        return self.lang or from_environment().language

    def begin(self, *, resume: bool) -> None:
        """Goes on where the newest conversation ended, if that is wanted and there is one."""
        if not resume:
            return
        with Conversations.open(self.case_dir) as store:
            for newest in store.all()[:1]:
                self.conversation = newest.id
                numbers = [turn.number for turn in store.turns(newest.id) if turn.state is TurnState.ANSWERED]
                for turn in filter(None, map(store.turn, numbers)):
                    if turn.answer is not None:
                        self._remember(turn.answer)

    def close(self) -> None:
        """Lets go of the case."""
        if self._found is not None:
            self._found.lake.close()

    def take(self, words: str) -> bool:
        """One line that was typed; whether the conversation goes on."""
        lang = self.words
        if words in {":quit", ":q", ":exit"}:
            return False
        if words == ":help":
            say(text("cli.chat_help", lang))
        elif words.split(maxsplit=1)[0] == ":lines":
            self._lines(words)
        elif words[0] == ":" and words[1:].isdigit():
            self._suggestion(int(words[1:]))
        elif words[0] == ":":
            complain(text("cli.chat_unknown", lang, word=inert(words.split(maxsplit=1)[0])))
        else:
            self._ask(words)
        return True

    def _ask(self, question: str) -> None:
        try:
            with Stopping() as stopping:
                self._answered(question, stopping)
        except AkashiError as error:
            clear()
            complain(error_text(error, self.words))

    def _answered(self, question: str, stopping: Stopping) -> None:
        show = teller(self.lang)

        def tell(step: "Progress") -> None:
            stopping.check()
            if show is not None:
                show(step)

        found, folder = self._case(), self.case_dir
        stopping.check()
        names = names_of(found.lake.sources)
        speaking = Speaking(names, self.lang)
        try:
            number_of = ask_and_keep(
                *(question, found, folder, self.conversation, now()),
                history=tuple(self.history),
                access=self.access,
                tell=tell,
                heard=UNHEARD if self.as_json else speaking.heard(),
            )
        finally:
            if speaking.ready is not None:
                self._remember(speaking.ready)  # it stands, whatever becomes of the model
        with Conversations.open(folder) as store:
            turn = store.turn(number_of)
        if turn is not None and turn.answer is not None:
            self._show(turn.answer, names, speaking)

    def _show(self, answer: Answer, names: Names, speaking: Speaking) -> None:
        if speaking.ready is None:
            self._remember(answer)
        if self.as_json:
            clear()
            say(dumps(answer_facts(answer, names)))
        else:
            speaking.rest(answer)

    def _remember(self, answer: Answer) -> None:
        self.last = answer
        self.history.append(exchange_of(answer))

    def _lines(self, words: str) -> None:
        """`:lines` or `:lines 50`: the raw lines behind the newest answer."""
        evidence = [part.evidence for part in self.last.parts if part.evidence] if self.last else []
        if not evidence:
            complain(text("evidence.none", self.words))
            return
        wanted = words.split()[1:]
        limit = int(wanted[0]) if wanted and wanted[0].isdigit() else _LINES
        lake = self._case().lake
        names = names_of(lake.sources)
        lines = lake.lines(lake.refs(evidence[0], limit=limit))
        for line in lines:
            say(f"{names[line.ref.source]}:{line.ref.line}: {inert_bytes(line.raw)}")
        count = lake.count(evidence[0])
        say(text("evidence.showing", self.words, shown=number(len(lines)), count=number(count)))

    def _suggestion(self, place: int) -> None:
        suggestions = self.last.suggestions if self.last else ()
        if not 0 < place <= len(suggestions) or self.last is None:
            complain(text("cli.chat_unknown", self.words, word=f":{place}"))
            return
        lang = self.lang or self.last.plan.language
        question = suggestion_text(suggestions[place - 1], lang, self.last.zone_offset)
        say(f"{PROMPT}{question}")
        self._ask(question)

    def _case(self) -> Investigation:
        """The newest state of the case."""
        if self._found is not None and self._found.report.state == newest_state(self.case_dir):
            return self._found
        self.close()
        ignores = read_ignores(self.data_dir, self.case_dir)
        self._found = open_investigation(self.case_dir, self.case_dir.name, self.known, now(), ignores)
        return self._found
