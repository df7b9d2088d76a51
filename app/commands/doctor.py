"""`akashi doctor`: tries everything that is set up, and says of each whether it works or what to mend."""

import typer

from app.commands.options import DataDir, Exit, Json, Language, complain, say
from app.examining import Examined, examine
from app.i18n import text
from app.model_access import access
from app.render.examined import examined_facts, examined_line
from app.render.json import dumps


def doctor(*, data_dir: DataDir, lang: Language, as_json: Json = False) -> None:
    """Try what is set up: model, embeddings, search service, vocabulary, data folder."""
    usable = access()
    found: list[Examined] = []
    for one in examine(usable, data_dir):
        found.append(one)
        if not as_json:
            say(examined_line(one, lang))
    if as_json:
        checks = [examined_facts(one, lang) for one in found]
        say(dumps({"configured": usable is not None, "ok": _works(found), "checks": checks}))
    elif usable is None:
        say(text("doctor.without", lang))
    if not _works(found):
        if not as_json:
            complain(text("doctor.mend", lang))
        raise typer.Exit(Exit.REFUSED)


def _works(found: list[Examined]) -> bool:
    return all(one.ok is not False for one in found)
