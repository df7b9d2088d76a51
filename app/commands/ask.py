"""`akashi ask`: one question to a case, answered exactly and with its proof."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.asking import UNHEARD, answer_question, plan_from
from app.commands.options import Case, DataDir, Json, Lang, RulesDir, now, refusals, say
from app.commands.progress import teller
from app.commands.speaking import Speaking
from app.model_access import access
from app.reading import engine, investigation, rules_folder
from app.render.answer import answer_view, names_of
from app.render.answer_json import render_answer_json
from app.render.answer_markdown import render_answer_markdown
from core.errors import InputError
from core.plan import Plan
from stores.cases import Cases
from stores.ignore_file import read_ignores

Question = Annotated[str, typer.Argument(help="What you want to know; - reads it from standard input.")]
PlanFile = Annotated[
    Path | None, typer.Option("--plan", help="Answer this plan (the `plan` of --json) instead of reading the question.")
]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown.")]
AnswerLanguage = Annotated[
    Lang | None,
    typer.Option("--lang", help="Language of the answer (else that of the question).", show_default=False),
]


@refusals
def ask(
    question: Question,
    *,
    data_dir: DataDir,
    lang: AnswerLanguage = None,
    case: Case = "default",
    rules_dir: RulesDir = None,
    plan: PlanFile = None,
    as_json: Json = False,
    markdown: Markdown = False,
) -> None:
    """Answer one question about a case; every number in the answer was counted over all lines."""
    if as_json and markdown:
        raise typer.BadParameter("--json, --markdown: one of them")
    case_dir = Cases(data_dir).open(case)
    asked = readable(sys.stdin.read() if question == "-" else question)
    by_hand = None if plan is None else read_plan(plan)
    known, ignores = engine(rules_folder(data_dir, rules_dir)), read_ignores(data_dir, case_dir)
    with investigation(case_dir, case, known, now(), ignores) as found:
        names = names_of(found.lake.sources)
        speaking = Speaking(names, lang)
        heard = UNHEARD if as_json or markdown else speaking.heard()
        answer = answer_question(asked, found, case_dir, plan=by_hand, access=access(), tell=teller(lang), heard=heard)
    if as_json:
        say(render_answer_json(answer, names))
    elif markdown:
        say(render_answer_markdown(answer_view(answer, lang or answer.plan.language, names)))
    else:
        speaking.rest(answer)


def readable(question: str) -> str:
    """The question as text that can be stored and printed: bytes that are no UTF-8 are spelled out."""
    return question.encode("utf-8", "backslashreplace").decode("utf-8").strip()


def read_plan(path: Path) -> Plan:
    """The plan in a file; `InputError` when there is none."""
    try:
        return plan_from(path.read_text("utf-8"))
    except OSError as error:
        raise InputError("missing_path", name=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError("bad_plan") from error
