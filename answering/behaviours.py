"""Run the behaviours of a rule set over the lake and add what they find as hits, beside the signatures' hits."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from answering.foresight import foresee
from answering.hit_lines import HitLines, hit_lines
from answering.runs import Places, run_places, tries_of
from core.arrow import empty, masked, numbers, texts
from core.event import BODY_BYTES, HIT_SCHEMA, IP, LINE, MESSAGE, METHOD, SOURCE, STATUS_CODE, TIME
from core.field import Field
from core.key import keys_of
from core.match import contains
from core.selector import Selector
from core.taxonomy import AttackType
from detection.rule import Behaviour, Mode
from detection.ruleset import RuleSet
from stores.crowd import Crowd
from stores.derived import Derived
from stores.lake import Lake

WHOLE_LINE = Field.OTHER
"""A behaviour matches no field; its hits carry this one, and their quotes span 0:0."""

BEHAVIOURS = "behaviours"
"""Name under which their hits are kept."""

_MEANS = frozenset({AttackType.VULNERABILITY_SCAN, AttackType.BAD_BOT})
"""Types that name a tool, not a deed: such a hit does not say that a line is explained."""


def apply_behaviours(lake: Lake, rules: RuleSet, derived: Derived | None = None) -> None:
    """Add the hits of every behaviour, in the rule set's order: a later one may select by an earlier one's hits.

    Behaviours look at the whole case, never at a window of it: a burst is not less of one because only its middle was
    asked for. A lake that carries behaviour hits already is left alone. What `derived` holds is taken from there.
    """
    if rules.behaviours and lake.per_rule(Selector(rules=tuple(one.id for one in rules.behaviours))):
        return
    known = derived.table(BEHAVIOURS) if derived is not None else None
    if known is not None:
        lake.add_hits(known)
        return
    foresee(lake, rules)
    found = [empty(HIT_SCHEMA)]
    for hits in behaviour_hits(lake, rules, rules.behaviours):
        lake.add_hits(hits)
        found.append(hits)
    if derived is not None:
        derived.keep_table(BEHAVIOURS, pa.concat_tables(found).unify_dictionaries())


def behaviour_hits(lake: Lake, rules: RuleSet, behaviours: tuple[Behaviour, ...]) -> Iterator[pa.Table]:
    """HIT_SCHEMA rows of each of these behaviours that finds something; the next is run when they are taken."""
    runs: Mapping[str, pa.Table] | None = None
    if behaviours:
        lake.prepare(rules.selectors)  # all of them, whichever are run: that is what segments keep lines for
    for behaviour in behaviours:
        if behaviour.mode is Mode.RUN:
            runs = _run_lines(lake, rules) if runs is None else runs
            rows = runs.get(behaviour.id)
        else:
            rows = _behaviour_lines(lake, behaviour)
        if rows is not None and len(rows):
            yield _as_hits(rows, behaviour)


def _behaviour_lines(lake: Lake, behaviour: Behaviour) -> pa.Table:
    """The lines that belong to groups past the behaviour's threshold."""
    select, key, crowd = behaviour.select, behaviour.key, _crowd(behaviour)
    if behaviour.mode is Mode.SESSION:
        return lake.sessions(select, key, behaviour.gap_seconds, crowd)
    if behaviour.mode is Mode.BURST:
        return lake.bursts(select, key, behaviour.window_seconds, crowd)
    then = behaviour.then if behaviour.then is not None else Selector()
    return _without(lake, lake.sequence(select, then, key, behaviour.within_seconds, crowd), behaviour.then_without)


def _without(lake: Lake, rows: pa.Table, parts: tuple[str, ...]) -> pa.Table:
    """The rows whose message holds none of the parts: a key is not guessed, however many passwords failed before."""
    if not parts or not len(rows):
        return rows
    messages = lake.rows(keys_of(rows), (MESSAGE,)).column(MESSAGE).to_pylist()
    return rows.filter(masked(np.array([not contains(parts, message) for message in messages], np.bool_)))


def _crowd(behaviour: Behaviour) -> Crowd:
    return Crowd(
        lines=behaviour.lines,
        distinct=behaviour.distinct,
        values=behaviour.values,
        tries=behaviour.tries,
        repeats=behaviour.repeats,
        except_urls=behaviour.except_urls,
        besides=behaviour.besides,
        mixed=behaviour.mixed,
        relief=behaviour.relief,
        share=behaviour.share,
        flood=behaviour.is_flood,
    )


def _run_lines(lake: Lake, rules: RuleSet) -> dict[str, pa.Table]:
    """Lines of every run behaviour by its id; hits of signatures alone say what is confirmed."""
    behaviours = [one for one in rules.behaviours if one.mode is Mode.RUN and one.select.rules]
    company = lake.company([one.select for one in behaviours])
    if not len(company):
        return {}
    tries = tries_of(company)
    signed = hit_lines(lake.hits(Selector(rules=tuple(rule.id for rule in rules.rules))))
    found: dict[Behaviour, Places] = {}
    for one in behaviours:
        run = run_places(tries, *_confirmed(signed, one), one.gap_seconds, one.lines, one.share)
        taken = [places for other, places in found.items() if other.type in one.besides]
        found[one] = np.setdiff1d(run, np.concatenate([np.empty(0, np.int64), *taken]))
    places = keys_of(company)
    return {one.id: company.filter(masked(np.isin(places, run))) for one, run in found.items()}


def _confirmed(signed: HitLines, behaviour: Behaviour) -> tuple[Places, Places]:
    """Places of hits of the behaviour's own rules, and of hits of all others that name a deed."""
    own = np.isin(signed.rules, [code for code, name in enumerate(signed.rule_names) if name in behaviour.select.rules])
    means = np.isin(signed.types, [code for code, name in enumerate(signed.type_names) if name in _MEANS])
    return np.unique(signed.keys[own]), np.unique(signed.keys[~own & ~means])


def _as_hits(rows: pa.Table, behaviour: Behaviour) -> pa.Table:
    """HIT_SCHEMA rows of the lines of one behaviour."""
    constants = {
        "rule.id": _constant(behaviour.id, len(rows)),
        "akashi.type": _constant(str(behaviour.type), len(rows)),
        "akashi.field": numbers(np.full(len(rows), int(WHOLE_LINE), np.uint8)),
    }
    copied = {name: rows.column(name) for name in (SOURCE, LINE, TIME, IP, METHOD, STATUS_CODE, BODY_BYTES)}
    columns = constants | copied
    return pa.Table.from_arrays([columns[name] for name in HIT_SCHEMA.names], names=HIT_SCHEMA.names).cast(HIT_SCHEMA)


def _constant(text: str, length: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(numbers(np.zeros(length, np.int32)), texts([text]))
