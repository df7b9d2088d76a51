"""PER_IP and SET: which addresses, and how many lines each."""

import numpy as np

from answering.hit_lines import NO_VALUE
from answering.validate.recount import Recount
from answering.validate.verdict import judge
from core.claim import Claim, Verdict
from core.event import IP


def check_per_ip(claim: Claim, recount: Recount) -> Verdict:
    """The whole table, in report order: most lines first, then by address text."""
    return judge(claim, tuple(sorted(_per_ip(claim, recount), key=lambda pair: (-pair[1], pair[0]))), recount)


def check_set(claim: Claim, recount: Recount) -> Verdict:
    """Exactly these addresses, sorted as text; lines without an address add none."""
    return judge(claim, tuple(sorted(ip for ip, _ in _per_ip(claim, recount))), recount)


def _per_ip(claim: Claim, recount: Recount) -> list[tuple[str, int]]:
    if claim.type is None:
        return list(recount.second.counted(claim.selector, IP).items())
    lines = recount.selected(claim.selector, claim.type).distinct()
    known = lines.ips[lines.ips != NO_VALUE]
    counts = np.bincount(known, minlength=len(lines.ip_names)).tolist()
    return [(ip, count) for ip, count in zip(lines.ip_names, counts, strict=True) if count]
