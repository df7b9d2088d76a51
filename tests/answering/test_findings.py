"""What a finding says of the web application firewall whose alerts it counts: the firewall's own rules."""

from collections.abc import Callable

import pytest

from core.finding import RuleCount
from core.report import Report
from core.taxonomy import AttackType
from stores.lake import Lake

Found = Callable[..., tuple[Lake, Report]]


def alert(rule: str, data: str = "x", tag: str = "attack-sqli", said: str = "Warning. Matched.") -> str:
    return (
        f"[Sun Nov 08 17:50:00.000000 2026] [security2:error] [pid 9:tid 1] [client 203.0.113.53:40001] "
        f'[client 203.0.113.53] ModSecurity: {said} [file "/etc/crs/rules/a.conf"] [line "65"] [id "{rule}"] '
        f'[msg "m"] [data "{data}"] [severity "CRITICAL"] [ver "OWASP_CRS/4.7.0"] [tag "{tag}"] '
        f'[hostname "shop.example"] [uri "/a"] [unique_id "Zw{data[:1]}"]\n'
    )


ACCESS = (
    '203.0.113.53 - - [08/Nov/2026:17:50:00 +0000] "GET /?id=1%27+UNION+SELECT+a,b+FROM+users--+[id+942999] HTTP/1.1" '
    '200 5 "-" "-"\n'
)
TABLE = [
    (alert("942100") * 3 + alert("942190", said="Access denied with code 403 (phase 2). Matched."),
     (RuleCount("942100", 3), RuleCount("942190", 1))),
    (alert("942100") + alert("941110", tag="attack-xss"), (RuleCount("942100", 1),)),  # of this type only
    (alert("942100") + alert("942190", data='[id "942999"]'), (RuleCount("942100", 1),)),  # two ids: which is forged?
    (alert("942190", data='[id "942999"]'), ()),
    (ACCESS, ()),  # a client's words in another log
]  # fmt: skip


@pytest.mark.parametrize(("log", "rules"), TABLE)
def test_a_firewalls_own_rules_are_counted(found_in: Found, log: str, rules: tuple[RuleCount, ...]) -> None:
    _, report = found_in(a_log=log)
    [found] = [one for one in report.findings if one.type is AttackType.SQL_INJECTION]
    assert found.waf_rules == rules
