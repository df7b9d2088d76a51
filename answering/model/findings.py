"""Findings of a draft: what they claim, what is so, and what they are worth beside what the rules found."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from answering.claims import iso
from answering.hit_lines import HitLines
from answering.model import limits
from answering.model.checker import Checker
from answering.model.clean import visible
from answering.model.selecting import RefusedError, selector_for
from answering.model.statements import time_of
from answering.validate.kind import carries, types_of
from core.claim import CheckedClaim, Claim, ClaimKind, VerdictStatus
from core.dimension import Dimension
from core.draft import DraftFinding, Evidence
from core.field import Field
from core.finding import Quote
from core.key import Keys
from core.line import LineRef
from core.report import Report
from core.selector import Selector
from core.taxonomy import AttackType, Level
from core.told import Standing, Struck
from detection.ruleset import RuleSet

NO_RULE_KNOWS = "no_rule_knows"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding of the draft after its facts were checked; its texts are not."""

    draft: DraftFinding
    selector: Selector
    standing: Standing
    claims: tuple[CheckedClaim, ...] = ()
    quotes: tuple[Quote, ...] = ()
    struck: tuple[Struck, ...] = ()


@dataclass(frozen=True, slots=True)
class Detectors:
    """What the rules and behaviours know: the whole report, and of each type the selectors that it was shown with."""

    report: Report
    rules: RuleSet
    shown: Mapping[AttackType, Collection[Selector]]

    def own(self, kind: AttackType, selector: Selector) -> bool:
        """Whether the selector is the detector's own for the type."""
        return selector == Selector(types=(kind,)) or selector in self.shown.get(kind, ())

    def lines(self, kind: AttackType) -> int:
        """All lines of a type."""
        return next((one.count for one in self.report.findings if one.type is kind), 0)

    def level(self, kind: AttackType) -> Level | None:
        """The highest level of the rules and behaviours that found the type."""
        rules = {each.rule for one in self.report.findings if one.type is kind for each in one.rules}
        levels = {one.id: one.level for one in self.rules.rules} | {one.id: one.level for one in self.rules.behaviours}
        found = [level for name, level in levels.items() if name in rules]
        return max(found, key=list(Level).index, default=None)


def judge_finding(draft: DraftFinding, checker: Checker, detectors: Detectors) -> Judged:
    """A finding with its verdicts.

    *Known*: the selector is the detector's own for the type, or all its lines are of the type (then `ad_hoc` says how
    many of how many). *Proposed*: no rule or behaviour knows any of the lines, or no type was claimed. *Struck*: there
    are no lines, they are of another type, or of several.
    """
    try:
        selector = selector_for(draft.selector, checker.sources)
    except RefusedError as refusal:
        return Judged(draft, Selector(), Standing.STRUCK, struck=(_struck(str(refusal), draft),))
    claims, refused = _claims(draft, selector, checker)
    checked = checker.check(claims)
    standing, struck = _standing(draft, selector, checker, detectors)
    kept, quotes, cited = _evidence(draft, selector, checker)
    if standing is Standing.PROPOSED:
        checked = tuple(map(_opinion, checked))
    level = _level(draft, standing, detectors)
    return Judged(draft, selector, standing, (*checked, *kept), quotes, (*refused, *struck, *cited, *level))


def _struck(code: str, draft: DraftFinding, truth: object = "", said: object = None) -> Struck:
    return Struck(code, visible(str(draft.title if said is None else said)), str(truth), draft.id)


# ---- what it claims


def _claims(draft: DraftFinding, selector: Selector, checker: Checker) -> tuple[list[Claim], list[Struck]]:
    def claim(kind: ClaimKind, value: object, **more: object) -> Claim:
        return Claim(f"{draft.id}.{kind}", kind, None, selector, value, **more)  # type: ignore[arg-type]

    claims, struck = [claim(ClaimKind.COUNT, draft.count)], []
    addresses = _addresses(draft, selector, checker)
    if addresses is not None:
        claims.append(addresses)
    for kind, text in ((ClaimKind.FIRST, draft.first_seen), (ClaimKind.LAST, draft.last_seen)):
        if text is not None:
            try:
                claims.append(claim(kind, iso(time_of(text))))
            except RefusedError as refusal:
                struck.append(_struck(str(refusal), draft, said=text))
    if draft.type is not None:
        claims.append(claim(ClaimKind.TYPE, draft.type.value))
    outcome = claim(ClaimKind.OUTCOME, draft.outcome.value)
    claims.append(replace(outcome, type=draft.type))
    return claims, struck


