"""Finds the rows of a column that need a close look, without making a Python value of any cell.

What is not suspected is certain to be clean; what is suspected may be. The rows are indices from 0, some twice.
"""

from typing import TYPE_CHECKING

from osmo_checks.datasets.parquet_file import is_list, is_text, plain_column
from osmo_checks.datasets.scan import INT64_MAX

if TYPE_CHECKING:
    import pyarrow as pa


def suspects(column: "pa.Array", *, is_needed_text: bool = False) -> list[int]:
    """Return the rows of ``column`` whose values are suspicious; for a prompt or label also what is no full text.

    The column has to be valid: ``column.validate(full=True)`` raised nothing.
    """
    import pyarrow as pa

    kind = column.type
    if is_text(kind):
        plain = plain_column(column)
        return [*_with_nul(plain), *(_without_text(plain) if is_needed_text else ())]
    if is_needed_text or pa.types.is_map(kind) or pa.types.is_dictionary(kind):
        return list(range(len(column)))
    if pa.types.is_struct(kind):
        return [row for part in column.flatten() for row in suspects(part)]
    return _in_lists(column) if is_list(kind) else _numbers(column)


def _in_lists(column: "pa.Array") -> list[int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    below = suspects(pc.list_flatten(column))
    if not below:
        return []
    rows: list[int] = pc.list_parent_indices(column).take(pa.array(below, pa.int64())).to_pylist()
    return rows


def _numbers(column: "pa.Array") -> list[int]:
    """Return the rows with numbers that are not finite, or do not fit in 64 bits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        return _where(pc.invert(pc.is_finite(_double(column))))
    if pa.types.is_uint64(column.type):
        return _where(pc.greater(column, pa.scalar(INT64_MAX, pa.uint64())))
    return []


def nulls(column: "pa.Array") -> list[int]:
    """Return the rows of ``column`` that are null."""
    return _where(column.is_null()) if column.null_count else []


def _without_text(column: "pa.Array") -> list[int]:
    """Return the rows that are null, empty or white space."""
    import pyarrow.compute as pc

    rows = nulls(column)
    if pc.any(pc.equal(pc.binary_length(column), 0)).as_py():
        rows += _where(pc.equal(pc.binary_length(column), 0))
    if pc.any(pc.utf8_is_space(column)).as_py():
        rows += _where(pc.utf8_is_space(column))
    return rows


def _with_nul(column: "pa.Array") -> list[int]:
    import pyarrow.compute as pc

    content = column.buffers()[2]
    if content is None or b"\0" not in content.to_pybytes():
        return []
    return _where(pc.match_substring(column, "\0"))


def _double(column: "pa.Array") -> "pa.Array":
    import pyarrow as pa

    return column.cast(pa.float32()) if pa.types.is_float16(column.type) else column


def _where(mask: "pa.Array") -> list[int]:
    import pyarrow.compute as pc

    rows: list[int] = pc.indices_nonzero(pc.fill_null(mask, fill_value=False)).to_pylist()
    return rows
