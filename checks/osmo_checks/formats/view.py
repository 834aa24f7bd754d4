"""What a format gets beside the findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osmo_checks.credentials import masked

#: Returns the lines of a path that findings name, or ``None`` where they are not at hand.
Sources = Callable[[str], Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class View:
    summary: Mapping[str, Any]
    sources: Sources
    colour: bool = False
    _shown: dict[str, Sequence[str]] = field(default_factory=dict, compare=False)

    def line(self, path: str, row: int) -> str | None:
        """Return a line to be shown, its secrets masked; ``None`` where there is none."""
        if path not in self._shown:
            # Of a private key, a line alone would not be known as one.
            lines = self.sources(path)
            self._shown[path] = masked("\n".join(lines)).split("\n") if lines else ()
        lines = self._shown[path]
        return lines[row - 1] if row <= len(lines) else None
