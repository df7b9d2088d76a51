"""A model that says, call by call, what it was told to say, and remembers what it was asked."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.chat import Clock, FaultCode, ModelFault, OnSent, OnText, Prompt, Reply, Usage, unheard

_CHARACTERS_OF_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Broken:
    """A reply that ends in the middle: `said` comes, then the fault."""

    said: str
    fault: ModelFault


Said = str | Broken | ModelFault | Callable[[Prompt], "str | Broken | ModelFault"]
"""One reply: its text, a fault in its place, or what makes either from the prompt."""


class ScriptedModel:
    """Plays its replies in order; `prompts` are what it was asked, `sent` the bodies it would have sent.

    `piece` is how many characters `on_text` hears at a time (0: all at once). Every call from the last reply on gets
    that one again where `again` says so; otherwise a call too many is a mistake of whoever wrote the script.
    """

    def __init__(
        self,
        replies: Iterable[Said],
        *,
        piece: int = 0,
        again: bool = False,
        provider: str = "scripted",
        model: str = "scripted",
    ) -> None:
        self.provider = provider
        self.model = model
        self.prompts: list[Prompt] = []
        self.sent: list[str] = []
        self._replies = list(replies)
        self._piece = piece
        self._again = again

    def reply(
        self, prompt: Prompt, *, on_text: OnText, deadline: float, clock: Clock, on_sent: OnSent = unheard
    ) -> Reply:
        """As `models.chat.ChatModel`; raises `LookupError` when the script has ended."""
        began = clock()
        if began >= deadline:
            raise ModelFault(FaultCode.DEADLINE)
        body = json.dumps({"model": self.model, "system": prompt.system, "user": prompt.user}, ensure_ascii=False)
        on_sent(body)
        self.prompts.append(prompt)
        self.sent.append(body)
        said = self._next(prompt)
        if isinstance(said, ModelFault):
            raise said
        text = said if isinstance(said, str) else said.said
        self._tell(text, on_text, deadline, clock)
        if isinstance(said, Broken):
            raise said.fault
        tokens = _tokens(prompt.system) + _tokens(prompt.user)
        return Reply(text, Usage(tokens, _tokens(text), clock() - began), self.model)

    def _next(self, prompt: Prompt) -> str | Broken | ModelFault:
        number = len(self.prompts) - 1
        if self._again:
            number = min(number, len(self._replies) - 1)
        if not 0 <= number < len(self._replies):
            raise LookupError(f"the script has {len(self._replies)} replies, and this is call {len(self.prompts)}")
        said = self._replies[number]
        return said(prompt) if callable(said) else said

    def _tell(self, text: str, on_text: OnText, deadline: float, clock: Clock) -> None:
        """Piece by piece; who is late is cut, as a provider is."""
        step = self._piece or max(len(text), 1)
        for start in range(0, len(text), step):
            if clock() >= deadline:
                raise ModelFault(FaultCode.DEADLINE)
            on_text(text[start : start + step])


def _tokens(text: str) -> int:
    """About as many as a provider would count: enough for budgets, and the same on every machine."""
    return -(-len(text) // _CHARACTERS_OF_A_TOKEN)
