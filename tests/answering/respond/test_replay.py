"""Limits as the products count them; the numbers are worked out by hand."""

import sys
from pathlib import Path

import numpy as np
import pytest

from answering.respond.replay import NO_LINES, Bucket, Jail, Lines, Tracks, keep_lines, known_lines
from stores.derived import Derived
from tests.answering.server_checks import needs_fail2ban

BANS = [
    ("the fifth within ten minutes", [0, 10, 20, 30, 40], [40]),
    ("four are not enough", [0, 10, 20, 30], []),
    ("five at one instant", [7, 7, 7, 7, 7], [7]),
    ("a pause as long as the window forgets all", [0, 10, 20, 30, 640, 650], []),
    ("what comes while shut out does not count", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [4]),
    ("and again after an hour", [0, 1, 2, 3, 4, 3604, 3605, 3606, 3607, 3608], [4, 3608]),
    # 200 s apart: the fifth, at 800 s, finds round(4 / 800 * 600) = 3 of the four before it, as every further one
    ("slower than the window allows", list(range(0, 6000, 200)), []),
    # 160 s apart: at 640 s it finds round(4 / 640 * 600) = 4
    ("hardly slower", [0, 160, 320, 480, 640], [640]),
]


@pytest.mark.parametrize(("times", "expected"), [row[1:] for row in BANS], ids=[row[0] for row in BANS])
def test_bans(times: list[int], expected: list[int]) -> None:
    assert list(Jail(5, 600, 3600).bans(times)) == expected


@needs_fail2ban
@pytest.mark.parametrize("step", [1, 60, 100, 119, 120, 130, 149, 150, 151, 199, 200, 300])
def test_bans_are_those_of_fail2ban(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The same failures given to fail2ban's own counter, where its modules are at hand."""
    if not Path("/usr/lib/python3/dist-packages/fail2ban").is_dir():
        pytest.skip("fail2ban's modules are elsewhere")
    monkeypatch.setattr(sys, "path", [*sys.path, "/usr/lib/python3/dist-packages"])
    manager = pytest.importorskip("fail2ban.server.failmanager")
    ticket = pytest.importorskip("fail2ban.server.ticket")
    times = list(range(1_000_000, 1_000_000 + 40 * step, step))
    assert list(Jail(5, 600, 3600).bans(times)) == _theirs(manager.FailManager(), ticket.FailTicket, times)


def _theirs(manager: object, ticket: object, times: list[int]) -> list[int]:
    """What fail2ban bans: as its server, it counts a line, cleans up, and asks who is to be banned."""
    found, out = [], -1
    manager.setMaxRetry(5)  # type: ignore[attr-defined]
    manager.setMaxTime(600)  # type: ignore[attr-defined]
    for time in times:
        if time < out:
            continue
        manager.cleanup(time)  # type: ignore[attr-defined]
        manager.addFailure(ticket("203.0.113.1", time, ["x"]))  # type: ignore[attr-defined,operator]
        try:
            manager.toBan()  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - its word for "nobody"
            continue
        found.append(time)
        out = time + 3600
    return found


def track(*seconds: float) -> Tracks:
    return {"203.0.113.1": (np.arange(len(seconds)), np.array([int(one * 1e6) for one in seconds], np.int64))}


REFUSED = [
    ("six at once pass, the rest does not", [0] * 10, [6, 7, 8, 9]),
    ("one every ten seconds passes for ever", list(range(0, 1000, 10)), []),
    ("after six at once, one more in ten seconds", [0, 0, 0, 0, 0, 0, 9, 10, 11], [6, 8]),
    ("five are never looked at", [0] * 5, []),
]


@pytest.mark.parametrize(("seconds", "refused"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_requests_refused(seconds: list[float], refused: list[int]) -> None:
    """Six a minute: one leaks out every ten seconds; five more fit in."""
    assert Bucket(per_minute=6, burst=5).stopped(track(*seconds)).tolist() == refused


def test_lines_behind_a_ban_are_stopped() -> None:
    """Failures at 0–4 s; of all lines, those at 5 s and 3,603 s come while the address is shut out."""
    failures, lines = track(0, 1, 2, 3, 4), track(0, 1, 2, 3, 4, 5, 3603, 3604, 9000)
    jail = Jail(5, 600, 3600)
    bans = jail.shut_out(failures)
    assert bans == {"203.0.113.1": (4,)}
    assert jail.stopped(bans, lines).tolist() == [5, 6]


def scattered(seed: int) -> Lines:
    """Lines of twenty addresses, in bursts and far apart."""
    random = np.random.default_rng(seed)
    ips = np.sort(random.integers(0, 20, 600)).astype(np.int32)
    pauses = [*([0] * 9), *([1] * 9), 9, 55, 59, 60, 61, 149, 160, 599, 600, 601, 5000]
    steps = random.choice(pauses, 600) * 1_000_000
    times = np.cumsum(steps + random.integers(0, 3, 600) * 400_000)
    return Lines(np.arange(600), times, ips, tuple(f"203.0.113.{ip}" for ip in range(20)))


@pytest.mark.parametrize("seed", range(8))
def test_lines_out_of_reach_change_nothing(seed: int) -> None:
    """What is looked at more closely is enough, and less than all."""
    lines, failures = scattered(seed), np.random.default_rng(seed).permutation(600)[:500]
    jail, bucket = Jail(5, 600, 3600), Bucket(per_minute=6, burst=5)
    near = [limit.within_reach(lines) for limit in (jail, bucket)]
    assert all(0 < len(one.keys) < 600 for one in near)
    assert jail.shut_out(near[0].among(failures).tracks()) == jail.shut_out(lines.among(failures).tracks())
    for chosen in (lines.keys, failures):
        refused = [bucket.stopped(one.among(chosen).tracks()).tolist() for one in (near[1], lines)]
        assert refused[0] == refused[1] != []


def test_runs_end_at_a_pause_and_at_an_address() -> None:
    seconds, ips = [0, 1, 2, 12, 13, 23, 24, 25], [0, 0, 0, 0, 0, 1, 1, 1]
    lines = Lines(np.arange(8), np.array(seconds) * 1_000_000, np.array(ips, np.int32), ("a", "b"))
    assert lines.dense(3, 10).keys.tolist() == [0, 1, 2, 5, 6, 7]
    assert lines.dense(3, 11).keys.tolist() == list(range(8))
    tracks = lines.dense(3, 10).tracks()
    assert {ip: keys.tolist() for ip, (keys, _) in tracks.items()} == {"a": [0, 1, 2], "b": [5, 6, 7]}
    assert lines.dense(9, 11).tracks() == {}


@pytest.mark.parametrize(
    "lines", [scattered(1), scattered(2).of({"203.0.113.3"}), NO_LINES], ids=["many", "few", "none"]
)
def test_kept_lines_are_found_as_they_were(tmp_path: Path, lines: Lines) -> None:
    kept = Derived(tmp_path, ("state",))
    assert known_lines(kept, "stopped") is None
    keep_lines(kept, "stopped", lines)
    again = known_lines(Derived(tmp_path, ("state",)), "stopped")
    assert again is not None
    assert again.keys.tolist() == lines.keys.tolist()
    assert again.addresses == lines.addresses
    assert repr(again.tracks()) == repr(lines.tracks())
