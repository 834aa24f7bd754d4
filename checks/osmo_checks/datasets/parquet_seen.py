"""Shows the sound rows of Parquet files to what looks at all rows together, by column as they are stored."""

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, BinaryIO, Final

from osmo_checks.datasets.lazily import Lazily
from osmo_checks.datasets.observe import Batch
from osmo_checks.datasets.parquet_file import (
    UnreadableError,
    batches,
    is_number_or_boolean,
    is_text,
    open_parquet,
    values_of,
)
from osmo_checks.datasets.rules import LABEL, PROMPT, SYSTEM, ColumnRule

if TYPE_CHECKING:
    import pyarrow as pa

_NULL: Final = b"\0null"
_BETWEEN: Final = b"\0"


class SeenColumns:
    """Makes batches of rows from those of a file; ``rules`` say which columns are prompt and label."""

    def __init__(self, names: Sequence[str], rules: Sequence[ColumnRule]) -> None:
        self._names = names
        self._prompt = _sources(PROMPT, rules)
        self._label = _sources(LABEL, rules)
        self._system = _sources(SYSTEM, rules)

    def batch(self, columns: "pa.RecordBatch", before: int, unsound: Collection[int] = ()) -> Batch:
        """Return the rows of ``columns``, which come after ``before`` others, but for the ``unsound`` ones.

        All texts have to be UTF-8.
        """
        lines: Sequence[int] = range(before + 1, before + 1 + len(columns))
        rows = _contents(columns)
        texts = [self._texts(columns, sources) for sources in (self._prompt, self._label, self._system)]
        if not unsound:
            return Batch(lines, rows, *texts)
        kept = [row not in unsound for row in range(len(columns))]
        texts = [list(compress(values, kept)) for values in texts]
        return Batch(list(compress(lines, kept)), list(compress(rows, kept)), *texts)

    def read_again(self, stream: BinaryIO) -> Iterator[Batch]:
        """Yield all rows of a file that can be read."""
        before = 0
        try:
            for columns in batches(open_parquet(stream)):
                yield self.batch(columns, before)
                before += len(columns)
        except (UnreadableError, UnicodeDecodeError):
            return

    def _texts(self, columns: "pa.RecordBatch", sources: Sequence[str]) -> Sequence[str | None]:
        """Return the texts of the first source that has one in each row; nothing where no column has texts."""
        found = [columns.column(self._names.index(name)) for name in sources if name in self._names]
        texts = [column for column in found if is_text(column.type)]
        return Lazily(len(columns), partial(_first_texts, texts)) if texts else ()


def _sources(name: str, rules: Sequence[ColumnRule]) -> list[str]:
    return [source for rule in rules if rule.name == name for source in (rule.name, rule.alias) if source]


def _first_texts(columns: Sequence["pa.Array"]) -> list[str | None]:
    """Return the text of each row in the first of some columns that has one."""
    first, *others = map(values_of, columns)
    for other in others:
        first = [new if old is None else old for old, new in zip(first, other, strict=True)]
    return first


def _contents(columns: "pa.RecordBatch") -> list[bytes]:
    """Return all cells of each row in one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = [_binary(column) for column in columns.columns]
    between = pa.scalar(_BETWEEN, pa.large_binary())
    joined = pc.binary_join_element_wise(*cells, between, null_handling="replace", null_replacement=_NULL)
    contents: list[bytes] = joined.to_pylist()
    return contents


def _binary(column: "pa.Array") -> "pa.Array":
    import pyarrow as pa

    if is_text(column.type) or is_number_or_boolean(column.type):
        return column.cast(pa.large_string()).cast(pa.large_binary())
    return pa.array([repr(value).encode() for value in values_of(column)], pa.large_binary())
