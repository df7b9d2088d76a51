"""Guessing and trying passwords: at one address's full speed, slowly, from many places, and with stolen lists."""

from core.taxonomy import AttackType, Outcome
from eval.stories.agents import BROWSERS
from eval.stories.people import OFFICE, SITE, office, ordinary, wait
from eval.stories.ssh import Sshd
from eval.stories.stage import UNJUDGED, Client, Stage
from eval.stories.step import Cause, Fault

BRUTE, STUFFING, LOGIN = AttackType.BRUTE_FORCE, AttackType.CREDENTIAL_STUFFING, AttackType.LOGIN_AFTER_FAILURES
_USERS = ("root", "root", "admin", "ubuntu", "test", "oracle", "git", "postgres", "deploy", "www-data")

_RESET = (
    ("GET /password/forgot", 200),
    ("POST /password/forgot", 302),
    ("GET /password/reset?token=b5f1c2e07a", 200),
    ("POST /password/reset", 302),
)


def forgetful(stage: Stage, minute: float, mistakes: int, ip: str = "198.51.100.201") -> None:
    """A customer who mistypes, perhaps resets the password, and gets in: benign."""
    person = Client(stage, ip, BROWSERS[6])
    when = stage.at(minute)
    person.ask(when, "GET /login")
    for _ in range(mistakes):
        when += wait(stage, 7, 25)
        person.ask(when, "POST /login", 401, 1_540, referrer=SITE + "/login")
    if mistakes > 3:
        for request, status in _RESET:
            when += wait(stage, 20, 90)
            person.ask(when, request, status)
    when += wait(stage, 8, 30)
    person.ask(when, "POST /login", 302, referrer=SITE + "/login")
    for page in ("/account", "/account/orders", "/teas"):
        when += wait(stage, 2, 30)
        person.ask(when, f"GET {page}", referrer=SITE + "/account")


def credential_stuffing(stage: Stage) -> None:
    """A stolen list, four pairs an address over seventy addresses; two pairs are right."""
    ordinary(stage, 120, 15)
    forgetful(stage, 50, 2)
    tries = stage.incident("tries", STUFFING, BRUTE, outcome=Outcome.SUCCEEDED)
    hits = stage.incident("hits", LOGIN, STUFFING, BRUTE, outcome=Outcome.SUCCEEDED)
    for number in range(70):
        ip = f"198.18.{number % 9}.{11 + number * 3}"
        client = Client(stage, ip, BROWSERS[number % 3], (tries,), SITE + "/login")
        when = stage.at(30, number * 33 + stage.dice.randint(0, 30))
        for attempt in range(4):
            if attempt == 3 and number in {23, 58}:
                client.ask(when, "POST /login", 302, incidents=(hits,))
            else:
                client.ask(when, "POST /login", 401, 1_540)
            when += wait(stage, 2, 9)


def fast_guesses(stage: Stage) -> None:
    """Ninety-six passwords in five minutes at the admin form, all wrong; SSH guesses in the same night."""
    ordinary(stage, 60, 10)
    office(stage, 60)
    forgetful(stage, 12, 4)
    web = Client(stage, "203.0.113.77", BROWSERS[1], (stage.incident("web", BRUTE, outcome=Outcome.FAILED),))
    when = stage.at(25)
    for _ in range(96):
        when += wait(stage, 1, 4)
        web.ask(when, "POST /admin/login", 401, 1_540, referrer=SITE + "/admin/login")
    ssh, key = Sshd(stage), stage.incident("ssh", BRUTE, STUFFING, outcome=Outcome.FAILED)
    ssh.ordinary(60)
    when = stage.at(40)
    for _ in range(60):
        when += wait(stage, 1, 5)
        user = stage.dice.choice(_USERS)
        ssh.fail(when, user, "203.0.113.88", (key,), known=user in {"root", "www-data", "deploy"})
    ssh.repeat(when + wait(stage, 3, 6), "root", "203.0.113.88", 5, (key,))


def slow_guesses(stage: Stage) -> None:
    """One password every ten minutes for fifteen hours, at a form and over SSH, below every usual limit."""
    ordinary(stage, 300, 18)
    forgetful(stage, 100, 2)
    web = Client(stage, "203.0.113.21", BROWSERS[0], (stage.incident("web", BRUTE, outcome=Outcome.FAILED),))
    when = stage.at(5)
    for _ in range(84):
        web.ask(when, "POST /wp-login.php", 200, 5_420, referrer=SITE + "/wp-login.php")
        when += wait(stage, 540, 700)
    editor = Client(stage, OFFICE, BROWSERS[4])
    for day, status in ((200, 200), (201, 302), (620, 302)):
        editor.ask(stage.at(day), "POST /wp-login.php", status, 5_420 if status == 200 else 0)
    ssh, key = Sshd(stage), stage.incident("ssh", BRUTE, outcome=Outcome.FAILED)
    ssh.ordinary(900)
    when = stage.at(9)
    for number in range(58):
        ssh.fail(when, "root" if number % 3 else "deploy", "203.0.113.22", (key,))
        when += wait(stage, 700, 1_100)


