"""Arrow arrays from buffers say the same as pyarrow's own."""

import numpy as np
import pyarrow as pa
import pytest

from core.arrow import blobs, numbers, texts, values


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
