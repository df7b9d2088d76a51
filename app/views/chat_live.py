"""An answer while it is worked on: how far it is, the verified part once it is whole, a model's words as they come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.asking import Heard
from app.commands.progress import progress_text
from app.render.answer import answer_view
from app.render.markdown import escape
from app.render.plan_words import Names
from app.render.told import joined, sentence_text
from app.views.answer import draw
from app.views.told import head
from core.answer import Answer
from core.told import ToldSentence

if TYPE_CHECKING:
    from answering.operations.inquiry import Progress

_EVERY = 0.05


@dataclass(slots=True)
class Live:
    """One question in sight; `address` makes the link to the turn of a number, `model` is who is asked."""

    status: DeltaGenerator
    lang: str
    names: Names
    model: str
    address: Callable[[int], str]
    number: int = 0
    words: list[str] = field(default_factory=list)
    _place: DeltaGenerator | None = None
    _last: float = 0.0

    def begun(self, number: int) -> None:
        """The turn has a number."""
        self.number = number

    def tell(self, step: "Progress") -> None:
        """How far it is; here a stop takes hold."""
        if monotonic() - self._last > _EVERY:
            self._last = monotonic()
            self.status.update(label=escape(progress_text(step, self.lang)))  # type: ignore[attr-defined]

    def heard(self) -> Heard:
        """Who draws the answer before it is kept."""
        return Heard(self._ready, self._sentence)

    def _ready(self, answer: Answer) -> None:
        view = answer_view(answer, answer.plan.language, self.names)
        draw(view, str(self.number), self.address(self.number), lambda: self._open(view.lang))

    def _open(self, lang: str) -> None:
        """Where the model's words will stand."""
        with st.container(key=f"told-{self.number}", gap="small", border=True):
            head(self.model, lang)
            self._place = st.empty()

    def _sentence(self, said: ToldSentence) -> None:
        """The words so far, as text; each sentence has been checked."""
        self.words.append(sentence_text(said))
        if self._place is not None:
            self._place.text(joined(self.words))
