"""A plan corrected by hand: a form for each step, run as it is filled in, with nothing read from the question."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_network
from typing import TypeVar

import streamlit as st

from app.i18n import text
from app.inert import inert
from app.render.answer import AnswerView
from app.render.facts import dimension_text, operation_text, type_text, zone_name
from app.views.chat_box import Wanted, want
from app.views.notice import warn
from core.dimension import Dimension
from core.plan import ANY_ATTACK, Operation, Plan, Planner, Step
from core.taxonomy import AttackType

_CODE = re.compile(r"([1-5]\d\d)(?:\s*[-–]\s*([1-5]\d\d))?|([1-5])xx", re.IGNORECASE)
_TIME = "%Y-%m-%d %H:%M:%S"
_MOST = 100_000
Value = TypeVar("Value")


class BadFieldError(ValueError):
    """A field that cannot be used: its label's key and what stood in it."""

    def __init__(self, field: str, value: str) -> None:
        self.field, self.value = field, value
        super().__init__(field)


def plan_form(view: AnswerView, key: str) -> None:
    """The form under an answer, drawn when it is unfolded."""
    lang = view.lang
    box = st.expander(
        text("chat.correct", lang), key=f"correct-{key}", icon=":material/edit:", type="compact", on_change="rerun"
    )
    if not box.open:
        return
    plan = view.answer.plan
    steps = plan.steps or (Step(Operation.REPORT),)
    with box:
        at = 0
        if len(steps) > 1:
            at = st.segmented_control(
                text("chat.step", lang),
                range(len(steps)),
                format_func=lambda n: str(n + 1),
                default=0,
                key=f"at-{key}",
                required=True,
            )
        with st.form(f"plan-{key}-{at}", border=False):
            fields = _fields(steps[at], f"{key}-{at}", lang, view.answer.zone_offset)
            pressed = st.form_submit_button(text("chat.run", lang), icon=":material/play_arrow:", type="primary")
        if not pressed:
            return
        try:
            step = corrected(steps[at], fields, view.answer.zone_offset)
        except BadFieldError as fault:
            label = text(f"chat.{fault.field}", lang)
            warn(text("chat.bad_field", lang, value=inert(fault.value), field=label))
            return
        made = (*steps[:at], step, *steps[at + 1 :])
        want(Wanted(view.answer.question, Plan(made, plan.language, planner=Planner.HAND)))
        st.rerun()


def _fields(step: Step, key: str, lang: str, offset: int) -> Mapping[str, object]:
    chosen, found = step.selector, dict[str, object]()
    zone, every = zone_name(offset), set(step.selector.types) == set(ANY_ATTACK)
    left, right = st.columns(2)
    with left:
        found["operation"] = st.selectbox(
            text("chat.operation", lang),
            list(Operation),
            index=list(Operation).index(step.operation),
            format_func=lambda one: operation_text(one, lang),
            key=f"operation-{key}",
        )
        found["any"] = st.checkbox(text("plan.any_attack", lang), value=every, key=f"any-{key}")
        found["types"] = st.multiselect(
            text("chat.types", lang),
            list(AttackType),
            default=[] if every else list(chosen.types),
            format_func=lambda kind: type_text(kind.value, lang),
            placeholder="",
            key=f"types-{key}",
        )
        dimensions = [None, *Dimension]
        found["by"] = st.selectbox(
            text("chat.by", lang),
            dimensions,
            index=dimensions.index(step.by),
            format_func=lambda one: text("chat.nothing", lang) if one is None else dimension_text(one.value, lang),
            key=f"by-{key}",
        )
        found["limit"] = st.number_input(
            text("chat.limit", lang), 1, _MOST, value=step.limit, step=1, key=f"limit-{key}"
        )
    with right:
        for name, value, hint in (
            ("ips", ", ".join(chosen.ips), text("chat.list_help", lang)),
            ("since", _local(chosen.since, offset), text("chat.time_help", lang, zone=zone)),
            ("until", _local(chosen.until, offset), text("chat.time_help", lang, zone=zone)),
            ("status", ", ".join(map(_code_text, chosen.status_codes)), text("chat.status_help", lang)),
            ("path", ", ".join(chosen.url_contains), text("chat.list_help", lang)),
            ("user", ", ".join(chosen.user_contains), text("chat.list_help", lang)),
        ):
            found[name] = st.text_input(text(f"chat.{name}", lang), value=value, help=hint, key=f"{name}-{key}")
    return found


def corrected(step: Step, fields: Mapping[str, object], offset: int) -> Step:
    """The step as the form says; conditions that the form does not show stay. Raises `BadFieldError`."""
    types = ANY_ATTACK if fields["any"] else tuple(fields["types"])  # type: ignore[arg-type]
    selector = replace(
        step.selector,
        types=types,
        ips=_each("ips", fields, _network),
        since=_time("since", fields, offset),
        until=_time("until", fields, offset),
        status_codes=_each("status", fields, _codes),
        url_contains=_each("path", fields, str),
        user_contains=_each("user", fields, str),
    )
    limit = fields["limit"]
    return replace(
        step,
        operation=Operation(str(fields["operation"])),
        selector=selector,
        by=None if fields["by"] is None else Dimension(str(fields["by"])),
        limit=None if limit is None else int(str(limit)),
    )


def _each(name: str, fields: Mapping[str, object], read: Callable[[str], Value]) -> tuple[Value, ...]:
    """Every value of a field that holds several."""
    found = []
    for piece in filter(None, map(str.strip, re.split(r"[,、，]", str(fields[name])))):
        try:
            found.append(read(piece))
        except ValueError as error:
            raise BadFieldError(name, piece) from error
    return tuple(found)


def _network(value: str) -> str:
    network = ip_network(value, strict=False)
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _codes(value: str) -> tuple[int, int]:
    found = _CODE.fullmatch(value)
    if found is None:
        raise ValueError(value)
    low, high, family = found.groups()
    return (int(family) * 100, int(family) * 100 + 99) if family else (int(low), int(high or low))


def _code_text(codes: Sequence[int]) -> str:
    low, high = codes
    if low == high:
        return str(low)
    return f"{low // 100}xx" if low % 100 == 0 and high == low + 99 else f"{low}-{high}"


def _local(time: datetime | None, offset: int) -> str:
    return "" if time is None else time.astimezone(timezone(timedelta(seconds=offset))).strftime(_TIME)


def _time(name: str, fields: Mapping[str, object], offset: int) -> datetime | None:
    """A time as the log writes it, or with a zone of its own."""
    value = str(fields[name]).strip()
    if not value:
        return None
    try:
        time = datetime.fromisoformat(value.replace("/", "-"))
    except ValueError as error:
        raise BadFieldError(name, value) from error
    zoned = time if time.tzinfo else time.replace(tzinfo=timezone(timedelta(seconds=offset)))
    return zoned.astimezone(UTC)
