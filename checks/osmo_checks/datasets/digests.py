"""Which of many rows are equal, in four bytes a row.

A row's hash has 64 bits. Twelve of them choose one of 4,096 arrays and 32 are kept there, so that 17 million rows
(5 GB of usual ones) take 68 MB; a set of them would take over a gigabyte. Rows that share those 44 bits are almost
certainly equal; who reports them reads them again to be sure.
"""

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import islice
from typing import Final

_BUCKETS: Final = 4_096
#: What is left of a signed hash of 64 bits is a number from -2,048 to 2,047: an index into the list of arrays.
_SHIFT: Final = 52
_KEPT: Final = 0xFFFFFFFF

#: The 44 bits of a hash that are kept.
Digest = int


class Digests:
    """The digests of the rows of a file, with repetitions."""

    def __init__(self) -> None:
        self.buckets = [array("I") for _ in range(_BUCKETS)]
        self._appends = [bucket.append for bucket in self.buckets]

    def add(self, rows: Iterable[Hashable]) -> None:
        appends = self._appends
        for value in map(hash, rows):
            appends[value >> _SHIFT](value & _KEPT)

    def merge(self, other: "Digests") -> None:
        """Take in what another has, made in a process with the same hash seed."""
        for mine, its in zip(self.buckets, other.buckets, strict=True):
            mine.extend(its)

    def repeated(self) -> int:
        """Return how many rows have the digest of an earlier one."""
        return sum(len(bucket) - len(set(bucket)) for bucket in self.buckets)

    def some_repeated(self, most: int) -> set[Digest]:
        """Return the digests that come more than once, ``most`` of them at most."""
        found = (
            top << 32 | kept
            for top, bucket in enumerate(self.buckets)
            if len(bucket) != len(set(bucket))
            for kept, times in Counter(bucket).items()
            if times > 1
        )
        return set(islice(found, most))

    def shared_with(self, other: "Digests") -> int:
        """Return how many rows have a digest that ``other`` has too."""
        return sum(sum(map(set(its).__contains__, mine)) for mine, its in zip(self.buckets, other.buckets, strict=True))

    def some_shared_with(self, other: "Digests", most: int) -> set[Digest]:
        """Return digests that both have, ``most`` of them at most."""
        pairs = enumerate(zip(self.buckets, other.buckets, strict=True))
        found = (top << 32 | kept for top, (mine, its) in pairs for kept in set(mine).intersection(its))
        return set(islice(found, most))


def digest_of(row: Hashable) -> Digest:
    """Return what ``Digests`` keeps of a row."""
    value = hash(row)
    return (value >> _SHIFT & _BUCKETS - 1) << 32 | value & _KEPT
