"""Rows that are kept as text are the rows that were read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osmo_runtime.model import Row
from osmo_runtime.rows import PackedRows

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.text(), VALUES)))
def test_rows_come_back_as_they_were(data: list[dict[str, object]]) -> None:
    rows = PackedRows((number * 2, row) for number, row in enumerate(data))
    expected = [Row(number * 2, row) for number, row in enumerate(data)]
    assert list(rows) == expected
    assert [rows[index] for index in range(len(rows))] == expected
    assert rows[1:] == expected[1:]


def test_an_index_behind_the_last_row_is_refused() -> None:
    rows = PackedRows([(0, {"a": 1})])
    assert rows[-1] == rows[0]
    with pytest.raises(IndexError):
        rows[1]
