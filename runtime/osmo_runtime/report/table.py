"""The page's table: one column of plain values each, since a hundred thousand objects would be slow to read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from osmo_runtime.conversation import messages_of
from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Failed, Graded
from osmo_runtime.policies.base import text_of
from osmo_runtime.runs import Run
from osmo_runtime.statistics.gathering import Statistics

#: Characters of a prompt or a message that the table shows and searches.
_SHOWN = 120
OUTCOMES = ("graded", "failed", "skipped")


@dataclass(slots=True)
class Table:
    """Columns of equal length. ``pack`` is -1 for attempts whose conversation the page does not have."""

    row: list[int] = field(default_factory=list)
    repeat: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    reward: list[float | None] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    ms: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    prompt: list[str] = field(default_factory=list)
    other: list[float | None] = field(default_factory=list)
    pack: list[int] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)

    def add(self, entry: Entry, other: float | None) -> None:
        outcome = entry.outcome
        failed = isinstance(outcome, Failed)
        reward = None if isinstance(outcome, Failed) else outcome.reward
        self.row.append(entry.attempt.row)
        self.repeat.append(entry.attempt.repeat)
        self.outcome.append(1 if failed else 2 if reward is None else 0)
        self.reward.append(reward)
        self.calls.append(entry.calls)
        self.tokens.append(entry.prompt_tokens + entry.completion_tokens)
        self.ms.append(round(entry.duration_ms))
        self.said.append(_line(f"{outcome.boundary.value}: {outcome.message}") if isinstance(outcome, Failed) else "")
        self.prompt.append("")
        self.other.append(other)
        self.pack.append(-1)
        self.inside.append(0)

    def put(self, place: int, pack: int, inside: int) -> None:
        self.pack[place], self.inside[place] = pack, inside

    def attempt(self, place: int) -> Attempt:
        return Attempt(self.row[place], self.repeat[place])

    def failed_first(self) -> list[int]:
        return sorted(range(len(self.row)), key=lambda place: self.outcome[place] != 1)

    def to_json(self) -> dict[str, list[Any]]:
        return {name: getattr(self, name) for name in self.__slots__}


def table_of(entries: Iterable[Entry], other: Statistics | None) -> Table:
    """Return the table in the order of rows; ``other`` is the run that this one is compared with."""
    table = Table()
    for entry in sorted(entries, key=lambda entry: entry.attempt):
        there = other.rows.get(entry.attempt.row) if other else None
        table.add(entry, there.mean if there else None)
    return table


def rewards_of(entries: Iterable[Entry]) -> list[float]:
    found = (entry.outcome.reward for entry in entries if isinstance(entry.outcome, Graded))
    return [reward for reward in found if reward is not None]


def conversation(run: Run, table: Table, place: int) -> dict[str, Any]:
    """Return what the page shows of one attempt, and put its prompt into the table."""
    trajectory = run.trajectory(table.attempt(place)) or {}
    messages = messages_of(trajectory)
    prompts = [text_of(message) for message in messages if message["role"] == "user"]
    table.prompt[place] = _line(prompts[0]) if prompts else ""
    about = trajectory.get("extra", {}).get("osmosis", {})
    kept = {key: about[key] for key in ("label", "sample_metrics", "request_metadata", "failure") if key in about}
    return {"messages": messages, **kept}


def _line(text: str) -> str:
    line = " ".join(text[: 4 * _SHOWN].split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