def _addresses(draft: DraftFinding, selector: Selector, checker: Checker) -> Claim | None:
    """Up to `limits.LISTED` addresses have to be all of them; of more, those that are named are the foremost ones."""
    rows = tuple((one.value, one.count) for one in sorted(draft.source_ips, key=lambda one: (-one.count, one.value)))
    if len(rows) > limits.VALUES:
        rows = rows[: limits.VALUES]
    claim = Claim(f"{draft.id}.{ClaimKind.PER_IP}", ClaimKind.PER_IP, None, selector, rows)
    if checker.late or not rows:
        return claim
    if checker.inquiry.opened.recount.second.distinct(selector, Dimension.IP.value) <= limits.LISTED:
        return claim
    return replace(claim, kind=ClaimKind.TOP, by=Dimension.IP, limit=len(rows))


def _opinion(item: CheckedClaim) -> CheckedClaim:
    """Of lines that no rule knows, type and outcome are opinions: neither true nor false."""
    if item.claim.kind not in (ClaimKind.TYPE, ClaimKind.OUTCOME):
        return item
    verdict = replace(item.verdict, status=VerdictStatus.UNVERIFIABLE, actual=None, reason=NO_RULE_KNOWS)
    return replace(item, verdict=verdict)


# ---- what it is worth


def _standing(
    draft: DraftFinding, selector: Selector, checker: Checker, detectors: Detectors
) -> tuple[Standing, list[Struck]]:
    if checker.late:
        return Standing.STRUCK, [_struck("no_time_left", draft)]
    recount = checker.inquiry.opened.recount
    keys = recount.second.keys(selector)
    if not len(keys):
        return Standing.STRUCK, [_struck("no_lines", draft)]
    if draft.type is not None and detectors.own(draft.type, selector):
        return Standing.KNOWN, []
    if draft.type is not None and carries(selector, recount, draft.type):
        return Standing.KNOWN, [_struck("ad_hoc", draft, f"{len(keys)}/{detectors.lines(draft.type)}")]
    hits = recount.rescanned(Selector())
    if not bool(np.isin(keys, hits.keys).any()):
        return Standing.PROPOSED, []
    if draft.type is None:
        known = next(types_of(selector, recount), None)
        return Standing.PROPOSED, [_struck("known_as", draft, known.value)] if known is not None else []
    named = ", ".join(types_among(hits, keys))
    return Standing.STRUCK, [_struck("other_type", draft, named, draft.type.value)]


def types_among(hits: HitLines, keys: Keys) -> list[str]:
    """The types of the lines, as far as rules know them."""
    found = hits.where(np.isin(hits.keys, keys))
    return sorted({found.type_names[code] for code in np.unique(found.types).tolist()})


def _level(draft: DraftFinding, standing: Standing, detectors: Detectors) -> list[Struck]:
    """A level is that of the rules; where none found anything there is none."""
    if draft.level is None:
        return []
    true = detectors.level(draft.type) if standing is Standing.KNOWN and draft.type is not None else None
    return [] if draft.level is true else [_struck("level", draft, true or "", draft.level.value)]


# ---- what it quotes


def _evidence(
    draft: DraftFinding, selector: Selector, checker: Checker
) -> tuple[list[CheckedClaim], tuple[Quote, ...], list[Struck]]:
    checked: list[CheckedClaim] = []
    quotes: list[Quote] = []
    struck: list[Struck] = []
    if len(draft.evidence) > limits.EVIDENCE:
        struck.append(_struck("too_many", draft, limits.EVIDENCE, len(draft.evidence)))
    seen: set[LineRef] = set()
    for number, one in enumerate(draft.evidence[: limits.EVIDENCE], 1):
        ref, code = _ref(one, checker, seen)
        if code or ref is None:
            struck.append(_struck(code, draft, said=f"{one.source}:{one.line} {one.quote}"))
            continue
        seen.add(ref)
        claim = Claim(
            f"{draft.id}.quote.{number}", ClaimKind.EXCERPT, None, selector, one.quote.encode().hex(), ref=ref
        )
        (item,) = checker.check((claim,))
        checked.append(item)
        quotes += _quote(item, checker)
    return checked, tuple(quotes), struck


def _ref(one: Evidence, checker: Checker, seen: Collection[LineRef]) -> tuple[LineRef | None, str]:
    """The line that is quoted, or why there is none."""
    if one.source not in checker.sources:
        return None, "bad_source"
    if any("\ud800" <= character <= "\udfff" for character in one.quote) or len(one.quote) > limits.WORD:
        return None, "bad_quote"
    if len(one.quote.encode()) < limits.EXCERPT:
        return None, "short_quote"
    ref = LineRef(checker.sources[one.source], one.line)
    return (None, "same_line") if ref in seen else (ref, "")


def _quote(item: CheckedClaim, checker: Checker) -> Iterator[Quote]:
    line = checker.inquiry.opened.recount.stored_line(item.claim.ref) if item.claim.ref is not None else None
    if item.verdict.status is VerdictStatus.VERIFIED and line is not None:
        said = bytes.fromhex(str(item.claim.value))
        start = line.raw.find(said)
        yield Quote(line.ref, line.raw, "", Field.OTHER, start, start + len(said))
