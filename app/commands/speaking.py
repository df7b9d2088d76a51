"""An answer on a terminal as it comes: the verified part at once, then a model's words as they are checked."""

import sys
from dataclasses import dataclass, field

from rich.padding import Padding
from rich.text import Text

from app.asking import Heard
from app.commands.progress import clear
from app.render.answer import AnswerView, answer_view
from app.render.answer_terminal import console_on, print_answer, print_rest, print_verified
from app.render.plan_words import Names
from app.render.told import joined, sentence_text
from app.render.told_terminal import print_head
from core.answer import Answer
from core.told import ToldSentence


@dataclass(slots=True)
class Speaking:
    """Prints one answer; `lang` None: in the language of the question."""

    names: Names
    lang: str | None
    words: list[str] = field(default_factory=list)
    ready: Answer | None = None

    def heard(self) -> Heard:
        """Who prints what comes."""
        return Heard(self._ready, self._sentence)

    def rest(self, answer: Answer) -> None:
        """What was not printed yet."""
        clear()
        view = self._view(answer)
        if self.ready is None:
            print_answer(view, sys.stdout)
        else:
            print_rest(view, sys.stdout, heard=joined(self.words))

    def _ready(self, answer: Answer) -> None:
        clear()
        self.ready = answer
        print_verified(self._view(answer), sys.stdout)
        sys.stdout.flush()

    def _sentence(self, said: ToldSentence) -> None:
        clear()
        console = console_on(sys.stdout)
        if not self.words:
            console.print()
            print_head(console, self.lang or (self.ready.plan.language if self.ready is not None else "en"))
        self.words.append(sentence_text(said))
        console.print(Padding(Text(self.words[-1]), (0, 0, 0, 2), expand=False))
        sys.stdout.flush()

    def _view(self, answer: Answer) -> AnswerView:
        return answer_view(answer, self.lang or answer.plan.language, self.names)
