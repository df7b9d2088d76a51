"""What left this machine for a case, looked up: nothing is made where nothing was ever sent."""

from pathlib import Path

from app.inert import inert
from stores.outgoing import FILE, Outgoing
from stores.sending import Sent, Spent

_MOST_CALLS = 100_000


def sent_text(case_dir: Path, sha256: str) -> str | None:
    """The body of the call with this digest, inert, its lines as they were; None when it is not kept (any more)."""
    if not (case_dir / FILE).is_file():
        return None
    with Outgoing.open(case_dir) as store:
        number = next((call.number for call in store.calls(_MOST_CALLS) if call.sha256 == sha256 and call.held), None)
        body = store.payload(number) if number is not None else None
    return None if body is None else "\n".join(inert(line) for line in body.split("\n"))


def spent(case_dir: Path) -> Spent:
    """What all calls of the case took."""
    if not (case_dir / FILE).is_file():
        return Spent()
    with Outgoing.open(case_dir) as store:
        return store.spent()


def newest_calls(case_dir: Path, most: int) -> tuple[Sent, ...]:
    """The newest calls of the case, the newest first."""
    if not (case_dir / FILE).is_file():
        return ()
    with Outgoing.open(case_dir) as store:
        return store.calls(most)