def distributed_guesses(stage: Stage) -> None:
    """Many addresses, two or three guesses each, at one form and at one SSH account; the editor works meanwhile."""
    ordinary(stage, 120, 13)
    web = stage.incident("web", BRUTE, STUFFING, outcome=Outcome.FAILED)
    for number in range(100):
        ip = f"198.19.{number % 13}.{5 + number * 2}"
        client = Client(stage, ip, BROWSERS[number % 4], (web,), SITE + "/wp-login.php")
        when = stage.at(20, number * 13)
        for _ in range(2 + number % 2):
            client.ask(when, "POST /wp-login.php", 200, 5_420)
            when += wait(stage, 20, 200)
    editor = Client(stage, OFFICE, BROWSERS[4])
    editor.ask(stage.at(33), "GET /wp-login.php", 200, 5_420)
    editor.ask(stage.at(33, 12), "POST /wp-login.php", 200, 5_420)
    editor.ask(stage.at(33, 25), "POST /wp-login.php", 302)
    editor.ask(stage.at(33, 27), "GET /wp-admin/")
    ssh, key = Sshd(stage), stage.incident("ssh", BRUTE, STUFFING, outcome=Outcome.FAILED)
    ssh.ordinary(120)
    for number in range(64):
        when = stage.at(15, number * 57 + stage.dice.randint(0, 20))
        ssh.fail(when, "root", f"198.19.{20 + number % 45}.{9 + number % 45}", (key,))


def success_after_failures(stage: Stage) -> None:
    """Both doors give way after guessing; people who mistype twice or reset a password are beside it."""
    ordinary(stage, 90, 12)
    forgetful(stage, 20, 2)
    forgetful(stage, 55, 5, "198.51.100.202")
    guesses = stage.incident("web", BRUTE, outcome=Outcome.SUCCEEDED)
    login = stage.incident("web-login", LOGIN, outcome=Outcome.SUCCEEDED)
    web = Client(stage, "203.0.113.31", BROWSERS[3], (guesses,), SITE + "/login")
    when = stage.at(30)
    for _ in range(46):
        when += wait(stage, 2, 6)
        web.ask(when, "POST /login", 401, 1_540)
    web.ask(when := when + wait(stage, 2, 6), "POST /login", 302, incidents=(login,))
    for page in ("/account", "/account/orders", "/account/addresses", "/account/payment"):
        when += wait(stage, 4, 20)
        web.ask(when, f"GET {page}", incidents=(UNJUDGED,))
    _ssh_gives_way(stage)


def _ssh_gives_way(stage: Stage) -> None:
    ssh = Sshd(stage)
    ssh.ordinary(90)
    guesses = stage.incident("ssh", BRUTE, outcome=Outcome.SUCCEEDED)
    login = stage.incident("ssh-login", LOGIN, outcome=Outcome.SUCCEEDED)
    when = stage.at(62)
    for _ in range(34):
        when += wait(stage, 3, 8)
        ssh.fail(when, "backup", "203.0.113.32", (guesses,))
    ssh.accept(when + wait(stage, 3, 8), "backup", "203.0.113.32", (login,))
    ssh.sudo(when + wait(stage, 60, 90), "backup", "/usr/bin/id", (UNJUDGED,))


def basic_auth(stage: Stage) -> None:
    """Guesses at a folder behind HTTP authentication, and one forgetful colleague."""
    ordinary(stage, 60, 11)
    office(stage, 60)
    guesses = stage.incident("guesses", BRUTE, AttackType.UNAUTHORISED_ACCESS, outcome=Outcome.FAILED)
    client = Client(stage, "203.0.113.41", BROWSERS[1], (guesses,))
    when = stage.at(18)
    for number in range(48):
        when += wait(stage, 1, 5)
        user = ("admin", "tea", "shop", "backup")[number % 4]
        cause = Cause.PASSWORD_MISMATCH if user == "admin" else Cause.UNKNOWN_USER
        client.user = user
        client.ask(when, "GET /stock-reports/", 401, 179, fault=Fault(cause, user))
    colleague = Client(stage, OFFICE, BROWSERS[2], user="hanako")
    mistyped = Fault(Cause.PASSWORD_MISMATCH, "hanako", part_of_attack=False)
    colleague.ask(stage.at(41), "GET /stock-reports/", 401, 179, fault=mistyped)
    colleague.ask(stage.at(41, 9), "GET /stock-reports/")
