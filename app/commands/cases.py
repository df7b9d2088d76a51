"""`akashi cases`: which cases there are, and deleting one without trace."""

from typing import Annotated

import typer

from app.commands.options import DataDir, Json, Language, refusals, say
from app.embedding import forget_elsewhere
from app.i18n import text
from app.model_access import access
from app.render.json import dumps
from stores.cases import Cases

cases = typer.Typer(help="List and delete cases.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the case.")]


@cases.command("list")
@refusals
def list_cases(*, data_dir: DataDir, lang: Language, as_json: Json = False) -> None:
    """List the cases of the data folder."""
    names = Cases(data_dir).names()
    if as_json:
        say(dumps({"cases": list(names)}))
    else:
        say("\n".join(names) if names else text("cli.no_cases", lang, folder=data_dir))


@cases.command("delete")
@refusals
def delete_case(name: Name, *, data_dir: DataDir, lang: Language, as_json: Json = False) -> None:
    """Delete a case: every line, finding and source of it."""
    known = Cases(data_dir)
    forget_elsewhere(known.open(name), access())
    known.delete(name)
    say(dumps({"deleted": name}) if as_json else text("cli.case_deleted", lang, case=name))
