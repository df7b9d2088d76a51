"""A model that lies: it starts from a truthful draft and changes it by one operator."""

from random import Random

from core.draft import Draft
from models.chat import Prompt
from models.fakes.lies.edit import written
from models.fakes.lies.lie import LogFacts, Operator
from models.fakes.obedient import emptiest
from models.fakes.scripted import ScriptedModel


class LyingModel(ScriptedModel):
    """Tells the operator's lies in an order that `random` makes, one a draft, the last one again and again.

    A call for anything but a draft gets the emptiest value of its schema. Where the operator finds nothing to lie
    about, the draft is told as it is.
    """

    def __init__(self, draft: Draft, facts: LogFacts, operator: Operator, random: Random) -> None:
        lies = operator.apply(draft, facts, random) or [draft]
        self.lies = [one if isinstance(one, str) else written(one) for one in random.sample(lies, len(lies))]
        self._told = 0
        super().__init__([self._lie], again=True, provider="lying", model=f"lying-{operator.id}")

    def _lie(self, prompt: Prompt) -> str:
        if prompt.schema is not Draft:
            return emptiest(prompt.schema.model_json_schema())
        lie = self.lies[min(self._told, len(self.lies) - 1)]
        self._told += 1
        return lie
