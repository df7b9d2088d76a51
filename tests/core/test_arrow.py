"""Arrow arrays from buffers say the same as pyarrow's own."""

import numpy as np
import pyarrow as pa
import pytest

from core.arrow import blobs, codes, empty, integers, masked, numbers, texts, values
from core.event import EVENT_SCHEMA


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int32, np.int64])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 1000])
def test_numbers(kind: type[np.integer], count: int) -> None:
    column = np.arange(count).astype(kind)
    absent = column % 3 == 1
    assert numbers(column).to_pylist() == column.tolist()
    assert numbers(column, absent).to_pylist() == [None if a else int(v) for v, a in zip(column, absent, strict=True)]
    numbers(column, absent).validate(full=True)


@pytest.mark.parametrize("column", [[], ["a"], [None], ["", None, "日本", "x" * 300, None], [None] * 9])
def test_texts(column: list[str | None]) -> None:
    assert texts(column) == pa.array(column, pa.string())


@pytest.mark.parametrize("column", [[], [b"\xff\0", None, b""], [b"a"] * 17])
def test_blobs(column: list[bytes | None]) -> None:
    assert blobs(column) == pa.array(column, pa.binary())


def test_values_of_slices_and_chunks() -> None:
    whole = numbers(np.arange(10, dtype=np.int64))
    chunked = pa.chunked_array([whole.slice(2, 3), whole.slice(0, 0), whole.slice(9)])
    assert values(chunked).tolist() == [2, 3, 4, 9]
    assert values(pa.chunked_array([], pa.uint8())).tolist() == []


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([1, None, 3], pa.uint16()), [1, -7, 3]),
        (pa.array([None, None], pa.int32()), [-7, -7]),
        (pa.nulls(3, pa.int64()), [-7, -7, -7]),
        (pa.array([True, None, False] * 5), [1, -7, 0] * 5),
        (pa.array([5, None], pa.timestamp("us")), [5, -7]),
        (pa.array([None, 1, None, 3, None], pa.int64()).slice(1, 3), [1, -7, 3]),
        (pa.array([], pa.uint8()), []),
    ],
)
def test_integers_with_what_stands_for_a_missing_one(column: pa.Array, expected: list[int]) -> None:
    whole = pa.chunked_array([column, column])
    assert integers(whole, -7).tolist() == expected * 2


def test_codes_are_places_in_the_dictionary() -> None:
    column = pa.array(["a", None, "b", "a", None]).dictionary_encode()
    assert codes(column).tolist() == [0, -1, 1, 0, -1]
    assert codes(column.slice(1, 3)).tolist() == [-1, 1, 0]


@pytest.mark.parametrize("count", [0, 1, 8, 9, 100])
def test_masks_filter(count: int) -> None:
    chosen = np.arange(count) % 3 == 1
    table = pa.table({"a": np.arange(count)})
    assert table.filter(masked(chosen)).column("a").to_pylist() == np.flatnonzero(chosen).tolist()


def test_an_empty_table_has_the_columns() -> None:
    assert empty(EVENT_SCHEMA).equals(EVENT_SCHEMA.empty_table())
