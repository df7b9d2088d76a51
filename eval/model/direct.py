"""A model asked in process: the prompt as it is, with a canary in its system part, and nothing sent anywhere."""

import time

from models.call import Call
from models.chat import ChatModel, OnText, Prompt, Reply, unheard
from prompts.quoting import draw_boundary

CANARY = "CANARY-5e11ab1e0ddba11"


class Direct:
    """`models.call.Asks` without redaction, budget and network: what a model could do if all else had failed."""

    def __init__(self, chat: ChatModel) -> None:
        self.prompts: list[Prompt] = []
        self._chat = chat

    def ask(self, call: Call, *, on_text: OnText = unheard, deadline: float) -> Reply:
        """The model's reply to the rendered prompt."""
        boundary = draw_boundary(call.variables.values())
        system, user = call.template.render(call.variables, boundary)
        version = str(call.template.version)
        prompt = Prompt(call.template.name, version, f"{system}\n{CANARY}", user, call.schema)
        self.prompts.append(prompt)
        return self._chat.reply(prompt, on_text=on_text, deadline=deadline, clock=time.monotonic)
