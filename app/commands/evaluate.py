"""`akashi eval`: measure the production pipeline over labelled cases."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.commands.options import Json, Language, now, plain_console, refusals, say
from app.reading import engine
from app.render.json import dumps

if TYPE_CHECKING:
    from eval.report import Row

Suite = Annotated[Path, typer.Argument(help="A folder of cases, or one case (logs/ and truth.json).")]
Questions = Annotated[bool, typer.Option("--questions", help="Ask what questions.jsonl asks, in every wording.")]
Retrieval = Annotated[bool, typer.Option("--retrieval", help="Measure how well chunks of each incident are found.")]


@refusals
def evaluate(
    path: Suite,
    *,
    lang: Language,  # noqa: ARG001 - words refusals
    questions: Questions = False,
    retrieval: Retrieval = False,
    as_json: Json = False,
) -> None:
    """Measure findings against the labels of a suite; a figure without data is a dash, never 0."""
    from eval.run import evaluate as run

    if questions:
        _ask(path, as_json=as_json)
        return
    if retrieval:
        _retrieve(path, as_json=as_json)
        return
    result = run(path, engine(None).rules, now=now())
    if as_json:
        say(dumps(result.to_json()))
        return
    for rows in (result.types(), result.confusion_table(), result.case_rows(), (result.totals(),)):
        _print(rows)


def _ask(path: Path, *, as_json: bool) -> None:
    from eval.questions.run import ask_suite

    result = ask_suite(path, engine(None).rules, now=now())
    if as_json:
        say(dumps(result.to_json()))
        return
    for rows in (result.operations(), result.languages(), (result.totals(),)):
        _print(rows)


def _retrieve(path: Path, *, as_json: bool) -> None:
    from eval.retrieval import evaluate_retrieval
    from stores.embedding import BuiltIn

    result = evaluate_retrieval(path, engine(None).rules, BuiltIn(), now=now())
    if as_json:
        say(dumps(result.to_json()))
        return
    for rows in result.tables():
        _print(rows)


def _print(rows: "tuple[Row, ...]") -> None:
    if not rows:
        return
    table = Table(box=None)
    for number, key in enumerate(rows[0]):
        table.add_column(key, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    plain_console().print(table)


def _cell(value: str | float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
