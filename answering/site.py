"""What the whole log says about how this site answers: the background against which one answer is judged."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answering.hit_lines import NO_VALUE, HitLines
from core.action import Action
from core.event import BODY_BYTES
from core.field import Field
from core.key import join_keys, split_keys
from core.line import LineRef, SourceId
from core.selector import Selector
from core.source import Source
from core.taxonomy import AttackType
from stores.lake import Lake
from stores.lines import EvidenceLine

USUAL_LINES = 3
"""So many unflagged lines answered 200 with one size make the size a usual answer, if it is among the `TOP_SIZES`."""

TOP_SIZES = 64
SAME_PATHS = 3
"""So many different probed paths answered 200 with one size are a catch-all page (soft 404)."""

_SAMPLED_SIZES = 64
_SAMPLED_LINES = 8
_UPLOADS = 20
_FORMS = ("login", "signin", "sign-in", "sign_in", "logon")
SENT_ON = Selector(methods=("POST",), status_codes=((302, 303),), url_contains=_FORMS)
SERVED = Selector(status_codes=((200, 200),))
MISSING = Selector(status_codes=((404, 404),))
"""What is asked of every line: forms that sent somebody on, usual answers, pages that are not there."""

_DENIED = (Action.ACCESS_DENIED, Action.LIMIT_HIT, Action.SUDO_DENIED, Action.WAF_BLOCKED)
_FAILED = (
    Action.LOGIN_FAILED,
    Action.INVALID_USER,
    Action.NOT_FOUND,
    Action.PERMISSION_DENIED,
    Action.BAD_REQUEST,
    Action.BAD_METHOD,
    Action.TLS_TROUBLE,
)


@dataclass(frozen=True, slots=True)
class Site:
    """Facts about a case that outcomes depend on; `denied` and `failed` are line keys of message-log lines.

    `guessers_in` are addresses that guessed passwords and were sent on by a form: perhaps one was right.
    """

    answers_404: bool
    usual_sizes: tuple[int, ...]
    limited_ips: frozenset[str]
    denied: NDArray[np.int64]
    failed: NDArray[np.int64]
    logins_after_failures: tuple[tuple[int, str], ...]
    guessers_in: frozenset[str]
    fetched_uploads: tuple[int, ...]


def observe_site(lake: Lake, hits: HitLines) -> Site:
    """Gather the facts in a few queries over the whole case."""
    numbers = {source.id: source.number for source in lake.sources}
    messages = tuple(sorted({one.dataset for one in lake.sources if not is_access(one)}))
    limited = lake.per_ip(Selector(actions=(Action.LIMIT_HIT,), datasets=messages)) if messages else ()
    return Site(
        answers_404=lake.count(MISSING) > 0,
        usual_sizes=_usual_sizes(lake, hits),
        limited_ips=frozenset(ip for ip, _ in limited if ip is not None),
        denied=_keys_of(lake, _DENIED, hits, messages),
        failed=_keys_of(lake, _FAILED, hits, messages),
        logins_after_failures=_logins(hits),
        guessers_in=_guessers_in(lake, hits),
        fetched_uploads=_fetched_uploads(lake, hits, numbers),
    )


def is_access(source: Source) -> bool:
    """Whether a source is an access log (it records requests and how they were answered)."""
    return source.dataset.endswith(".access")


def line_key(ref: LineRef, numbers: dict[SourceId, int]) -> int:
    """The int64 key of a line, as in `HitLines.keys`."""
    return join_keys(numbers[ref.source], ref.line)


def _keys_of(lake: Lake, actions: Iterable[Action], hits: HitLines, messages: tuple[str, ...]) -> NDArray[np.int64]:
    types = tuple(AttackType(name) for name in hits.type_names)
    if not messages or not types:
        return np.empty(0, np.int64)
    return lake.keys(Selector(types=types, actions=tuple(actions), datasets=messages))


def _logins(hits: HitLines) -> tuple[tuple[int, str], ...]:
    lines = hits.of_type(AttackType.LOGIN_AFTER_FAILURES).distinct()
    known = lines.ips != NO_VALUE
    pairs = zip(lines.keys[known].tolist(), lines.ips[known].tolist(), strict=True)
    return tuple((key, lines.ip_names[ip]) for key, ip in pairs)


def _guessers_in(lake: Lake, hits: HitLines) -> frozenset[str]:
    """Addresses that guessed at a form which also sent one of them on, as after a login."""
    guessed = [hits.of_type(kind) for kind in (AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING)]
    ips = frozenset({one.ip_names[code] for one in guessed for code in np.unique(one.ips).tolist() if code != NO_VALUE})
    if not ips:
        return frozenset()
    return ips.intersection(ip for ip, _ in lake.per_ip(SENT_ON) if ip is not None)


def _usual_sizes(lake: Lake, hits: HitLines) -> tuple[int, ...]:
    """Sizes this site answers 200 with as a matter of course.

    Either ordinary lines share the size (it is one of the most frequent, and at least USUAL_LINES unflagged lines have
    it: the home page, a catch-all), or SAME_PATHS different probed paths do.
    """
    flagged = hits.distinct()
    flagged = flagged.where((flagged.status == 200) & (flagged.body > 0))
    sizes, counts = np.unique(flagged.body, return_counts=True)
    of_attacks = dict(zip(sizes.tolist(), counts.tolist(), strict=True))
    if not of_attacks:
        return ()
    common = lake.top(SERVED, BODY_BYTES, TOP_SIZES)
    usual = {int(size) for size, lines in common if lines - of_attacks.get(int(size), 0) >= USUAL_LINES}
    usual |= _catch_all_sizes(lake, hits, [size for size in of_attacks if size not in usual])
    return tuple(sorted(usual))


def _catch_all_sizes(lake: Lake, hits: HitLines, sizes: list[int]) -> set[int]:
    """Sizes with SAME_PATHS distinct paths among the flagged lines, judged on evenly spaced lines of each size."""
    flagged = hits.where((hits.fields == int(Field.PATH)) & (hits.status == 200)).distinct()
    keys: list[int] = []
    for size in sizes[:_SAMPLED_SIZES]:
        of_size = flagged.keys[flagged.body == size]
        if len(of_size) >= SAME_PATHS:
            keys += of_size[np.linspace(0, len(of_size) - 1, _SAMPLED_LINES).astype(np.int64)].tolist()
    paths: dict[int, set[str]] = {}
    for line in lake.lines(refs_of(lake, sorted(set(keys)))):
        if line.body_bytes is not None:
            paths.setdefault(line.body_bytes, set()).add(path_of(line))
    return {size for size, seen in paths.items() if len(seen) >= SAME_PATHS}


def refs_of(lake: Lake, keys: Iterable[int]) -> tuple[LineRef, ...]:
    """Line references of keys, in their order."""
    ids = {source.number: source.id for source in lake.sources}
    return tuple(LineRef(ids[source], line) for source, line in map(split_keys, keys))


def path_of(line: EvidenceLine) -> str:
    """The request target without its query."""
    return (line.url or "").partition("?")[0].rstrip("/") or "/"


def _fetched_uploads(lake: Lake, hits: HitLines, numbers: dict[SourceId, int]) -> tuple[int, ...]:
    """Keys of an upload (PUT answered 2xx) and of the first later 200 for the same path, upload by upload."""
    uploads = hits.of_type(AttackType.MALICIOUS_UPLOAD).distinct()
    if "PUT" not in uploads.method_names:
        return ()
    put = (uploads.methods == uploads.method_names.index("PUT")) & (uploads.status >= 200) & (uploads.status < 300)
    sent = lake.lines(refs_of(lake, uploads.keys[put][:_UPLOADS].tolist()))
    targets = tuple(sorted({path_of(line) for line in sent} - {"", "/"}))
    if not targets:
        return ()
    served = Selector(methods=("GET", "POST"), status_codes=((200, 200),), url_contains=targets)
    answers = lake.lines(lake.refs(served, limit=1000))
    keys: list[int] = []
    for upload in sent:
        later = [one for one in answers if path_of(one) == path_of(upload) and _after(one, upload)]
        if later:
            keys += [line_key(upload.ref, numbers), line_key(later[0].ref, numbers)]
    return tuple(keys)


def _after(line: EvidenceLine, earlier: EvidenceLine) -> bool:
    return line.time is not None and earlier.time is not None and line.time >= earlier.time
