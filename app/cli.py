"""The `akashi` command."""

import gc

import pyarrow as pa
import typer

from app.commands.ask import ask
from app.commands.cases import cases
from app.commands.chat import chat
from app.commands.doctor import doctor
from app.commands.evaluate import evaluate
from app.commands.ignore import ignore
from app.commands.index import index
from app.commands.ingest import ingest
from app.commands.lines import lines
from app.commands.report import report
from app.commands.rules import rules
from app.commands.serve import serve
from app.i18n import text
from app.settings import from_environment

_LANG = from_environment().language

app = typer.Typer(
    name="akashi",
    help=text("cli.app", _LANG),
    epilog=text("cli.epilog", _LANG),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serve)
app.command("ingest")(ingest)
app.command("index")(index)
app.command("report")(report)
app.command("ask")(ask)
app.command("chat")(chat)
app.command("lines")(lines)
app.add_typer(rules, name="rules")
app.add_typer(ignore, name="ignore")
app.command("eval")(evaluate)
app.add_typer(cases, name="cases")
app.command("doctor")(doctor)


def main() -> None:
    """Entry point of the command line."""
    gc.set_threshold(50_000, 50, 50)  # columns, not objects, hold the data: looking for cycles often is wasted
    gc.freeze()  # what was imported stays: looking through it for cycles took half a second at every end
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps a hundred megabytes more, and is no faster here
    app()
