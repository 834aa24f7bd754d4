"""Keeps the proof for a file's rows up with the shapes its clean rows turn out to have."""

from collections.abc import Sequence
from typing import Final

from osmo_checks.datasets.proof import Asked, Proof, Texts, never, tree_proof, typed_proof
from osmo_checks.datasets.row import RowChecker
from osmo_checks.datasets.rules import METADATA
from osmo_checks.datasets.scan import Node, scan
from osmo_checks.datasets.shapes import RowShape

#: Clean rows without proof, at most, before the proof is made again. It begins with one and grows with every time.
_MOST_MISSES: Final = 64


class Prover:
    """The proof for the rows of one file, which ``rows`` looks at closely where it fails."""

    def __init__(self, rows: RowChecker) -> None:
        self._rows = rows
        self._shape = RowShape()
        self._asked: Asked | None = None
        self._typed: Proof = never
        self._tree: Proof = never
        self._made = 0
        self._misses = 0
        self._is_behind = False

    def proves(self, block: bytes, lines: Sequence[bytes]) -> Texts | None:
        """Prove lines to be clean rows: return their prompts and labels, or ``None`` where it is not certain."""
        texts = self._typed(block, lines)
        if texts is None and len(lines) == 1 and (self._typed is never or b"{}" in block):
            return self._tree(block, lines)
        return texts

    def learn(self, root: Node) -> None:
        """Learn from a clean row that was not proved."""
        fields = self._rows.fields
        if fields is None or {member.key for member in root.members} != fields:
            return
        self._is_behind |= self._shape.learn(root) | self._learn_inner(root)
        self._misses += 1
        if self._is_behind and self._misses > min(self._made, _MOST_MISSES):
            self._make(fields)

    def _learn_inner(self, root: Node) -> bool:
        """Learn what is in metadata that is JSON in a text."""
        if self._rows.rules.metadata == "ignored":
            return False
        texts = [member.value.value for member in root.members if member.key == METADATA]
        inner = scan(texts[-1]).root if texts and isinstance(texts[-1], str) else None
        return inner is not None and self._shape.members[METADATA].learn_members(inner)

    def _make(self, fields: frozenset[str]) -> None:
        has_metadata = self._rows.rules.metadata != "ignored" and METADATA in fields
        asked = Asked(self._rows.columns, fields, self._rows.metadata.shape if has_metadata else None)
        self._typed = typed_proof(self._shape, asked)
        self._tree = tree_proof(self._shape, asked)
        self._made += 1
        self._misses = 0
        self._is_behind = False
