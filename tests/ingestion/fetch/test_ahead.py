"""Order, errors and early ends of work done ahead; digests of pieces."""

import hashlib
import threading
from collections.abc import Iterator

import pytest

from ingestion.fetch.ahead import ahead
from ingestion.fetch.digest import Digest


def test_items_come_in_order() -> None:
    assert list(ahead(iter(range(1000)), 2)) == list(range(1000))
    assert list(ahead(iter(()), 2)) == []


def test_an_error_comes_at_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    got = ahead(items(), 2)
    assert next(got) == 1
    with pytest.raises(ZeroDivisionError):
        next(got)


def test_it_runs_no_further_ahead_than_asked() -> None:
    made: list[int] = []
    tried = threading.Event()

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if number == 3:
                tried.set()
            yield number

    got = ahead(items(), 2)
    next(got)
    assert tried.wait(10)
    got.close()  # type: ignore[attr-defined]
    assert made in ([0, 1, 2, 3], [0, 1, 2, 3, 4])
    assert not [thread for thread in threading.enumerate() if thread.name == "fetch"]


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_digest_and_snapshots(step: int) -> None:
    data = bytes(range(256)) * 4
    digest = Digest([0, 5, 5, 700, len(data), 99_999])
    for at in range(0, len(data), step):
        digest.update(data[at : at + step])
    assert digest.finish() == hashlib.sha256(data).hexdigest()
    assert digest.snapshots == {size: hashlib.sha256(data[:size]).hexdigest() for size in (0, 5, 700, len(data))}
    assert digest.size == len(data)


def test_digest_of_nothing() -> None:
    digest = Digest([0, 1])
    assert digest.finish() == hashlib.sha256().hexdigest()
    assert list(digest.snapshots) == [0]
