"""The shortest way to a scripted model, for tables of many replies: nothing is redacted, counted or written down."""

from models.call import Call
from models.chat import OnText, Prompt, Reply, unheard
from models.fakes.scripted import ScriptedModel
from prompts.quoting import draw_boundary


class Direct:
    """As `models.gateway.Gateway` to its callers."""

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model

    def ask(self, call: Call, *, on_text: OnText = unheard, deadline: float) -> Reply:
        system, user = call.template.render(call.variables, draw_boundary(call.variables.values()))
        made = Prompt(call.template.name, str(call.template.version), system, user, call.schema)
        return self.model.reply(made, on_text=on_text, deadline=deadline, clock=lambda: 0.0)
