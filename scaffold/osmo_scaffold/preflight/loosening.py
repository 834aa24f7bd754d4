"""Which requirements keep a rollout's packages from being installed, and what to write instead of one of them."""

import re
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from osmo_scaffold.preflight import uv

#: Its version says which generation a rollout is written for: another one is no way out.
_SDK = "osmosis-ai"


@dataclass(frozen=True, slots=True)
class Declared:
    """A requirement as it is written in ``file`` (shown as ``shown``), on ``line``, 0 where it cannot be told."""

    text: str
    file: Path
    shown: str
    line: int

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    @property
    def place(self) -> str:
        return f"{self.shown}:{self.line}" if self.line else self.shown

    @property
    def loose(self) -> str | None:
        """The requirement for any version; ``None`` where it is that already, or should not be."""
        requirement = Requirement(self.text)
        if not self.line or not requirement.specifier or canonicalize_name(requirement.name) == _SDK:
            return None
        requirement.specifier = SpecifierSet()
        return str(requirement)


def named_in(said: str, texts: Sequence[str], file: Path, shown: str) -> list[Declared]:
    """Return which of the requirements ``texts`` are named where uv said why there is no answer."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = []
    for text in texts:
        name = re.escape(canonicalize_name(Requirement(text).name))
        if re.search(rf"(?<![\w.-]){name}(?![\w-])", said):
            line = next((number for number, line in enumerate(lines, 1) if f'"{text}"' in line), 0)
            found.append(Declared(text, file, shown, line))
    return found


def loosened(declared: Sequence[Declared], python: str, *, offline: bool) -> Iterator[tuple[Declared, str]]:
    """Yield each requirement without whose versions all can be installed, and the command that leaves them out.

    uv is asked once for each. Raises as ``uv.resolve`` does.
    """
    for one in declared:
        loose = one.loose
        if loose is not None and _resolves(one, loose, python, offline=offline):
            swap = f"s{{\\Q{one.text}\\E}}{{{loose}}}"
            yield one, f"perl -pi -e {shlex.quote(swap)} {shlex.quote(one.shown)}"


def _resolves(one: Declared, loose: str, python: str, *, offline: bool) -> bool:
    content = one.file.read_text(encoding="utf-8").replace(f'"{one.text}"', f'"{loose}"')
    with tempfile.TemporaryDirectory(prefix="osmo-scaffold-preflight-") as folder:
        Path(folder, one.file.name).write_text(content, encoding="utf-8")
        return uv.resolve(Path(folder), python, [], offline=offline).returncode == 0
