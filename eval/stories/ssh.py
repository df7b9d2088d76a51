"""What sshd, sudo and cron write when people and attackers log in."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eval.stories.stage import UNJUDGED, Stage

_KEY = "ED25519 SHA256:7eaH0u5eExampleKeyFingerprintOnlyForStories"

_HOURLY = (
    "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
    "pam_unix(cron:session): session closed for user root",
)


class Sshd:
    """The server's login programs; every connection gets a process number and a port."""

    def __init__(self, stage: Stage, process: int = 3_200) -> None:
        self.stage = stage
        self.process = process

    def _next(self) -> tuple[str, int]:
        self.process += self.stage.dice.randint(2, 9)
        return f"sshd[{self.process}]", self.stage.dice.randint(33_000, 60_000)

    def fail(self, when: datetime, user: str, ip: str, incidents: Iterable[str] = (), *, known: bool = True) -> None:
        """A wrong password; the end of the attacker's connection is a line that nobody needs to count."""
        self.attempt(when, user, ip, incidents, [UNJUDGED] if incidents else [], known=known)

    def attempt(
        self, when: datetime, user: str, ip: str, incidents: Iterable[str], closing: Iterable[str], *, known: bool
    ) -> None:
        """The lines of a wrong password; the end of the connection belongs to `closing`."""
        program, port = self._next()
        stated = user if known else f"invalid user {user}"
        if not known:
            self.stage.message(when, program, f"Invalid user {user} from {ip} port {port}", ip, incidents)
        failed = f"Failed password for {stated} from {ip} port {port} ssh2"
        self.stage.message(when + timedelta(seconds=2), program, failed, ip, incidents)
        state = "authenticating" if known else "invalid"
        closed = f"Connection closed by {state} user {user} {ip} port {port} [preauth]"
        self.stage.message(when + timedelta(seconds=2), program, closed, ip, closing)

    def repeat(self, when: datetime, user: str, ip: str, times: int, incidents: Iterable[str] = ()) -> None:
        """Equal messages that syslog has folded into one line."""
        program, port = self._next()
        text = f"message repeated {times} times: [ Failed password for {user} from {ip} port {port} ssh2]"
        self.stage.message(when, program, text, ip, incidents)

    def accept(self, when: datetime, user: str, ip: str, incidents: Iterable[str] = (), *, key: bool = False) -> None:
        """A login and its session."""
        program, port = self._next()
        way, proof = ("publickey", f": {_KEY}") if key else ("password", "")
        text = f"Accepted {way} for {user} from {ip} port {port} ssh2{proof}"
        self.stage.message(when, program, text, ip, incidents)
        opened = f"pam_unix(sshd:session): session opened for user {user}(uid=1001) by {user}(uid=0)"
        self.stage.message(when, program, opened, None, [UNJUDGED] if incidents else [])

    def sudo(self, when: datetime, user: str, command: str, incidents: Iterable[str] = ()) -> None:
        """A command as root."""
        text = f"{user} : TTY=pts/0 ; PWD=/home/{user} ; USER=root ; COMMAND={command}"
        self.stage.message(when, "sudo", text, None, incidents)

    def ordinary(self, minutes: int) -> None:
        """Administrators with keys, a colleague who mistypes twice, and the hourly job."""
        for minute in range(17, minutes, 60):
            for text in _HOURLY:
                self.stage.message(self.stage.at(minute), f"CRON[{2_000 + minute}]", text)
        self.accept(self.stage.at(6), "deploy", "192.0.2.10", key=True)
        self.sudo(self.stage.at(8), "deploy", "/usr/bin/systemctl reload nginx")
        for seconds in (0, 9):
            self.fail(self.stage.at(31, seconds), "hanako", "192.0.2.10")
        self.accept(self.stage.at(31, 24), "hanako", "192.0.2.10")
