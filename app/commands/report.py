"""`akashi report`: the verified attack report of a case, or of paths read on the spot."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from app.commands.ingest import Format, Year, Zone, print_reading, read_paths, reading_facts
from app.commands.options import Case, DataDir, Exit, Json, Language, RulesDir, complain, now, refusals, say
from app.i18n import text
from app.reading import Investigation, Reading, engine, investigation, rules_folder
from app.render.html import render_html
from app.render.json import dumps, report_facts
from app.render.markdown import render_markdown
from app.render.terminal import print_report
from app.render.view import report_view
from core.errors import InputError
from ingestion.pipeline import Options
from stores.cases import Cases
from stores.ignore_file import read_ignores

Paths = Annotated[list[str] | None, typer.Argument(help="Read these first, into a case that is dropped again.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]
Html = Annotated[bool, typer.Option("--html", help="Print one self-contained HTML file.")]
WithLines = Annotated[bool, typer.Option("--lines", help="JSON: add the line numbers of each finding per file.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead.")]


@refusals
def report(
    paths: Paths = None,
    *,
    data_dir: DataDir,
    lang: Language,
    case: Case = "default",
    rules_dir: RulesDir = None,
    as_json: Json = False,
    markdown: Markdown = False,
    html: Html = False,
    lines: WithLines = False,
    out: Out = None,
    log_format: Format = None,
    timezone: Zone = None,
    year: Year = None,
) -> None:
    """Report the attacks of a case, or of PATHS; every number in it was counted over all lines."""
    if as_json + markdown + html > 1:
        raise typer.BadParameter("--json, --markdown, --html: one of them")
    options = Options(format=log_format, zone=timezone, year=year)
    known = engine(rules_folder(data_dir, rules_dir))
    with _case_dir(data_dir, case, temporary=bool(paths)) as case_dir:
        reading = read_paths(case_dir, paths, options, now(), known.scanner) if paths else None
        ignores = read_ignores(data_dir, case_dir)
        with investigation(case_dir, case, known, now(), ignores) as found:
            if as_json or lines:
                _put(_json(found, reading, case, lang, with_lines=lines), out, lang)
            else:
                _draw(found, reading, lang, "markdown" if markdown else "html" if html else "terminal", out)
    if reading is not None and reading.failed:
        raise typer.Exit(Exit.REFUSED)


@contextmanager
def _case_dir(data_dir: Path, case: str, *, temporary: bool) -> Iterator[Path]:
    if not temporary:
        yield Cases(data_dir).open(case)
        return
    with TemporaryDirectory(prefix="akashi-") as folder:
        yield Cases(Path(folder)).create(case)


def _json(found: Investigation, reading: Reading | None, case: str, lang: str, *, with_lines: bool) -> str:
    facts = report_facts(found.report, found.line_numbers() if with_lines else None)
    if reading is not None:
        facts["reading"] = reading_facts(reading, case, lang)
    return dumps(facts)


def _draw(found: Investigation, reading: Reading | None, lang: str, kind: str, out: Path | None) -> None:
    view = report_view(found.report, lang)
    if reading is not None and reading.failed:
        print_reading(Reading((), reading.refusals, ()), lang) if not reading.results else _complain(reading, lang)
    if kind == "terminal" and out is None:
        print_report(view, sys.stdout)
    else:
        _put(render_html(view) if kind == "html" else render_markdown(view), out, lang)


def _complain(reading: Reading, lang: str) -> None:
    from app.i18n import error_text
    from app.inert import inert

    for refusal in reading.refusals:
        complain(error_text(refusal, lang))
    for result in reading.results:
        if result.error is not None:
            complain(f"{inert(result.name)}: {error_text(result.error, lang)}")


def _put(document: str, out: Path | None, lang: str) -> None:
    if out is None:
        say(document)
        return
    try:
        out.write_text(document, "utf-8")
    except OSError as error:
        raise InputError("cannot_write", path=str(out), problem=error.strerror) from error
    complain(text("cli.written", lang, path=out))
