"""What was examined, in words: a line a check, behind it what to mend."""

from app.examining import Examined
from app.i18n import coded, error_text, text
from app.inert import inert
from app.render.facts import sentence

SIGNS = {True: "✓", False: "✗", None: "·"}
"""Works, does not, is not known."""


def examined_line(one: Examined, lang: str) -> str:
    """`✓ Model: reachable`, `✗ Model: key — The key is not accepted. Check …`."""
    head = f"{SIGNS[one.ok]} {coded('examined', one.subject, lang)}: {coded('examined_step', one.step, lang)}"
    told = _facts(one, lang) if one.ok else _wrong(one, lang) if one.ok is False else ""
    return f"{head} — {told}" if told else head


def _facts(one: Examined, lang: str) -> str:
    return " · ".join(f"{inert(coded('fact', name, lang))} {inert(str(value))}" for name, value in one.facts.items())


def _wrong(one: Examined, lang: str) -> str:
    """The refusal, or what to do, and the fault's own facts for whoever has to look deeper."""
    if one.refusal is not None:
        return error_text(one.refusal, lang)
    mend = sentence("remedy", one.remedy, one.facts, lang, 0) if one.remedy else text("remedy.other", lang)
    facts = _facts(one, lang)
    what = " · ".join(filter(None, (one.fault, facts)))
    return f"{mend} ({what})" if what else mend


def examined_facts(one: Examined, lang: str) -> dict[str, object]:
    """The same for programs."""
    return {
        "subject": one.subject,
        "step": one.step,
        "ok": one.ok,
        "fault": one.fault or (one.refusal.code if one.refusal is not None else ""),
        "remedy": one.remedy,
        "facts": dict(one.facts),
        "message": examined_line(one, lang),
    }
